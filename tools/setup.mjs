/**
 * Brings a fresh clone to where every command works: the dependencies of the lockfile, and the built package.
 * Plain JavaScript, since it runs on whatever Node there is: the `node` package among the dependencies brings the
 * current one that everything after this runs on.
 */

import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
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
run("npm", ["run", "--silent", "build"], "the package cannot be built");

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
