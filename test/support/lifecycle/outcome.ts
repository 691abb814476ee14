import assert from "node:assert/strict";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { ResourceFailure } from "../../../provider/nodePoolSync/service.ts";
import { readState, type State } from "../../../provider/nodePoolSync/state/state.ts";
import type { SyncStatus } from "../../../provider/sync/record/standing.ts";
import { refusalText } from "../../../provider/sync/report/messages.ts";
import { type LifecycleHarness, subject } from "./lifecycleHarness.ts";

/** What a run came to, as a user meets it. */
export interface Outcome {
  /** The status that is recorded; `refused` when nothing is, because nothing was accepted. */
  readonly end: SyncStatus | "refused";
  /** What is recorded. */
  readonly state?: State;
  /** The error's text; empty when there is none. */
  readonly message: string;
  /** The code that ends the text. */
  readonly code?: string;
}

interface Run {
  readonly inputs?: Inputs;
  readonly previous?: State;
  /** The previous state as the engine hands it over; in place of {@link previous}. */
  readonly recorded?: Record<string, unknown>;
  /** Milliseconds that the user grants. */
  readonly timeout?: number;
}

/**
 * One run of create (without a previous state) or update on the harness. Fails when an error does not end in a code, or
 * holds more than one.
 */
export async function outcomeOf(harness: LifecycleHarness, run: Run = {}): Promise<Outcome> {
  const { inputs = harness.inputs, recorded, timeout } = run;
  try {
    const previous = recorded === undefined ? run.previous : stateIn(recorded, inputs);
    const state = await harness.synchronize(inputs, previous, timeout);
    return { end: state.progress.status, state, message: "" };
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof ResourceFailure)
      return { end: error.state.progress.status, state: error.state, ...coded(message) };
    return { end: "refused", ...coded(message) };
  }
}

/** One create for each pool of each cluster of the harness, all at once. */
export function outcomesOfAll(harness: LifecycleHarness): Promise<Outcome[]> {
  return Promise.all(
    harness.emulator.clusters.flatMap(({ id: clusterId, pools }) =>
      pools.map(({ id: nodePoolId }) =>
        outcomeOf(harness, { inputs: { ...harness.inputs, clusterId, nodePoolId } }),
      ),
    ),
  );
}

/** @throws Error with the text that a user reads, when the state cannot be read. */
function stateIn(recorded: Record<string, unknown>, inputs: Inputs): State {
  try {
    return readState(recorded);
  } catch (error) {
    throw new Error(refusalText(error, inputs, subject));
  }
}

function coded(message: string): Pick<Outcome, "message" | "code"> {
  const [code, ...others] = [...message.matchAll(/ \[(nodepoolsync\/[a-z-]+)\]/g)];
  assert.ok(code !== undefined && others.length === 0 && message.endsWith(code[0]), message);
  return { message, code: code[1] };
}
