import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { parseYaml } from "./yaml.ts";

/** What the engine needs of a Pulumi.yaml: its keys `name`, `runtime`, `main` and `config`. */
export interface Project {
  name: string;
  /** The folder of Pulumi.yaml. */
  root: string;
  /** The folder the program and its providers run in: that of the main file. */
  programDir: string;
  /** What to run, relative to `programDir`; "." leaves it to package.json. */
  entry: string;
  /** Whether TypeScript is compiled on the fly; default true. */
  typescript: boolean;
  /** Values that the project gives to config keys which a stack does not set. Keys are complete. */
  defaults: Record<string, string | { secret: string }>;
}

/**
 * Reads the Pulumi.yaml of a folder. Throws with a message for the user when there is none, when it is no YAML,
 * when a key is missing or wrong, and when the main file does not exist.
 */
export async function readProject(projectDir: string): Promise<Project> {
  const root = resolve(projectDir);
  const path = join(root, "Pulumi.yaml");
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new Error(`no Pulumi project: ${path} does not exist; give the folder that holds a Pulumi.yaml`);
  });
  const yaml = parseYaml(path, text);
  const { name, main } = yaml;
  if (typeof name !== "string" || name === "") throw new Error(`${path}: "name" is missing`);
  if (main !== undefined && typeof main !== "string") throw new Error(`${path}: "main" must be a path`);
  return {
    name,
    root,
    ...(await locateProgram(path, root, main)),
    typescript: readRuntime(path, yaml.runtime),
    defaults: readDefaults(path, name, yaml.config),
  };
}

async function locateProgram(path: string, root: string, main: string | undefined) {
  if (main === undefined) return { programDir: root, entry: "." };
  const target = resolve(root, main);
  const info = await stat(target).catch(() => undefined);
  if (info === undefined) throw new Error(`${path}: the project's "main", ${target}, does not exist`);
  if (info.isDirectory()) throw new Error(`${path}: "main" must be a file, and ${target} is a folder`);
  return { programDir: dirname(target), entry: basename(target) };
}

/** `runtime: nodejs`, or with its one option that is known here: whether TypeScript is compiled. */
function readRuntime(path: string, runtime: unknown): boolean {
  const { name, options = {} } = (typeof runtime === "string" ? { name: runtime } : (runtime ?? {})) as {
    name?: unknown;
    options?: Record<string, unknown>;
  };
  if (name !== "nodejs") {
    throw new Error(`${path}: runtime ${JSON.stringify(name)} is not known here; only "nodejs" programs run`);
  }
  const { typescript = true, ...others } = options;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new Error(`${path}: the runtime option "${unknown}" is not known here`);
  if (typeof typescript !== "boolean") {
    throw new Error(`${path}: the runtime option "typescript" must be true or false`);
  }
  return typescript;
}

/** `config: {key: value}` or `{key: {value | default, secret}}`; a plain key is in the project's namespace. */
function readDefaults(path: string, project: string, config: unknown): Project["defaults"] {
  if (config === undefined || config === null) return {};
  if (typeof config !== "object") throw new Error(`${path}: "config" must hold keys and values`);
  const defaults: Project["defaults"] = {};
  for (const [key, entry] of Object.entries(config)) {
    const declared = typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : {};
    const value = declared === entry ? (declared.value ?? declared.default) : entry;
    if (value === undefined || value === null) continue;
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    defaults[completeKey(key, project)] = declared.secret === true ? { secret: text } : text;
  }
  return defaults;
}

/** A config key with its namespace; a plain one gets the project's. */
export function completeKey(key: string, project: string): string {
  return key.includes(":") ? key : `${project}:${key}`;
}
