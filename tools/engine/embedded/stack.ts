import { StackHome } from "../home.ts";
import { outputsOf, rootStackOf } from "../outputs.ts";
import { openCrypter } from "../passphrase.ts";
import type { PropertyMap } from "../properties.ts";
import type { Deployment, Operation, Stack, StackConfig, StackOptions } from "../types.ts";
import { type OperationKind, type OperationOptions, startOperation } from "./operation.ts";
import { ORGANIZATION } from "./sdkProcesses.ts";
import type { StackName } from "./stackReference.ts";
import type { Snapshot } from "./state.ts";
import { backUp, readDeployment, StateCodec, writeDeployment } from "./stateFile.ts";

/** A stack of the embedded engine: config and state in files below its home. */
export class EmbeddedStack implements Stack {
  readonly #home: StackHome;
  readonly #options: StackOptions;
  readonly #codec: StateCodec;
  readonly #statePath: string;
  #busy = false;

  static async open(options: StackOptions): Promise<EmbeddedStack> {
    const stack = new EmbeddedStack(await StackHome.open(options), options);
    await stack.#init();
    return stack;
  }

  private constructor(home: StackHome, options: StackOptions) {
    this.#home = home;
    this.#options = options;
    this.#codec = new StateCodec(home.config.crypter);
    this.#statePath = home.statePath(home.project.name, home.stack);
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
    return this.#home.setConfig(config);
  }

  async exportState(options: { showSecrets?: boolean } = {}): Promise<Deployment> {
    return { version: 3, deployment: this.#codec.encode(await this.#load(), options) };
  }

  async outputs(): Promise<Record<string, unknown>> {
    return outputsOf(await this.exportState({ showSecrets: true }));
  }

  files(): Promise<string[]> {
    return this.#home.files();
  }

  #start(kind: OperationKind, options?: OperationOptions): Operation {
    const { project, stack: name, config: file } = this.#home;
    if (this.#busy) throw new Error(`another operation on the stack "${name}" is under way`);
    this.#busy = true;
    const { config, secretKeys } = file.values(project.defaults);
    let backedUp: Promise<void> | undefined;
    const operation = startOperation(
      kind,
      {
        project,
        name,
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
    const deployment = await readDeployment(this.#home.statePath(project, stack));
    if (deployment === undefined) return undefined;
    const salt = deployment?.secrets_providers?.state.salt;
    if (salt === undefined) return {};
    const codec = new StateCodec(await openCrypter(this.#home.passphrase, salt));
    return rootStackOf(codec.decode(deployment).resources)?.outputs ?? {};
  }

  get #fullName(): string {
    return `${ORGANIZATION}/${this.#home.project.name}/${this.#home.stack}`;
  }
}
