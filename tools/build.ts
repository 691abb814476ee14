/**
 * Builds the package into dist: for each of its entry points the JavaScript with the libraries inside, as far as they are
 * used, and the types in one file; and the plugin as one file that needs nothing but Node. Read from their own packages,
 * these libraries are four times as many files as ours, and most of the time that the provider takes to start. Kept
 * outside are Pulumi's SDK, which the program shares, and the HTTP client, which is loaded when the first request is
 * sent.
 */

import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateDtsBundle } from "dts-bundle-generator";
import { build, type Plugin, type RolldownOutput } from "rolldown";

const root = fileURLToPath(new URL("..", import.meta.url));
const begun = new Date();
/** Built beside dist and put in its place at the end: what runs from dist meanwhile finds all of its files. */
const out = join(root, `dist.${process.pid}`);
const { dependencies, engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const external = Object.keys(dependencies).map((name) => new RegExp(`^${name}(/|$)`));

/** Where the code of an entry point is, and in which module format Node loads it. */
interface EntryPoint {
  readonly folder: string;
  readonly format: "esm" | "cjs";
  /** What may be loaded from it, besides its index. */
  readonly others?: Readonly<Record<string, string>>;
}

const entryPoints: readonly EntryPoint[] = [
  { folder: "sdk", format: "esm" },
  { folder: "emulator", format: "esm" },
  // Pulumi's dynamic-provider process requires it, and as CommonJS it loads faster. No program imports it.
  { folder: "provider", format: "cjs", others: { getNodePool: "provider/engine/getNodePool.ts" } },
];

/** What a program loads of the provider only when it needs it is that of the provider's entry point, and not a second copy. */
const fromProvider: Plugin = {
  name: "from-provider",
  resolveDynamicImport: (id) =>
    id === "../provider/engine/getNodePool.ts"
      ? { id: "../provider/getNodePool.cjs", external: "relative" }
      : null,
};

function buildCode({ folder, format, others }: EntryPoint): Promise<RolldownOutput> {
  const names = `[name].${format === "esm" ? "js" : "cjs"}`;
  return build({
    cwd: root,
    input: { index: `${folder}/index.ts`, ...others },
    external,
    platform: "node",
    logLevel: "warn",
    plugins: [fromProvider],
    output: {
      dir: join(out, folder),
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

const pluginName = "pulumi-resource-cce-nodepool-sync";

/**
 * What every Node that may be on a user's PATH understands: the first lines say which one is needed. A function of their
 * own keeps their names apart from those of the code, which the minifier would take for the same.
 */
const pluginHead = `#!/usr/bin/env node
(function () {
  var needed = ${JSON.stringify(engines.node.replace(">=", "").split(".").map(Number))}, found = process.versions.node.split(".");
  if (+found[0] < needed[0] || (+found[0] === needed[0] && +found[1] < needed[1])) {
    process.stderr.write("${pluginName} needs Node " + needed.join(".") + " or newer, and this is Node " + process.versions.node + ": put a current version of Node on PATH\\n");
    process.exit(1);
  }
})();`;

/**
 * The gRPC library reads definitions from files for two services of its own, which the plugin does not offer, by 13
 * packages that nothing else needs.
 */
const withoutProtoLoader: Plugin = {
  name: "without-proto-loader",
  resolveId: (id) => (id === "@grpc/proto-loader" ? "\0none" : null),
  load: (id) => (id === "\0none" ? "export {};" : null),
};

/** The plugin, which the engine runs as a program: one file, the same for every platform. */
async function buildPlugin(): Promise<RolldownOutput> {
  const dir = join(out, "plugin");
  const built = await build({
    cwd: root,
    input: { [pluginName]: "provider/plugin/index.ts" },
    platform: "node",
    logLevel: "warn",
    transform: { target: "es2020" },
    plugins: [withoutProtoLoader],
    output: {
      dir,
      format: "cjs",
      banner: pluginHead,
      entryFileNames: "[name]",
      minify: true,
      codeSplitting: false,
    },
  });
  chmodSync(join(dir, pluginName), 0o755);
  writeFileSync(join(dir, `${pluginName}.cmd`), `@node "%~dp0${pluginName}" %*\r\n`);
  // A file without an extension would be an ES module here, as the package is.
  writeFileSync(join(dir, "package.json"), '{ "type": "commonjs" }\n');
  return built;
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
    writeFileSync(join(out, folder, "index.d.ts"), texts[index] ?? "");
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

/** Puts what was built in the place of what is there. */
function replaceDist(): void {
  const [dist, old] = [join(root, "dist"), `${out}.old`];
  // The time by which the set-up decides whether a source is newer.
  utimesSync(out, begun, begun);
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(out, dist);
  rmSync(old, { recursive: true, force: true });
}

try {
  const built = await Promise.all([...entryPoints.map(buildCode), buildPlugin()]);
  buildTypes(entryPoints.filter(({ format }) => format === "esm").map(({ folder }) => folder));
  const licences = [...new Set(built.flatMap(packagesIn))].sort().map(licenceOf);
  writeFileSync(join(out, "third-party-licenses.txt"), licences.join(`\n${"-".repeat(80)}\n\n`));
  replaceDist();
} finally {
  rmSync(out, { recursive: true, force: true });
}
