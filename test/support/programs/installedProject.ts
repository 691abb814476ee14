import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../root.ts";

/** The package's name, as its users write it. */
export const packageName = "pulumi-cce-nodepool-sync";

/** The package as it would be published. */
export interface Tarball {
  readonly path: string;
  /** Bytes of the tarball. */
  readonly size: number;
  /** Bytes of its files. */
  readonly unpackedSize: number;
  /** Paths of its files. */
  readonly files: readonly string[];
}

/** How a project's dependencies are installed. */
export type Manager = "npm" | "pnpm";

/** A Pulumi project of a user, in a temporary folder. */
export interface Project {
  readonly dir: string;
  /** Puts one of the folders of programs/ in place of the program that is there; what is installed stays. */
  write(program: string): Promise<void>;
  /** Installs the tarball and what the program needs, from nothing. */
  install(manager: Manager, dependencies?: Record<string, string>): Promise<void>;
  /** Copies an example and installs what its own package.json asks for, with the tarball as what the registry has. */
  copyExample(name: string): Promise<void>;
  /** Runs an ES module's text with the project as working folder and returns what it prints, read as JSON. */
  evaluate(code: string): Promise<unknown>;
}

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "package-"));
process.once("exit", () => rmSync(folder, { recursive: true, force: true }));

/** What Pulumi's templates for TypeScript ask for, and the SDK in the version that this repository has. */
const templateDependencies = { "@pulumi/pulumi": "^3.270.0", typescript: "^5.0.0", "@types/node": "^22" };

const installations: Record<Manager, readonly [command: string, ...args: string[]]> = {
  npm: ["npm", "install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"],
  pnpm: [
    join(root, "node_modules/.bin/pnpm"),
    ...["install", "--prefer-offline", "--store-dir", join(folder, "pnpm-store")],
  ],
};

let tarball: Promise<Tarball> | undefined;

/** Packs the package, once for all tests. */
export function pack(): Promise<Tarball> {
  tarball ??= packIt();
  return tarball;
}

async function packIt(): Promise<Tarball> {
  // The package was built before the tests: building it anew would take it away from those that run beside this one.
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", folder];
  const { stdout } = await run("npm", args, { cwd: root });
  const [packed] = JSON.parse(stdout);
  return {
    path: join(folder, packed.filename),
    size: packed.size,
    unpackedSize: packed.unpackedSize,
    files: packed.files.map(({ path }: { path: string }) => path),
  };
}

/** Makes an empty project. It is removed when the tests end. */
export async function makeProject(name: string): Promise<Project> {
  const dir = join(folder, name);
  await mkdir(dir);
  const manifest = join(dir, "package.json");
  let dependencies: Record<string, string> = {};
  return {
    dir,
    async write(program) {
      await empty(dir, ["node_modules", "package-lock.json", "pnpm-lock.yaml"]);
      await cp(join(root, "test/fixtures/installed", program), dir, { recursive: true });
      const own = JSON.parse(await readFile(manifest, "utf8"));
      await writeFile(manifest, JSON.stringify({ ...own, dependencies }));
    },
    async install(manager, more = {}) {
      const { path } = await pack();
      dependencies = { ...templateDependencies, [packageName]: `file:${path}`, ...more };
      await empty(dir, []);
      await writeFile(manifest, JSON.stringify({ name: "installed", private: true, dependencies }));
      const [command, ...args] = installations[manager];
      await run(command, args, { cwd: dir });
    },
    async copyExample(name) {
      await cp(join(root, "examples", name), dir, { recursive: true });
      const own = JSON.parse(await readFile(manifest, "utf8"));
      assert.ok(packageName in own.dependencies);
      own.dependencies[packageName] = `file:${(await pack()).path}`;
      await writeFile(manifest, JSON.stringify(own));
      const [command, ...args] = installations.npm;
      await run(command, args, { cwd: dir });
    },
    async evaluate(code) {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", code], { cwd: dir });
      return JSON.parse(stdout);
    },
  };
}

async function empty(dir: string, kept: readonly string[]): Promise<void> {
  const found = await readdir(dir);
  const goes = found.filter((name) => !kept.includes(name));
  await Promise.all(goes.map((name) => rm(join(dir, name), { recursive: true })));
}
