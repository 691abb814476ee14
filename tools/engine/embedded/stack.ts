import { mkdir } from "node:fs/promises";
import { ConfigFile } from "../configFile.ts";
import {
  configFilePath,
  DEFAULT_STACK,
  filesBelow,
  passphraseOf,
  projectFolder,
  stateFilePath,
} from "../home.ts";
import { outputsOf, rootStackOf } from "../outputs.ts";
import { openCrypter } from "../passphrase.ts";
import { type Project, readProject } from "../project.ts";
import type { PropertyMap } from "../properties.ts";
import type { Deployment, Operation, Stack, StackConfig, StackOptions } from "../types.ts";
import { type OperationKind, type OperationOptions, startOperation } from "./operation.ts";
import { ORGANIZATION } from "./sdkProcesses.ts";
import type { StackName } from "./stackReference.ts";
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
    await mkdir(projectFolder(options.home, project.name), { recursive: true });
    const config = await ConfigFile.open(
      configFilePath(options.home, project.name, name),
      passphraseOf(options),
    );
    const stack = new EmbeddedStack(project, name, options, config);
    await stack.setConfig(options.config ?? {});
    await stack.#init();
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
    return this.#config.set(config, this.#project.name);
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
        outputsOf: (stack) => this.#outputsOf(stack),
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

  /** A stack exists, for those who refer to it, before anything was deployed. */
  async #init(): Promise<void> {
    const latest = await readDeployment(this.#statePath);
    if (latest === undefined) await writeDeployment(this.#statePath, this.#fullName, null);
  }

  #save(snapshot: Snapshot): Promise<void> {
    return writeDeployment(this.#statePath, this.#fullName, this.#codec.encode(snapshot));
  }

  /**
   * The last outputs of a stack of this home; undefined when there is none of that name. Rejects when its secrets
   * are protected by another passphrase: the CLI would go on with empty values in their place.
   */
  async #outputsOf({ project, stack }: StackName): Promise<PropertyMap | undefined> {
    const deployment = await readDeployment(stateFilePath(this.#options.home, project, stack));
    if (deployment === undefined) return undefined;
    const salt = deployment?.secrets_providers?.state.salt;
    if (salt === undefined) return {};
    const codec = new StateCodec(await openCrypter(passphraseOf(this.#options), salt));
    return rootStackOf(codec.decode(deployment).resources)?.outputs ?? {};
  }

  get #fullName(): string {
    return `${ORGANIZATION}/${this.#project.name}/${this.#name}`;
  }
}
