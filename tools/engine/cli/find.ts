import { execFile } from "node:child_process";
import { access, constants, mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import type { Engine } from "../types.ts";
import { CliStack } from "./stack.ts";

const EXECUTABLE = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/**
 * Finds a Pulumi CLI: on PATH, or among the versions that the npm package `pulumi` and the Automation API
 * download to $PULUMI_HOME/versions (default ~/.pulumi), newest first. The script that the npm package puts on
 * PATH does not count, since it would download a CLI when it runs. Undefined when there is none.
 */
export async function findCli(): Promise<Engine | undefined> {
  for (const path of await candidates()) {
    const version = await versionOf(path);
    if (version === undefined) continue;
    return {
      name: `Pulumi CLI ${version}`,
      kind: "cli",
      openStack: (options) => CliStack.open(path, options),
    };
  }
  return undefined;
}

async function candidates(): Promise<string[]> {
  const onPath = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const versions = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions");
  const cached = await readdir(versions).catch(() => []);
  cached.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [
    ...onPath.map((folder) => join(folder, EXECUTABLE)),
    ...cached.map((version) => join(versions, version, "bin", EXECUTABLE)),
  ];
}

/** What the executable says its version is, or undefined when it is none or is a script for Node.js. */
async function versionOf(path: string): Promise<string | undefined> {
  if (!(await isProgram(path))) return undefined;
  // Every command of the CLI writes a log below its home, which must not be the user's.
  const home = await mkdtemp(join(tmpdir(), "pulumi-version-"));
  try {
    const env = { ...process.env, PULUMI_HOME: home, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const { stdout } = await promisify(execFile)(path, ["version"], { env });
    return stdout.trim();
  } catch {
    return undefined;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    if (!(await stat(path)).isFile()) return false;
  } catch {
    return false;
  }
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return bytesRead > 0 && !/^#!.*\bnode\b/.test(buffer.toString("latin1"));
  } finally {
    await file.close();
  }
}
