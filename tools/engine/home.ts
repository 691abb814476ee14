import { mkdir, readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ConfigFile } from "./configFile.ts";
import { type Project, readProject } from "./project.ts";
import { LOCAL_PASSPHRASE, type StackConfig, type StackOptions } from "./types.ts";

/** The stack that is opened when none is named. */
const DEFAULT_STACK = "dev";

/**
 * What is kept of a stack below its home folder, laid out as the CLI's file backend would have it, so that both engines
 * can open it. Stacks of several projects may live in one home, and refer to each other there.
 */
export class StackHome {
  readonly project: Project;
  /** Name of the stack. */
  readonly stack: string;
  /** The home folder. */
  readonly path: string;
  /** The passphrase that protects the secrets of the stack. */
  readonly passphrase: string;
  /** What belongs to the stack's project, whose stacks may have the names of another project's. */
  readonly folder: string;
  readonly configPath: string;
  readonly config: ConfigFile;

  /** Opens the stack's part of the home, made where it is missing, and sets the config that the options give. */
  static async open(options: StackOptions): Promise<StackHome> {
    const project = await readProject(options.projectDir);
    const stack = options.stack ?? DEFAULT_STACK;
    const path = resolve(options.home);
    const folder = join(path, "projects", project.name);
    const configPath = join(folder, `Pulumi.${stack}.yaml`);
    await mkdir(folder, { recursive: true });
    const name = "PULUMI_CONFIG_PASSPHRASE";
    const passphrase = options.environment?.[name] ?? process.env[name] ?? LOCAL_PASSPHRASE;
    const config = await ConfigFile.open(configPath, passphrase);
    const home = new StackHome({ project, stack, path, passphrase, folder, configPath, config });
    await home.setConfig(options.config ?? {});
    return home;
  }

  private constructor(
    parts: Pick<StackHome, "project" | "stack" | "path" | "passphrase" | "folder" | "configPath" | "config">,
  ) {
    this.project = parts.project;
    this.stack = parts.stack;
    this.path = parts.path;
    this.passphrase = parts.passphrase;
    this.folder = parts.folder;
    this.configPath = parts.configPath;
    this.config = parts.config;
  }

  /** Sets config values of the stack, and keeps the others. */
  setConfig(config: StackConfig): Promise<void> {
    return this.config.set(config, this.project.name);
  }

  /** The state of a stack of the home, in the place where the CLI's file backend keeps it. */
  statePath(project: string, stack: string): string {
    return join(this.path, ".pulumi", "stacks", project, `${stack}.json`);
  }

  /** Every file below the home, as absolute paths. */
  async files(): Promise<string[]> {
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => resolve(entry.parentPath, entry.name));
  }
}
