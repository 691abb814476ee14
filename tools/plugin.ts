/**
 * Packs the built plugin: `node tools/plugin.ts pack <folder>` writes the tarballs of a release, from which the Pulumi CLI
 * downloads; `node tools/plugin.ts install` gives the plugin to the Pulumi CLI of this machine.
 */

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pluginName } from "../provider/plugin/settings.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const binary = `pulumi-resource-${pluginName}`;

/** The platforms by which the Pulumi CLI names what it downloads. The file is the same for all of them. */
export const platforms = ["darwin", "linux", "windows"].flatMap((system) =>
  ["amd64", "arm64"].map((architecture) => `${system}-${architecture}`),
);

/**
 * Writes a tarball for each platform.
 * @returns their paths.
 */
export function packPlugin(folder: string): string[] {
  mkdirSync(folder, { recursive: true });
  return platforms.map((platform) => {
    const file = join(resolve(folder), `${binary}-v${version}-${platform}.tar.gz`);
    // Windows runs no file without an extension.
    const launcher = platform.startsWith("windows") ? [`${binary}.cmd`] : [];
    withContents([binary, ...launcher], (contents, names) =>
      execFileSync("tar", ["-czf", file, "-C", contents, ...names]),
    );
    return file;
  });
}

function withContents(built: readonly string[], use: (folder: string, names: string[]) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  try {
    for (const name of built) copyFileSync(join(root, "dist/plugin", name), join(folder, name));
    copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
    const licences = "third-party-licenses.txt";
    copyFileSync(join(root, "dist", licences), join(folder, licences));
    use(folder, [...built, "LICENSE", licences]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function install(): void {
  const folder = mkdtempSync(join(tmpdir(), "plugin-"));
  try {
    const [tarball = ""] = packPlugin(folder);
    const args = ["plugin", "install", "resource", pluginName, version, "--reinstall", "--file", tarball];
    execFileSync("pulumi", args, { stdio: "inherit" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    process.stderr.write("there is no Pulumi CLI on PATH: install it, then run this command again\n");
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (import.meta.main) {
  const [command, folder] = process.argv.slice(2);
  if (command === "install") install();
  else if (command === "pack" && folder !== undefined) packPlugin(folder);
  else {
    process.stderr.write("usage: node tools/plugin.ts install | pack <folder>\n");
    process.exitCode = 1;
  }
}
