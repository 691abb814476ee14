/**
 * Builds the package into dist: for each of its doors the JavaScript with the libraries inside, as far as they are
 * used, and the types in one file. Read from their own packages, these libraries are four times as many files as ours,
 * and most of the time that the provider takes to start. Kept outside are Pulumi's SDK, which the program shares, and
 * the HTTP client, which is loaded when the first request is sent.
 */

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateDtsBundle } from "dts-bundle-generator";
import { build, type RolldownOutput } from "rolldown";

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
  { folder: "emulator", format: "esm" },
  // Pulumi's dynamic-provider process requires it, and as CommonJS it loads faster. No program imports it.
  { folder: "provider", format: "cjs" },
];

function buildCode({ folder, format }: Door): Promise<RolldownOutput> {
  const names = `[name].${format === "esm" ? "js" : "cjs"}`;
  return build({
    cwd: root,
    input: { index: `${folder}/index.ts` },
    external,
    platform: "node",
    logLevel: "warn",
    output: {
      dir: join(root, "dist", folder),
      format,
      entryFileNames: names,
      chunkFileNames: names,
      codeSplitting: {
        groups: [
          { name: "libraries", test: /node_modules/ },
          { name: "common", minShareCount: 2 },
        ],
      },
    },
  });
}

function buildTypes(folders: readonly string[]): void {
  const entries = folders.map((folder) => ({
    filePath: join(root, folder, "index.ts"),
    libraries: { importedLibraries: Object.keys(dependencies) },
    output: { noBanner: true, exportReferencedTypes: false },
  }));
  const options = { preferredConfigPath: join(root, "tsconfig.json") };
  const texts = generateDtsBundle(entries, options);
  for (const [index, folder] of folders.entries())
    writeFileSync(join(root, "dist", folder, "index.d.ts"), texts[index] ?? "");
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
const built = await Promise.all(doors.map(buildCode));
buildTypes(doors.filter(({ format }) => format === "esm").map(({ folder }) => folder));
const licences = [...new Set(built.flatMap(packagesIn))].sort().map(licenceOf);
writeFileSync(join(root, "dist/third-party-licenses.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
