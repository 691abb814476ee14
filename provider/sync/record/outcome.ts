import type { Selection } from "./declaration.ts";
import type { SyncRecord } from "./record.ts";
import type { Progress } from "./standing.ts";

/** What a run leaves to be recorded. */
export interface Outcome {
  /** Whether what is declared is in the record; else the inputs of before are to be recorded with it. */
  readonly isEntered: boolean;
  readonly record: SyncRecord;
  readonly progress: Progress;
}

/** What the state says of earlier runs. */
export interface Recorded extends Omit<Outcome, "isEntered"> {
  readonly selection: Selection;
  /** Digest of the content that was declared last. */
  readonly content: string;
}
