import type { Outcome } from "../record/outcome.ts";
import { markLag } from "../record/record.ts";
import { outcomeOf } from "./outcome.ts";
import type { Run } from "./run.ts";

/** A run that did not end well, and that leaves something to be recorded. */
export class SyncFailure extends Error {
  override readonly name = "SyncFailure";
  /** What to record: the next run goes on from there. */
  readonly outcome: Outcome;

  constructor(message: string, outcome: Outcome) {
    super(message);
    this.outcome = outcome;
  }
}

/** The failure with the state that the run leaves: the engine will hold older inputs beside it. */
export function failure(status: "failed" | "inProgress", message: string, run: Run): SyncFailure {
  const outcome = outcomeOf(status, run);
  return new SyncFailure(message, { ...outcome, record: markLag(outcome.record) });
}
