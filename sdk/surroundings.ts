import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { RunError, runtime } from "@pulumi/pulumi";

/**
 * What a program needs around it for the resource to work: without it, Pulumi would do nothing at all, or fail in its
 * own process with a stack trace.
 */

const packageName = "pulumi-cce-nodepool-sync";
/** The oldest version of Pulumi's SDK for Node.js that works; package.json asks for the same. */
const oldestSdk = [3, 142] as const;

/** Pulumi starts its provider process in the folder in which it has started the program. */
const programFolder = process.cwd();
let isChecked = false;

/**
 * Checks once in a process what surrounds the program.
 * @throws RunError, which Pulumi shows without a stack trace, with what to do.
 */
export function checkSurroundings(): void {
  if (isChecked) return;
  const host = /^(.*)[\\/]cmd[\\/]run(?:[\\/]|$)/.exec(process.argv[1] ?? "")?.[1];
  if (host === undefined) checkInlineProgram();
  else checkHostedProgram(host);
  isChecked = true;
}

/** @param host folder of the copy of Pulumi's SDK that runs the program. */
function checkHostedProgram(host: string): void {
  const version = versionIn(host);
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  // An older one has a provider process that does not hand over the stack's configuration.
  if (version !== undefined && (major !== oldestSdk[0] || minor < oldestSdk[1]))
    throw new RunError(`${otherCopy(host)}. ${remedy}`);
  const places = [join(programFolder, "_"), process.argv[1] ?? ""];
  if (places.some((place) => resolves(place, `${packageName}/provider`))) return;
  throw new RunError(
    `${packageName} is not found from ${programFolder}, where Pulumi starts its provider. Add it to the dependencies in the package.json of the program, also when another package brings it, and install it there.`,
  );
}

/**
 * A program that runs inside its own process (Automation API, mocks of unit tests) is connected to the copy of Pulumi's
 * SDK that it uses. To another copy nothing is connected, and what is registered with it is lost without a word.
 */
function checkInlineProgram(): void {
  if (runtime.getMonitor() !== undefined) return;
  const other = loadedCopies().find((folder) => folder !== ownCopy());
  if (other !== undefined) throw new RunError(`${otherCopy(other)}, so nothing would be deployed. ${remedy}`);
}

const remedy = `Install @pulumi/pulumi ${oldestSdk.join(".")} or newer in the program's folder, once for all packages: \`npm install @pulumi/pulumi@latest\`, then \`npm dedupe\`.`;

function otherCopy(folder: string): string {
  return `the program uses @pulumi/pulumi ${versionIn(folder)} in ${folder}, and ${packageName} another copy, ${versionIn(ownCopy())} in ${ownCopy()}`;
}

/** The folders of the copies of Pulumi's SDK that this process has loaded. */
function loadedCopies(): string[] {
  const files = Object.keys(createRequire(import.meta.url).cache);
  return files.flatMap(
    (file) => /^(.*@pulumi[\\/]pulumi)[\\/]runtime[\\/]settings\.js$/.exec(file)?.[1] ?? [],
  );
}

function ownCopy(): string {
  return dirname(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
}

/** The version of Pulumi's SDK in the folder; undefined where something else is. */
function versionIn(folder: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return name === "@pulumi/pulumi" ? version : undefined;
  } catch {
    return undefined;
  }
}

function resolves(from: string, name: string): boolean {
  try {
    createRequire(from).resolve(name);
    return true;
  } catch {
    return false;
  }
}
