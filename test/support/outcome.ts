import assert from "node:assert/strict";
import type { Inputs } from "../../provider/nodePoolSync/schema.ts";
import { type Progress, readState, type State } from "../../provider/nodePoolSync/state.ts";
import { SyncFailure } from "../../provider/sync/lifecycle.ts";
import { refusalText } from "../../provider/sync/messages.ts";
import type { Bench } from "./bench.ts";

/** What a run came to, as a user meets it. */
export interface Outcome {
  /** The status that is recorded; `refused` when nothing is, because nothing was accepted. */
  readonly end: Progress["status"] | "refused";
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
 * One run of create (without a previous state) or update on the bench. Fails when an error does not end in a code, or
 * holds more than one.
 */
export async function outcomeOf(bench: Bench, run: Run = {}): Promise<Outcome> {
  const { inputs = bench.inputs, recorded, timeout } = run;
  try {
    const previous = recorded === undefined ? run.previous : readState(recorded);
    const state = await bench.synchronize(inputs, previous, timeout);
    return { end: state.progress.status, state, message: "" };
  } catch (error) {
    if (error instanceof SyncFailure)
      return { end: error.state.progress.status, state: error.state, ...told(error.message) };
    return { end: "refused", ...told(refusalText(error, inputs, 'NodePoolSync "workers"')) };
  }
}

/** One create for each pool of each cluster of the bench, all at once. */
export function outcomesOfAll(bench: Bench): Promise<Outcome[]> {
  return Promise.all(
    bench.emulator.clusters.flatMap(({ id: clusterId, pools }) =>
      pools.map(({ id: nodePoolId }) =>
        outcomeOf(bench, { inputs: { ...bench.inputs, clusterId, nodePoolId } }),
      ),
    ),
  );
}

function told(message: string): Pick<Outcome, "message" | "code"> {
  const [code, ...others] = [...message.matchAll(/ \[(nodepoolsync\/[a-z-]+)\]/g)];
  assert.ok(code !== undefined && others.length === 0 && message.endsWith(code[0]), message);
  return { message, code: code[1] };
}
