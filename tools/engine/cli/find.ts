import { access, constants, open, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Engine } from "../types.ts";

const EXECUTABLE = process.platform === "win32" ? "pulumi.exe" : "pulumi";

/**
 * Finds a Pulumi CLI: in a folder `bin` on PATH, or among the versions that the npm package `pulumi` and the Automation
 * API download to $PULUMI_HOME/versions (default ~/.pulumi), newest first. The script that the npm package puts on PATH
 * does not count, since it would download a CLI when it runs. Undefined when there is none.
 */
export async function findCli(): Promise<Engine | undefined> {
  for (const folder of await candidates()) {
    if (!(await isProgram(join(folder, EXECUTABLE)))) continue;
    // Loaded where there is a CLI only: the Automation API takes longer to load than the embedded engine to start.
    const { openCli } = await import("./stack.ts");
    const engine = await openCli(dirname(folder)).catch(() => undefined);
    if (engine !== undefined) return engine;
  }
  return undefined;
}

/** Folders named `bin`: only the folder above one can be handed to the Automation API. */
async function candidates(): Promise<string[]> {
  const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => folder.replace(/[\\/]+$/, ""));
  const versions = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "versions");
  const cached = await readdir(versions).catch(() => []);
  cached.sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  return [
    ...onPath.filter((folder) => /[\\/]bin$/.test(folder)),
    ...cached.map((version) => join(versions, version, "bin")),
  ];
}

/** Whether a file is there that can be run and is no script for Node.js. */
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
