import type { Configuration } from "../config/sources.ts";
import { withoutStack } from "../errors/errors.ts";
import { redact } from "../errors/redaction.ts";
import { check as checkInputs } from "../nodePoolSync/check.ts";
import { diff as compare, type Difference } from "../nodePoolSync/diff.ts";
import { ResourceFailure } from "../nodePoolSync/resourceFailure.ts";
import { resourceId } from "../nodePoolSync/resourceId.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { passwordIn, withPasswordSecret } from "../nodePoolSync/secretInputs.ts";
import type { Caller, NodePoolSyncService } from "../nodePoolSync/service.ts";
import { readState, recordKey, type State, writeState } from "../nodePoolSync/state.ts";
import { refusalText } from "../sync/messages.ts";
import { type EngineConfig, readEngineConfig } from "./engineConfig.ts";
import { engineOptionsKey, readEngineOptions } from "./engineOptions.ts";
import type { EngineLog } from "./host.ts";

type Properties = Record<string, unknown>;

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
   * Makes the service; asked when a resource needs it first, since it takes a while to load.
   * @param config what the engine has configured, as the latest configure gave it.
   */
  readonly createService: (config: () => Omit<Configuration, "environment">) => Promise<NodePoolSyncService>;
}

/** The property in which Pulumi keeps the provider's text; without it in the state, the resource cannot be destroyed. */
const providerKey = "__provider";

/**
 * Translates between Pulumi's dynamic server and the resource's service: decodes what the engine sends, and encodes
 * what is to be recorded, without secrets in plain and without stacks.
 */
export function createDynamicProvider({ log, createService }: DynamicProviderOptions): DynamicProvider {
  let config: Omit<Configuration, "environment"> = { config: () => undefined };
  let created: Promise<NodePoolSyncService> | undefined;
  const service = () => {
    created ??= createService(() => config);
    return created;
  };
  // A refresh has what it found compared too, with what is recorded, and must not be told that nodes will be reset.
  const declared = new Set<string | undefined>();

  const announce = async (inputs: Inputs, earlier: State | undefined, news: Properties) =>
    reportForecast(await service(), inputs, earlier, callerOf(news, log));

  async function synchronize(earlier: State | undefined, news: Properties, timeout?: number) {
    return encodeRun(await service(), earlier, news, { ...callerOf(news, log), timeout }).finally(log.flush);
  }

  return {
    // Finishes at once: while a configure is pending, the dynamic server lets other calls through.
    configure(request) {
      config = readEngineConfig(request.config);
    },

    async check(olds, news) {
      const { urn } = readEngineOptions(news);
      declared.add(urn);
      const { inputs, problems } = checkInputs(publicInputs(news));
      const failures = problems.map((reason) => ({ property: "" as const, reason }));
      const isNew = Object.keys(olds).length === 0;
      if (failures.length === 0 && isNew) await announce(inputs as unknown as Inputs, undefined, news);
      return { inputs: { ...withPasswordSecret(inputs), ...hidden(news, [engineOptionsKey]) }, failures };
    },

    async diff(_id, olds, news) {
      const state = stateIn(olds);
      // A state that cannot be read is dealt with where an error can be shown: in update.
      if (state === undefined) return { changes: true, replaces: [] };
      const inputs = publicInputs(news) as unknown as Inputs;
      const difference = compare(state, inputs);
      const isUpdate = difference.changes !== false && difference.replaces.length === 0;
      if (isUpdate && declared.has(readEngineOptions(news).urn)) await announce(inputs, state, news);
      return difference;
    },

    async create(news) {
      const outs = await synchronize(undefined, news, readEngineOptions(news).createTimeout);
      return { id: resourceId(publicInputs(news) as unknown as Inputs), outs };
    },

    async update(_id, olds, news) {
      const timeout = readEngineOptions(news).updateTimeout;
      return { outs: await synchronize(earlierState(olds, news), news, timeout) };
    },

    read: async (id, properties) => readResource(service, log, id, properties),

    // Forgets the resource. Nothing is undone at the service, and nothing is sent.
    async delete() {},
  };
}

async function reportForecast(
  service: NodePoolSyncService,
  inputs: Inputs,
  earlier: State | undefined,
  caller: Caller,
): Promise<void> {
  const { text, severity } = await service.forecast(inputs, earlier, caller);
  caller.report(text, severity);
}

/** Reads the resource, and encodes what is found; an empty id says that it is gone. */
async function readResource(
  service: () => Promise<NodePoolSyncService>,
  log: EngineLog,
  id: string,
  properties: Properties,
): Promise<{ id: string; props: Properties }> {
  const caller = callerOf(properties, log);
  try {
    const earlier = properties[recordKey] === undefined ? undefined : earlierState(properties, properties);
    const given = earlier === undefined ? (publicInputs(properties) as Partial<Inputs>) : {};
    const state = await (await service()).read(id, earlier, given, caller);
    return state === undefined ? { id: "", props: {} } : { id, props: encode(state, properties) };
  } catch (error) {
    throw withoutStack(new Error((error as Error).message));
  } finally {
    await log.flush();
  }
}

/** Runs create or update, and encodes what it leaves: also with a failure that has something to record. */
async function encodeRun(
  service: NodePoolSyncService,
  earlier: State | undefined,
  news: Properties,
  caller: Caller,
): Promise<Properties> {
  const inputs = publicInputs(news) as unknown as Inputs;
  try {
    return encode(await service.synchronize(inputs, earlier, caller), news);
  } catch (error) {
    const message = (error as Error).message;
    if (!(error instanceof ResourceFailure)) throw withoutStack(new Error(message));
    const properties = encode(error.state, news);
    const saved = { id: resourceId(inputs), properties, reasons: [message] };
    throw withoutStack(Object.assign(new Error(message), saved));
  }
}

function stateIn(outputs: Properties): State | undefined {
  try {
    return readState(outputs);
  } catch {
    return undefined;
  }
}

/** @throws Error with the text that a user reads, when the recorded state cannot be read. */
function earlierState(olds: Properties, news: Properties): State {
  try {
    return readState(olds);
  } catch (error) {
    const password = passwordIn(olds);
    const text = refusalText(error, publicInputs(news), subjectOf(readEngineOptions(news).urn));
    throw withoutStack(new Error(redact(text, password === undefined ? [] : [password])));
  }
}

function encode(state: State, properties: Properties): Properties {
  return { ...writeState(state), ...hidden(properties, [providerKey, engineOptionsKey]) };
}

function hidden(properties: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(
    keys.filter((key) => properties[key] !== undefined).map((key) => [key, properties[key]]),
  );
}

/** The properties without what only Pulumi and this package need. */
function publicInputs(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

function callerOf(properties: Properties, log: EngineLog): Caller {
  const { urn } = readEngineOptions(properties);
  return { subject: subjectOf(urn), report: log.reportFor(urn) };
}

function subjectOf(urn: string | undefined): string {
  const name = urn?.split("::").at(-1);
  return name === undefined ? "NodePoolSync" : `NodePoolSync "${name}"`;
}
