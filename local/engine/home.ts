/** How a stack's home folder is laid out: as the CLI's file backend would have it, so that both engines can open it. */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Deployment, LOCAL_PASSPHRASE, type StackOptions } from "./types.ts";

/** The stack that is opened when none is named. */
export const DEFAULT_STACK = "dev";

/** The type of the resource that stands for the stack itself and holds its outputs. */
export const ROOT_STACK_TYPE = "pulumi:pulumi:Stack";

export function stateFilePath(home: string, project: string, stack: string): string {
  return join(home, ".pulumi", "stacks", project, `${stack}.json`);
}

export function configFilePath(home: string, stack: string): string {
  return join(home, `Pulumi.${stack}.yaml`);
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

/** The stack's outputs in plain, from a state that was exported with its secrets shown. */
export function outputsOf({ deployment }: Deployment): Record<string, unknown> {
  const root = deployment.resources?.find(
    ({ type, parent }) => type === ROOT_STACK_TYPE && parent === undefined,
  );
  return reveal(root?.outputs ?? {}) as Record<string, unknown>;
}

/** In an exported state a shown secret is an object that holds the value as JSON text under this key. */
const SHOWN_SECRET_KEY = "plaintext";

function reveal(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reveal);
  if (SHOWN_SECRET_KEY in value && Object.keys(value).length === 2) {
    return reveal(JSON.parse(String(value[SHOWN_SECRET_KEY])));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, reveal(inner)]));
}
