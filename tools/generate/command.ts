/**
 * The command behind `npm run generate`: writes what is made from the schemas, the settings and the error codes. A test
 * makes it too, and finds nothing to change.
 */

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { lookUpTypes } from "./lookUpTypes.ts";
import { pluginSchema } from "./pluginSchema.ts";
import { programTypes } from "./programTypes.ts";
import { providerTypes } from "./providerTypes.ts";
import {
  argumentsTable,
  codesTable,
  inputsTable,
  outputsTable,
  replaceSection,
  resultTable,
  settingsTable,
} from "./tables.ts";

/** The generated sections of the documentation, by page and name. */
const tables: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "docs/inputs-and-outputs.md": { inputs: inputsTable, outputs: outputsTable },
  "docs/installation-configuration.md": { settings: settingsTable },
  "docs/looking-up.md": { arguments: argumentsTable, result: resultTable },
  "docs/troubleshooting.md": { codes: codesTable },
};

/** Every file that is generated, by its path from the repository's root, with the text that it should have. */
export function generate(): Record<string, string> {
  const pages = Object.entries(tables).map(([page, sections]) => [page, withSections(page, sections)]);
  return {
    "sdk/args.ts": programTypes(),
    "sdk/getNodePoolArgs.ts": lookUpTypes(),
    "sdk/providerArgs.ts": providerTypes(),
    "provider/plugin/schema.json": `${JSON.stringify(pluginSchema(), undefined, 2)}\n`,
    ...Object.fromEntries(pages),
  };
}

function withSections(page: string, sections: Readonly<Record<string, () => string>>): string {
  return Object.entries(sections).reduce(
    (text, [name, table]) => replaceSection(text, name, table()),
    readFileSync(pathOf(page), "utf8"),
  );
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../../${file}`, import.meta.url));
}

if (import.meta.main) {
  for (const [file, text] of Object.entries(generate())) writeFileSync(pathOf(file), text);
}
