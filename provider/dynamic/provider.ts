import type { Configuration } from "../config/sources.ts";
import type { EngineLog } from "../engine/log.ts";
import { withoutStack } from "../errors/errors.ts";
import { InitFailure } from "../errors/initFailure.ts";
import type { Difference } from "../nodePoolSync/diff.ts";
import { type Call, createResource } from "../nodePoolSync/resource.ts";
import type { NodePoolSyncService } from "../nodePoolSync/service.ts";
import type { Properties } from "../util/wire.ts";
import { type EngineConfig, readEngineConfig } from "./engineConfig.ts";
import { engineOptionsKey, readEngineOptions } from "./engineOptions.ts";

/** What Pulumi's dynamic server calls. */
export interface DynamicProvider {
  configure(request: { config: EngineConfig }): void;
  check(olds: Properties, news: Properties): Promise<{ inputs: Properties; failures: CheckFailure[] }>;
  diff(id: string, olds: Properties, news: Properties): Promise<Difference>;
  create(news: Properties): Promise<{ id: string; outs: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  read(id: string, properties: Properties): Promise<{ id: string; props: Properties }>;
  delete(): Promise<void>;
}

/** A problem with the inputs. The engine prints the value of the property that is named here, in clear: none is. */
interface CheckFailure {
  readonly property: "";
  readonly reason: string;
}

/** What the dynamic provider works with. */
export interface DynamicProviderOptions {
  readonly log: EngineLog;
  /**
   * The service, asked for when a resource needs it first, since it takes a while to load.
   * @param config what the engine has configured, as the latest configure gave it.
   */
  readonly serviceWith: (
    config: () => Omit<Configuration, "environment">,
  ) => () => Promise<NodePoolSyncService>;
}

/** The property in which Pulumi keeps the provider's text; without it in the state, the resource cannot be destroyed. */
const providerKey = "__provider";

/**
 * Translates between Pulumi's dynamic server and the resource: adds what the server leaves out, and keeps what it needs
 * in the state.
 */
export function createDynamicProvider({ log, serviceWith }: DynamicProviderOptions): DynamicProvider {
  let config: Omit<Configuration, "environment"> = { config: () => undefined };
  const resource = createResource(serviceWith(() => config));

  function callOf(properties: Properties, timeout?: number): Call {
    const { urn } = readEngineOptions(properties);
    return { urn, report: log.reportFor(urn), timeout };
  }

  async function synchronize(olds: Properties | undefined, news: Properties, timeout?: number) {
    try {
      const { id, outputs } = await resource.synchronize(olds, news, callOf(news, timeout));
      return { id, outs: { ...outputs, ...kept(news) } };
    } catch (error) {
      throw error instanceof InitFailure ? initFailure(error, news) : error;
    } finally {
      await log.flush();
    }
  }

  return {
    // Finishes at once: while a configure is pending, the dynamic server lets other calls through.
    configure(request) {
      config = readEngineConfig(request.config);
    },

    async check(olds, news) {
      const { inputs, problems } = await resource.check(olds, news, callOf(news));
      const failures = problems.map((reason) => ({ property: "" as const, reason }));
      return { inputs: { ...inputs, ...hidden(news, [engineOptionsKey]) }, failures };
    },

    async diff(_id, olds, news) {
      const { changes, replaces } = await resource.diff(olds, news, callOf(news));
      return { changes, replaces };
    },

    create: (news) => synchronize(undefined, news, readEngineOptions(news).createTimeout),

    update: (_id, olds, news) => synchronize(olds, news, readEngineOptions(news).updateTimeout),

    async read(id, properties) {
      try {
        const found = await resource.read(id, properties, callOf(properties));
        if (found === undefined) return { id: "", props: {} };
        return { id, props: { ...found.outputs, ...kept(properties) } };
      } finally {
        await log.flush();
      }
    },

    // Forgets the resource. Nothing is undone at the service, and nothing is sent.
    async delete() {},
  };
}

/** The failure in the form that makes Pulumi's dynamic server record what comes with it. */
function initFailure({ message, id, outputs, reasons }: InitFailure, news: Properties): Error {
  const saved = { id, properties: { ...outputs, ...kept(news) }, reasons };
  return withoutStack(Object.assign(new Error(message), saved));
}

/** What has to be in the state besides the resource's own outputs. */
function kept(properties: Properties): Properties {
  return hidden(properties, [providerKey, engineOptionsKey]);
}

function hidden(properties: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(
    keys.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]),
  );
}
