import type { PropertyMap } from "../properties.ts";
import { parseProviderReference } from "../urn.ts";
import type { NodeProcess } from "./nodeProcess.ts";
import { ProviderClient } from "./provider.ts";
import { ProviderError } from "./providerErrors.ts";
import type { ResourceState } from "./state.ts";

/** A dynamic-provider process. `address` resolves when it listens, and rejects when it never does. */
export interface Launched {
  process: NodeProcess;
  address: Promise<string>;
}

/** Starts a dynamic-provider process. */
export type LaunchProvider = () => Promise<Launched>;

/**
 * The provider processes of one phase of an operation: one for each provider resource, started when first
 * needed, with the config of that resource. For a provider that the program has not declared, that is the
 * config on record in the state.
 */
export class Providers {
  readonly #launch: LaunchProvider;
  readonly #olds: readonly ResourceState[];
  readonly #configs = new Map<string, PropertyMap>();
  readonly #running = new Map<string, Promise<ProviderClient>>();
  readonly #processes: NodeProcess[] = [];
  readonly #clients: ProviderClient[] = [];
  /** A process that no provider resource has claimed yet. */
  #spare: Promise<Launched> | undefined;
  #abandoned = false;

  constructor(launch: LaunchProvider, olds: readonly ResourceState[]) {
    this.#launch = launch;
    this.#olds = olds;
  }

  /** Starts a process that the first provider resource will use: it takes as long to start as a program does. */
  warmUp(): void {
    this.#spare = this.#launchOne();
    // Whoever needs it gets the error.
    this.#spare.catch(() => undefined);
  }

  /** Takes the config of a provider resource. */
  configure(provider: ResourceState): void {
    const reference = `${provider.urn}::${provider.id}`;
    this.#configs.set(reference, provider.inputs);
    this.#running.delete(reference);
  }

  /** The provider of a resource, started and configured. */
  async of(resource: ResourceState): Promise<ProviderClient> {
    const reference = resource.provider;
    if (reference === undefined) throw new ProviderError(`resource ${resource.urn} has no provider`);
    let running = this.#running.get(reference);
    if (running === undefined) {
      running = this.#start(this.#configOf(reference));
      this.#running.set(reference, running);
    }
    return running;
  }

  /** Sends every provider the call that a first Ctrl-C means. */
  cancel(): void {
    for (const client of this.#clients) void client.cancel();
  }

  pids(): number[] {
    return this.#processes.filter((process) => process.alive()).map(({ pid }) => pid);
  }

  /** Ends every process. */
  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((process) => process.stop()));
    for (const client of this.#clients) client.close();
  }

  /** Lets go of every process as an engine that was killed would. */
  abandon(): void {
    this.#abandoned = true;
    for (const client of this.#clients) client.close();
    for (const process of this.#processes) process.abandon();
  }

  #configOf(reference: string): PropertyMap {
    const { urn, id } = parseProviderReference(reference);
    const config =
      this.#configs.get(reference) ?? this.#olds.find((old) => old.urn === urn && old.id === id)?.inputs;
    if (config === undefined) throw new ProviderError(`could not find provider ${reference} in the state`);
    return config;
  }

  async #start(config: PropertyMap): Promise<ProviderClient> {
    const launched = this.#spare ?? this.#launchOne();
    this.#spare = undefined;
    const client = new ProviderClient(await (await launched).address);
    this.#clients.push(client);
    await client.configure(config);
    return client;
  }

  async #launchOne(): Promise<Launched> {
    const launched = await this.#launch();
    launched.address.catch(() => undefined);
    this.#processes.push(launched.process);
    if (this.#abandoned) launched.process.abandon();
    return launched;
  }
}
