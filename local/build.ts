/**
 * Builds the package into dist: for each of its doors the JavaScript with the libraries inside, as far as they are
 * used, and the types in one file. Read from their own packages, these libraries are four times as many files as ours,
 * and most of the time that the provider takes to start. Kept outside are Pulumi's SDK, which the program shares, and
 * the HTTP client, which is loaded when the first request is sent.
 */

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type OutputOptions, type RolldownOutput, type RolldownPluginOption, rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/** Where a door's code is, and what Node is to take it for. */
interface Door {
  readonly folder: string;
  readonly format: "esm" | "cjs";
}

const doors: readonly Door[] = [
  { folder: "sdk", format: "esm" },
  { folder: "local/cce", format: "esm" },
  // Pulumi's dynamic-provider process requires it, and as CommonJS it loads faster. No program imports it.
  { folder: "provider", format: "cjs" },
];

async function buildCode({ folder, format }: Door): Promise<RolldownOutput> {
  const names = `[name].${format === "esm" ? "js" : "cjs"}`;
  return write(folder, [], {
    format,
    entryFileNames: names,
    chunkFileNames: names,
    codeSplitting: {
      groups: [
        { name: "libraries", test: /node_modules/ },
        { name: "common", minShareCount: 2 },
      ],
    },
  });
}

async function buildTypes({ folder }: Door): Promise<void> {
  await write(folder, [dts({ emitDtsOnly: true })], { format: "esm" });
}

async function write(
  folder: string,
  plugins: RolldownPluginOption,
  output: OutputOptions,
): Promise<RolldownOutput> {
  const input = { index: `${folder}/index.ts` };
  const bundle = await rolldown({ cwd: root, input, external, plugins, platform: "node", logLevel: "warn" });
  return bundle.write({ dir: join(root, "dist", folder), ...output });
}

/** The packages that are built in, in part or whole. */
function packagesIn({ output }: RolldownOutput): string[] {
  const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
  return modules.flatMap((module) => /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1] ?? []);
}

/** A package's licence, which has to go where its code goes. @throws Error when it has none. */
function licenceOf(name: string): string {
  const folder = join(root, "node_modules", name);
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  if (file === undefined) throw new Error(`${name} is to be built in, and has no licence`);
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const built: RolldownOutput[] = [];
for (const door of doors) {
  built.push(await buildCode(door));
  if (door.format === "esm") await buildTypes(door);
}
const licences = [...new Set(built.flatMap(packagesIn))].sort().map(licenceOf);
writeFileSync(join(root, "dist/third-party-licenses.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
