/**
 * Brings a clone to where every command works: the dependencies of the lockfile, and the package, built from the sources
 * as they are.
 * Plain JavaScript, since it runs on whatever Node there is: the `node` package among the dependencies brings the
 * current one that everything after this runs on.
 */

import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const oldestNode = 20;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  fail(`Node ${oldestNode} or newer is needed to set things up, and this is Node ${process.versions.node}`);
}
if (modified("node_modules/.package-lock.json") < modified("package-lock.json")) {
  run(
    "npm",
    ["ci", "--no-fund", "--no-audit", "--loglevel=error"],
    "the dependencies could not be installed",
  );
}
// Only where something has changed since: other commands of this clone may be running from what is built.
if (modified("dist") < Math.max(...sources().map(modified)))
  run("npm", ["run", "--silent", "build"], "the package cannot be built");

/** Everything that the built package is made of, folders included: they change when a file of theirs goes away. */
function sources() {
  const folders = ["provider", "sdk", "emulator"];
  const files = folders.flatMap((folder) =>
    readdirSync(`${root}/${folder}`, { recursive: true }).map((file) => `${folder}/${file}`),
  );
  return [...folders, ...files, "tools/build.ts", "package.json", "node_modules/.package-lock.json"];
}

function modified(file) {
  return statSync(`${root}/${file}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function run(command, args, trouble) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  if (status !== 0) fail(`${trouble}${error === undefined ? "" : ` (${error.message})`}`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
