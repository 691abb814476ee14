import { withoutStack } from "../errors/errors.ts";
import { InitFailure } from "../errors/initFailure.ts";
import { redact } from "../errors/redaction.ts";
import { refusalText } from "../sync/report/messages.ts";
import type { Report } from "../sync/report/progress.ts";
import type { Properties } from "../util/wire.ts";
import { type Difference, diff } from "./diff.ts";
import { type Checked, check } from "./inputs/check.ts";
import type { Inputs } from "./inputs/schema.ts";
import { passwordIn, withPasswordSecret } from "./inputs/secretInputs.ts";
import { ResourceFailure, ResourceRefusal } from "./resourceFailure.ts";
import { resourceId } from "./resourceId.ts";
import type { Caller, NodePoolSyncService } from "./service.ts";
import { readState, recordKey, type State, writeState } from "./state/state.ts";

/** On whose behalf the engine calls. */
export interface Call {
  /** The resource's URN, where it is known. */
  readonly urn?: string;
  readonly report: Report;
  /** Milliseconds granted by `customTimeouts`. */
  readonly timeout?: number;
}

/** A difference, and the state that was compared; undefined when that cannot be read. */
export interface Compared extends Difference {
  readonly state: State | undefined;
}

/** What the engine records of the resource. */
export interface Saved {
  readonly id: string;
  readonly outputs: Properties;
}

/** What was found, and the state that the outputs are made of. */
export interface Found extends Saved {
  readonly state: State;
}

/** The resource as both providers offer it to the engine, over plain properties. */
export interface Resource {
  /** Validates and normalises the inputs; says of a new resource what its creation will reset. */
  check(olds: Properties, news: Properties, call: Call): Promise<Checked>;
  /** Compares the recorded outputs with the inputs; says of a change in a program what it will reset. */
  diff(olds: Properties, news: Properties, call: Call): Promise<Compared>;
  /**
   * Creates (without `olds`), or updates from the recorded outputs.
   * @throws InitFailure when there is something to record all the same; any other error means that nothing is.
   */
  synchronize(olds: Properties | undefined, news: Properties, call: Call): Promise<Saved>;
  /** Refreshes recorded outputs, or looks up a pool by its ID; undefined when it is gone. */
  read(id: string, properties: Properties, call: Call): Promise<Found | undefined>;
}

/**
 * The resource on a service.
 * @param service asked when the service is needed first, since it takes a while to load.
 */
export function createResource(service: () => Promise<NodePoolSyncService>): Resource {
  // A refresh has what it found compared too, with what is recorded, and must not report that nodes will be reset.
  const declared = new Set<string | undefined>();

  async function announce(inputs: Inputs, earlier: State | undefined, call: Call): Promise<void> {
    const { text, severity } = await (await service()).forecast(inputs, earlier, callerOf(call));
    call.report(text, severity);
  }

  return {
    async check(olds, news, call) {
      declared.add(call.urn);
      const checked = check(publicInputs(news));
      const isNew = Object.keys(olds).length === 0;
      if (checked.problems.length === 0 && isNew)
        await announce(checked.inputs as unknown as Inputs, undefined, call);
      return { ...checked, inputs: withPasswordSecret(checked.inputs) };
    },

    async diff(olds, news, call) {
      const state = stateIn(olds);
      // A state that cannot be read is dealt with where an error can be shown: in update.
      if (state === undefined) return { changes: true, replaces: [], state };
      const inputs = inputsIn(news);
      const difference = diff(state, inputs);
      const isUpdate = difference.changes !== false && difference.replaces.length === 0;
      if (isUpdate && declared.has(call.urn)) await announce(inputs, state, call);
      return { ...difference, state };
    },

    async synchronize(olds, news, call) {
      const earlier = olds && earlierState(olds, news, call);
      const caller = { ...callerOf(call), timeout: call.timeout };
      return savedFrom(await (await service()).synchronize(inputsIn(news), earlier, caller).catch(rethrow));
    },

    async read(id, properties, call) {
      const isRecorded = properties[recordKey] !== undefined;
      const earlier = isRecorded ? earlierState(properties, properties, call) : undefined;
      const given: Partial<Inputs> = isRecorded ? {} : inputsIn(properties);
      const state = await (await service()).read(id, earlier, given, callerOf(call)).catch(rethrow);
      return state && savedFrom(state);
    },
  };
}

/** The inputs in the properties, without what only Pulumi and this package need. */
export function inputsIn(properties: Properties): Inputs {
  return publicInputs(properties) as unknown as Inputs;
}

function publicInputs(properties: Properties): Properties {
  return Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith("__")));
}

/** What there is to record of a state. */
export function savedFrom(state: State): Found {
  return { id: resourceId(state.inputs), outputs: writeState(state), state };
}

/** A stack is nothing that a user can do anything with, and the engine would print it. */
function rethrow(error: Error): never {
  if (error instanceof ResourceFailure) {
    const { id, outputs } = savedFrom(error.state);
    throw withoutStack(new InitFailure(id, outputs, [error.message]));
  }
  throw withoutStack(error instanceof ResourceRefusal ? error : new Error(error.message));
}

function stateIn(outputs: Properties): State | undefined {
  try {
    return readState(outputs);
  } catch {
    return undefined;
  }
}

/** @throws Error with the text that a user reads, when the recorded state cannot be read. */
function earlierState(olds: Properties, news: Properties, { urn }: Call): State {
  try {
    return readState(olds);
  } catch (error) {
    const password = passwordIn(olds);
    const text = refusalText(error, publicInputs(news), subjectOf(urn));
    throw withoutStack(new Error(redact(text, password === undefined ? [] : [password])));
  }
}

function callerOf({ urn, report }: Call): Caller {
  return { subject: subjectOf(urn), report };
}

function subjectOf(urn: string | undefined): string {
  const name = urn?.split("::").at(-1);
  return name === undefined ? "NodePoolSync" : `NodePoolSync "${name}"`;
}
