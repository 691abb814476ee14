/** What a refresh says of what it has found. */

import type { Outcome, Recorded } from "./record/outcome.ts";
import { owedIds } from "./record/record.ts";
import {
  endedShortText,
  endedWellText,
  failedText,
  outdatedText,
  outdatedToleratedText,
  stillRunningText,
  unconfirmedText,
} from "./report/messages.ts";
import type { SyncContext } from "./run/context.ts";
import { selectedIn } from "./run/poolNodes.ts";
import type { Run } from "./run/run.ts";

/** How a sync went whose end had not been seen. */
export function reportSync(
  outcome: Outcome,
  { record: { request } }: Recorded,
  run: Run,
  { report, subject }: SyncContext,
): void {
  if (request === undefined || request.unconfirmed) return;
  const { status, targetNodeCount = request.ids.length, syncedNodeCount = 0 } = outcome.progress;
  if (status === "failed") report(failureText(outcome, run, subject), "warning");
  else if (status === "synced") report(endedWellText(syncedNodeCount), "info");
  else report(stillRunningText(syncedNodeCount, targetNodeCount), "info");
}

function failureText({ record }: Outcome, { declaration, ledger }: Run, subject: string): string {
  if (record.request?.unconfirmed) return unconfirmedText(declaration, subject);
  if (ledger.failed.length > 0) return failedText(ledger, declaration, subject, []);
  return endedShortText(owedIds(record, declaration).length);
}

/** Nodes that are outdated, and whether an update resets them. */
export function reportDrift({ progress, record }: Outcome, run: Run, { report }: SyncContext): void {
  if (run.ledger.latest === undefined) return;
  const all = selectedIn(run.ledger.latest, run).length;
  const next = progress.outdatedNodeIds.filter((id) => id in record.owed).length;
  if (next > 0) report(outdatedText(next, all), "warning");
  const left = progress.outdatedNodeIds.length - next;
  if (left > 0) report(outdatedToleratedText(left, all), "info");
}
