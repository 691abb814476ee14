import { refusal } from "../../provider/explanations.ts";
import { SyncFailure } from "../../provider/lifecycle.ts";
import type { Inputs } from "../../provider/schema.ts";
import type { Progress, State } from "../../provider/state.ts";
import type { Bench } from "./bench.ts";

/** What a run came to, as a user meets it. */
export interface Outcome {
  /** The status that is recorded; `refused` when nothing is, because nothing was accepted. */
  readonly end: Progress["status"] | "refused";
  /** What is recorded. */
  readonly state?: State;
  /** The error's text; empty when there is none. */
  readonly message: string;
}

/** One run of create (without a previous state) or update on the bench. */
export async function outcomeOf(
  bench: Bench,
  run: { readonly inputs?: Inputs; readonly previous?: State; readonly timeout?: number } = {},
): Promise<Outcome> {
  const { inputs = bench.inputs, previous, timeout } = run;
  try {
    const state = await bench.synchronize(inputs, previous, timeout);
    return { end: state.progress.status, state, message: "" };
  } catch (error) {
    if (error instanceof SyncFailure)
      return { end: error.state.progress.status, state: error.state, message: error.message };
    return { end: "refused", message: refusal(error, inputs, 'NodePoolSync "workers"').message };
  }
}
