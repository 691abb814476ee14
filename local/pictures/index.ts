/** Draws the pictures of the documentation anew: `npm run pictures`. */

import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { drawHouse } from "./house.ts";
import { drawLife } from "./life.ts";
import { recordUp } from "./recording.ts";
import { drawTerminal } from "./terminal.ts";

const folder = fileURLToPath(new URL("../../docs/pictures", import.meta.url));
const pictures = {
  "house.svg": drawHouse(),
  "life-of-a-sync.svg": drawLife(),
  "up.svg": drawTerminal(await recordUp()),
};

await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(pictures)) await writeFile(`${folder}/${name}`, text);
process.stdout.write(`drew ${Object.keys(pictures).join(", ")}\n`);
