import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { ServiceError } from "@grpc/grpc-js";
import { createDynamicProvider } from "../../../provider/dynamic/provider.ts";
import type { EngineLog } from "../../../provider/engine/log.ts";
import { diff } from "../../../provider/nodePoolSync/diff.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { resourceId } from "../../../provider/nodePoolSync/resourceId.ts";
import { ResourceFailure } from "../../../provider/nodePoolSync/service.ts";
import { readState, type State } from "../../../provider/nodePoolSync/state/state.ts";
import { serviceError } from "../../../provider/plugin/failures.ts";
import { createPluginProvider } from "../../../provider/plugin/provider.ts";
import { unwrapAll } from "../../../provider/util/wire.ts";
import { InitFailure, toProviderError } from "../../../tools/engine/embedded/providerErrors.ts";
import type { LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";
import { type Caller, pluginCalls } from "../plugin/pluginCalls.ts";
import type { Kept } from "./tale.ts";

/** The way by which a story's program reaches the resource. */
export interface Door {
  /** Whether each `up` refreshes the resource first. */
  readonly refreshesFirst: boolean;
  /** Whether the engine has the resource updated for these inputs. */
  isChanged(kept: Kept, inputs: Inputs): Promise<boolean> | boolean;
  /**
   * Create (when nothing is kept) or update.
   * @throws ResourceFailure when there is a state to keep all the same.
   */
  synchronize(inputs: Inputs, kept: Kept | undefined, timeout?: number): Promise<State>;
  /** Undefined when the resource is gone. */
  refresh(kept: Kept): Promise<State | undefined>;
}

/** How a door is made. */
export type DoorOf = (harness: LifecycleHarness) => Door;

/** The resource's service itself, below all doors. */
export const serviceDoor: DoorOf = (harness) => ({
  refreshesFirst: false,
  isChanged: ({ state, inputs: olds }, inputs) =>
    diff(state, inputs).changes ?? !isDeepStrictEqual(olds, inputs),
  synchronize: (inputs, kept, timeout) => harness.synchronize(inputs, kept?.state, timeout),
  refresh: ({ state }) => harness.refresh(state),
});

/** The dynamic provider, as the engine calls it in `pulumi up --refresh`. */
export const dynamicDoor: DoorOf = (harness) =>
  engineDoor(harness, (service) => {
    const provider = createDynamicProvider({ log: logOf(harness), serviceWith: () => service });
    const withTimeout = (news: Properties, timeout?: number) => {
      const time = timeout === undefined ? undefined : `${timeout}ms`;
      return { ...news, __engine: { createTimeout: time, updateTimeout: time } };
    };
    const failed = ({ properties, reasons = [], message }: Partial<InitFailure>): Answer => {
      if (properties === undefined) throw new Error(message);
      return { properties, reasons };
    };
    const answer = ({ outs }: { outs: Properties }): Answer => ({ properties: outs, reasons: [] });
    return {
      async check(news, olds) {
        const { inputs, failures } = await provider.check(olds, news);
        return { inputs, failures: failures.map(({ reason }) => reason) };
      },
      diff: async (olds, news) => (await provider.diff("", olds, news)).changes,
      create: (news, timeout) => provider.create(withTimeout(news, timeout)).then(answer, failed),
      update: (olds, news, timeout) =>
        provider.update("", olds, withTimeout(news, timeout)).then(answer, failed),
      async read(id, { properties }) {
        const { id: found, props } = await provider.read(id, properties);
        return found === "" ? undefined : { properties: props, reasons: [] };
      },
    };
  });

/** The plugin, as the engine calls it in a plain `pulumi up`. */
export const pluginDoor: DoorOf = (harness) =>
  engineDoor(harness, (service) => {
    const provider = createPluginProvider({
      log: logOf(harness),
      version: "0.0.0",
      schema: "{}",
      environment: {},
      serviceWith: () => service,
      cancel: () => harness.interrupt.abort(),
    });
    const plugin = pluginCalls(callerOf(provider));
    const failed = (error: Error): Answer => {
      if (!(error instanceof InitFailure)) throw error;
      return { properties: error.properties, reasons: error.reasons };
    };
    const answer = ({ properties }: { properties: Properties }): Answer => ({ properties, reasons: [] });
    const seconds = (timeout?: number) => ({ timeout: timeout === undefined ? 0 : timeout / 1000 });
    return {
      check: (news, olds) => plugin.check(news, olds),
      async diff(olds, news) {
        const { changes } = await plugin.diff(olds, news);
        return changes === "unknown" ? undefined : changes === "some";
      },
      create: (news, timeout) => plugin.create(news, seconds(timeout)).then(answer, failed),
      update: (olds, news, timeout) => plugin.update(olds, news, seconds(timeout)).then(answer, failed),
      read: (id, recorded) =>
        plugin.read(id, recorded).then((found) => (found.id === "" ? undefined : answer(found)), failed),
    };
  });

type Properties = Record<string, unknown>;

/** What a provider answers to the engine, also where it fails with something to keep: then with reasons. */
interface Answer {
  readonly properties: Properties;
  readonly reasons: readonly string[];
}

/** A provider as the engine calls it. */
interface Provider {
  check(news: Properties, olds: Properties): Promise<{ inputs: Properties; failures: readonly string[] }>;
  diff(olds: Properties, news: Properties): Promise<boolean | undefined>;
  create(news: Properties, timeout?: number): Promise<Answer>;
  update(olds: Properties, news: Properties, timeout?: number): Promise<Answer>;
  read(id: string, recorded: { properties: Properties; inputs: Properties }): Promise<Answer | undefined>;
}

/** The engine's rules: what it keeps of each answer, and when it calls. */
function engineDoor(
  harness: LifecycleHarness,
  open: (service: () => Promise<LifecycleHarness["service"]>) => Provider,
): Door {
  // One for each process that the story begins.
  const providers = new WeakMap<LifecycleHarness["service"], Provider>();
  const provider = () => {
    const { service } = harness;
    const known = providers.get(service) ?? open(() => Promise.resolve(service));
    providers.set(service, known);
    return known;
  };
  let recorded: { properties: Properties; inputs: Properties; hasFailed: boolean } | undefined;
  let checked: Properties = {};

  async function check(inputs: Inputs): Promise<void> {
    const news = JSON.parse(JSON.stringify(inputs));
    const { inputs: own, failures } = await provider().check(news, recorded?.inputs ?? {});
    assert.deepEqual(failures, []);
    checked = unwrapAll(own) as Properties;
  }

  function keep({ properties, reasons }: Answer, inputs: Properties): State {
    const hasFailed = reasons.length > 0;
    recorded = { properties: inKeyOrder(properties), inputs, hasFailed };
    harness.search(inputs, JSON.stringify([properties, reasons]));
    return readState(properties);
  }

  return {
    refreshesFirst: true,
    async isChanged(_kept, inputs) {
      assert.ok(recorded !== undefined);
      await check(inputs);
      const changes = await provider().diff(recorded.properties, checked);
      return recorded.hasFailed || (changes ?? !isDeepStrictEqual(recorded.inputs, checked));
    },
    async synchronize(inputs, _kept, timeout) {
      if (recorded === undefined) await check(inputs);
      const before = recorded;
      const answer = await (before === undefined
        ? provider().create(checked, timeout)
        : provider().update(before.properties, checked, timeout));
      const hasFailed = answer.reasons.length > 0;
      const state = keep(answer, hasFailed && before !== undefined ? before.inputs : checked);
      if (hasFailed) throw new ResourceFailure(answer.reasons.join("\n"), state);
      return state;
    },
    async refresh({ inputs }) {
      assert.ok(recorded !== undefined);
      const answer = await provider().read(resourceId(inputs), recorded);
      return answer && keep(answer, recorded.inputs);
    },
  };
}

/** Properties as the engine hands them back: each object in the order of its keys. */
function inKeyOrder(properties: Properties): Properties {
  const sorted = (_key: string, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.parse(JSON.stringify(properties, sorted));
}

/** Calls the provider in this process, by messages in the form in which they travel. */
function callerOf(provider: object): Caller {
  return async (method, request) => {
    const name = (method.path.split("/").at(-1) ?? "").replace(/^./, (first) => first.toLowerCase());
    const handler = (provider as Record<string, (request: unknown) => Promise<unknown>>)[name];
    const sent = method.requestDeserialize(method.requestSerialize(request));
    try {
      const response = (await handler?.(sent)) as Parameters<typeof method.responseSerialize>[0];
      return method.responseDeserialize(method.responseSerialize(response));
    } catch (error) {
      throw toProviderError(serviceError(error) as ServiceError);
    }
  };
}

function logOf({ messages, clock }: LifecycleHarness): EngineLog {
  return {
    reportFor: () => (message, severity) => void messages.push({ message, severity, at: clock.now() }),
    flush: () => Promise.resolve(),
  };
}
