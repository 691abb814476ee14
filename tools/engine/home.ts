/**
 * How a home folder of stacks is laid out: as the CLI's file backend would have it, so that both engines can open it.
 * Stacks of several projects may live in one home, and refer to each other there.
 */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LOCAL_PASSPHRASE, type StackOptions } from "./types.ts";

/** The stack that is opened when none is named. */
export const DEFAULT_STACK = "dev";

/** The state of a stack, in the place where the CLI's file backend keeps it. */
export function stateFilePath(home: string, project: string, stack: string): string {
  return join(home, ".pulumi", "stacks", project, `${stack}.json`);
}

/** What belongs to one project of the home, whose stacks may have the names of another project's. */
export function projectFolder(home: string, project: string): string {
  return join(home, "projects", project);
}

/** The config of a stack. */
export function configFilePath(home: string, project: string, stack: string): string {
  return join(projectFolder(home, project), `Pulumi.${stack}.yaml`);
}

/** The passphrase that protects the secrets of the stack that is opened. */
export function passphraseOf(options: StackOptions): string {
  const name = "PULUMI_CONFIG_PASSPHRASE";
  return options.environment?.[name] ?? process.env[name] ?? LOCAL_PASSPHRASE;
}

/** Every file below a folder, as absolute paths. */
export async function filesBelow(home: string): Promise<string[]> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => resolve(entry.parentPath, entry.name));
}
