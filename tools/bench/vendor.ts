import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * The folder that holds the vendor's SDK for Node.js, with a lockfile of its own. Nothing but the bench ever needs it.
 * Its package.json names `uuid` too, which the SDK requires without declaring it.
 */
export const vendorFolder = fileURLToPath(new URL("vendor", import.meta.url));

/** Installs the vendor's SDK where it is missing or older than the lockfile. @throws Error when npm cannot. */
export function installVendor(): void {
  if (modified("node_modules/.package-lock.json") >= modified("package-lock.json")) return;
  const { status, error } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: vendorFolder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (status !== 0)
    throw new Error(
      `the vendor's SDK could not be installed${error === undefined ? "" : ` (${error.message})`}`,
    );
}

/** Loads a module of the vendor's SDK. */
export const requireVendor = createRequire(`${vendorFolder}/package.json`);

function modified(file: string): number {
  return statSync(`${vendorFolder}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
