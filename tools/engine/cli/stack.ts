import { mkdir, stat, writeFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { ConfigFile } from "../configFile.ts";
import {
  configFilePath,
  DEFAULT_STACK,
  filesBelow,
  passphraseOf,
  projectFolder,
  stateFilePath,
} from "../home.ts";
import { outputsOf } from "../outputs.ts";
import { type Project, readProject } from "../project.ts";
import type { Deployment, Operation, Stack, StackConfig, StackOptions } from "../types.ts";
import { runCommand, startOperation } from "./operation.ts";

/**
 * A stack that a real CLI works on, with a file backend, a home of its own for the CLI and a config file, all
 * below the home. A copy of the project's name there lets commands run that would write into the
 * project's folder otherwise.
 */
export class CliStack implements Stack {
  readonly #cli: string;
  readonly #project: Project;
  readonly #name: string;
  readonly #home: string;
  readonly #options: StackOptions;
  readonly #config: ConfigFile;
  #killed = false;

  static async open(cli: string, options: StackOptions): Promise<CliStack> {
    const project = await readProject(options.projectDir);
    const name = options.stack ?? DEFAULT_STACK;
    const home = resolve(options.home);
    const folder = projectFolder(home, project.name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
    const config = await ConfigFile.open(configFilePath(home, project.name, name), passphraseOf(options));
    const stack = new CliStack(cli, project, name, home, options, config);
    await stack.setConfig(options.config ?? {});
    if (!(await exists(stateFilePath(home, project.name, name)))) {
      await stack.#command(["stack", "init", name, "--no-select"]);
    }
    return stack;
  }

  private constructor(
    cli: string,
    project: Project,
    name: string,
    home: string,
    options: StackOptions,
    config: ConfigFile,
  ) {
    this.#cli = cli;
    this.#project = project;
    this.#name = name;
    this.#home = home;
    this.#options = options;
    this.#config = config;
  }

  preview(): Operation {
    return this.#start(["preview"]);
  }

  up(options: { refresh?: boolean; parallel?: number } = {}): Operation {
    return this.#start([
      ...["up", "--yes", "--skip-preview"],
      ...(options.refresh ? ["--refresh"] : []),
      ...(options.parallel === undefined ? [] : ["--parallel", String(options.parallel)]),
    ]);
  }

  refresh(): Operation {
    return this.#start(["refresh", "--yes", "--skip-preview"]);
  }

  destroy(): Operation {
    return this.#start(["destroy", "--yes", "--skip-preview"]);
  }

  setConfig(config: StackConfig): Promise<void> {
    return this.#config.set(config, this.#project.name);
  }

  async exportState(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    const flags = options.showSecrets ? ["--show-secrets"] : [];
    return JSON.parse(await this.#command(["stack", "export", "--stack", this.#name, ...flags]));
  }

  async outputs(): Promise<Record<string, unknown>> {
    return outputsOf(await this.exportState({ showSecrets: true }));
  }

  files(): Promise<string[]> {
    return filesBelow(this.#home);
  }

  #start(command: string[]): Operation {
    const unlockFirst = this.#killed;
    this.#killed = false;
    return startOperation({
      cli: this.#cli,
      command: [
        ...command,
        ...["--cwd", this.#project.root, "--stack", this.#name],
        ...["--config-file", configFilePath(this.#home, this.#project.name, this.#name)],
      ],
      eventLog: join(this.#folder, `events.${this.#name}.json`),
      environment: this.#environment(),
      onLine: this.#options.onLine ?? (() => undefined),
      before: async () => {
        // A CLI that was killed leaves its lock on the stack behind.
        if (unlockFirst) await this.#command(["cancel", "--yes", "--stack", this.#name]);
      },
      onKill: () => {
        this.#killed = true;
      },
    });
  }

  #command(args: string[]): Promise<string> {
    return runCommand(this.#cli, [...args, "--cwd", this.#folder], this.#environment());
  }

  get #folder(): string {
    return projectFolder(this.#home, this.#project.name);
  }

  #environment(): NodeJS.ProcessEnv {
    const environment = { ...process.env, ...this.#options.environment };
    return {
      ...environment,
      // The language hosts are installed beside the CLI.
      PATH: [dirname(this.#cli), environment.PATH].join(delimiter),
      PULUMI_HOME: join(this.#home, "cli"),
      PULUMI_BACKEND_URL: pathToFileURL(this.#home).href,
      PULUMI_CONFIG_PASSPHRASE: passphraseOf(this.#options),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // Makes the flag --event-log known.
      PULUMI_DEBUG_COMMANDS: "true",
    };
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
