import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import {
  Stack as AutomationStack,
  LocalWorkspace,
  type LocalWorkspaceOptions,
  PulumiCommand,
} from "@pulumi/pulumi/automation/index.js";
import { StackHome } from "../home.ts";
import { outputsOf } from "../outputs.ts";
import type { Deployment, Engine, Operation, Stack, StackConfig, StackOptions } from "../types.ts";
import { type CommandOptions, startOperation } from "./operation.ts";

/** The CLI in the folder `bin` below this one. Rejects when there is none that runs. */
export async function openCli(root: string): Promise<Engine> {
  const command = await PulumiCommand.get({ root, skipVersionCheck: true });
  return {
    name: `Pulumi CLI v${command.version}`,
    kind: "cli",
    openStack: (options) => CliStack.open(command, options),
  };
}

/**
 * A stack that a real CLI works on through the Automation API, with a file backend, a home of its own for the CLI and a
 * config file, all below the home.
 */
class CliStack implements Stack {
  readonly #stack: AutomationStack;
  readonly #home: StackHome;
  readonly #options: StackOptions;
  #killed = false;

  static async open(pulumiCommand: PulumiCommand, options: StackOptions): Promise<CliStack> {
    const home = await StackHome.open(options);
    const { project, stack: name, folder, passphrase } = home;
    await writeFile(join(folder, "Pulumi.yaml"), `name: ${project.name}\nruntime: nodejs\n`);
    const settings: LocalWorkspaceOptions = {
      pulumiCommand,
      pulumiHome: join(home.path, "cli"),
      envVars: {
        ...options.environment,
        PULUMI_BACKEND_URL: pathToFileURL(home.path).href,
        PULUMI_CONFIG_PASSPHRASE: passphrase,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      },
    };
    // A stack is made beside a copy of the project's name: the CLI would write into the project's folder otherwise.
    await AutomationStack.createOrSelect(name, await LocalWorkspace.create({ ...settings, workDir: folder }));
    const workspace = await LocalWorkspace.create({ ...settings, workDir: project.root });
    const stack = await AutomationStack.select(name, workspace);
    return new CliStack(stack, home, options);
  }

  private constructor(stack: AutomationStack, home: StackHome, options: StackOptions) {
    this.#stack = stack;
    this.#home = home;
    this.#options = options;
  }

  preview(more: { debug?: boolean } = {}): Operation {
    return this.#start((options) => this.#stack.preview({ ...options, ...more }));
  }

  up(more: { refresh?: boolean; parallel?: number; debug?: boolean } = {}): Operation {
    return this.#start((options) => this.#stack.up({ ...options, ...more }));
  }

  refresh(): Operation {
    return this.#start((options) => this.#stack.refresh(options));
  }

  destroy(): Operation {
    return this.#start((options) => this.#stack.destroy(options));
  }

  setConfig(config: StackConfig): Promise<void> {
    return this.#home.setConfig(config);
  }

  /** The Automation API exports secrets in plain only. */
  async exportState(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    if (options.showSecrets) return this.#stack.exportStack() as Promise<Deployment>;
    const { pulumiCommand, pulumiHome, envVars, workDir } = this.#stack.workspace as LocalWorkspace;
    const { stdout } = await promisify(execFile)(
      pulumiCommand.command,
      ["stack", "export", "--stack", this.#home.stack, "--non-interactive"],
      { cwd: workDir, env: { ...process.env, ...envVars, PULUMI_HOME: pulumiHome }, maxBuffer: 1 << 30 },
    );
    return JSON.parse(stdout);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return outputsOf(await this.exportState({ showSecrets: true }));
  }

  files(): Promise<string[]> {
    return this.#home.files();
  }

  #start(run: (options: CommandOptions) => Promise<unknown>): Operation {
    const unlockFirst = this.#killed;
    this.#killed = false;
    return startOperation({
      configFile: this.#home.configPath,
      run: async (options) => {
        // A CLI that was killed leaves its lock on the stack behind.
        if (unlockFirst) await this.#stack.cancel();
        await run(options);
      },
      onLine: this.#options.onLine ?? (() => undefined),
      onKill: () => {
        this.#killed = true;
      },
    });
  }
}
