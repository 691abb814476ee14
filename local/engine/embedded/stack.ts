import { mkdir } from "node:fs/promises";
import { ConfigFile } from "../configFile.ts";
import { configFilePath, DEFAULT_STACK, filesBelow, passphraseOf, stateFilePath } from "../home.ts";
import { outputsOf } from "../outputs.ts";
import { completeKey, type Project, readProject } from "../project.ts";
import type { Deployment, Operation, Stack, StackConfig, StackOptions } from "../types.ts";
import { type OperationKind, type OperationOptions, startOperation } from "./operation.ts";
import { ORGANIZATION } from "./sdkProcesses.ts";
import type { Snapshot } from "./state.ts";
import { backUp, readDeployment, StateCodec, writeDeployment } from "./stateFile.ts";

/** A stack of the embedded engine: config and state in files below its home. */
export class EmbeddedStack implements Stack {
  readonly #project: Project;
  readonly #name: string;
  readonly #options: StackOptions;
  readonly #config: ConfigFile;
  readonly #codec: StateCodec;
  readonly #statePath: string;
  #busy = false;

  static async open(options: StackOptions): Promise<EmbeddedStack> {
    const project = await readProject(options.projectDir);
    const name = options.stack ?? DEFAULT_STACK;
    await mkdir(options.home, { recursive: true });
    const config = await ConfigFile.open(configFilePath(options.home, name), passphraseOf(options));
    const stack = new EmbeddedStack(project, name, options, config);
    await stack.setConfig(options.config ?? {});
    return stack;
  }

  private constructor(project: Project, name: string, options: StackOptions, config: ConfigFile) {
    this.#project = project;
    this.#name = name;
    this.#options = options;
    this.#config = config;
    this.#codec = new StateCodec(config.crypter);
    this.#statePath = stateFilePath(options.home, project.name, name);
  }

  preview(): Operation {
    return this.#start("preview");
  }

  up(options: { refresh?: boolean; parallel?: number } = {}): Operation {
    return this.#start("update", { refreshFirst: options.refresh, parallel: options.parallel });
  }

  refresh(): Operation {
    return this.#start("refresh");
  }

  destroy(): Operation {
    return this.#start("destroy");
  }

  setConfig(config: StackConfig): Promise<void> {
    const entries = Object.entries(config).map(([key, value]) => [
      completeKey(key, this.#project.name),
      value,
    ]);
    return this.#config.set(Object.fromEntries(entries));
  }

  async exportState(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    return { version: 3, deployment: this.#codec.encode(await this.#load(), options) };
  }

  async outputs(): Promise<Record<string, unknown>> {
    return outputsOf(await this.exportState({ showSecrets: true }));
  }

  files(): Promise<string[]> {
    return filesBelow(this.#options.home);
  }

  #start(kind: OperationKind, options?: OperationOptions): Operation {
    if (this.#busy) throw new Error(`another operation on the stack "${this.#name}" is under way`);
    this.#busy = true;
    const { config, secretKeys } = this.#config.values(this.#project.defaults);
    let backedUp: Promise<void> | undefined;
    const operation = startOperation(
      kind,
      {
        project: this.#project,
        name: this.#name,
        config,
        secretKeys,
        environment: { ...process.env, ...this.#options.environment },
        onLine: this.#options.onLine ?? (() => undefined),
        load: () => this.#load(),
        save: async (snapshot) => {
          backedUp ??= backUp(this.#statePath);
          await backedUp;
          await this.#save(snapshot);
        },
      },
      options,
    );
    const free = () => {
      this.#busy = false;
    };
    operation.result.then(free, free);
    return operation;
  }

  async #load(): Promise<Snapshot> {
    return this.#codec.decode(await readDeployment(this.#statePath));
  }

  #save(snapshot: Snapshot): Promise<void> {
    const stack = `${ORGANIZATION}/${this.#project.name}/${this.#name}`;
    return writeDeployment(this.#statePath, stack, this.#codec.encode(snapshot));
  }
}
