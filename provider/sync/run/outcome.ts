import type { Outcome } from "../record/outcome.ts";
import { isDrift, recordVersion, type SyncRecord } from "../record/record.ts";
import { isSelectedId } from "../record/selection.ts";
import type { Progress } from "../record/standing.ts";
import { selectedIn } from "./poolNodes.ts";
import { type Run, recordOf } from "./run.ts";

/** What the run leaves to be recorded, as it stands. */
export function outcomeOf(status: Progress["status"], run: Run): Outcome {
  const { ledger, recorded, declaration, context } = run;
  const { endpoint, projectId } = context.client;
  const base = recordOf(run);
  const isEnd = status === "synced" || status === "failed";
  const isSameContent = recorded !== undefined && recorded.content === declaration.content;
  const earlier = isSameContent && recorded.progress.status !== "synced" ? recorded.progress : undefined;
  const earlierSkipped = isSameContent ? recorded.progress.skippedNodeCount : undefined;
  const counts = countsOf(run, earlier?.syncedNodeCount ?? 0, earlierSkipped);
  const { jobId = earlier?.jobId, acceptedAt = earlier?.acceptedAt } = ledger;
  return {
    isEntered: ledger.isEntered,
    record: { ...(ledger.isEntered ? base : reinstate(base)), version: recordVersion, endpoint, projectId },
    progress: {
      status,
      jobId,
      acceptedAt,
      finishedAt: isEnd ? new Date(context.clock.now()).toISOString() : undefined,
      targetNodeCount: counts.needed,
      syncedNodeCount: status === "accepted" ? undefined : counts.synced,
      skippedNodeCount: ledger.skipped ?? counts.skipped,
      failedNodes: ledger.failed,
      outdatedNodeIds: outdatedIn(run, base),
    },
  };
}

/**
 * How many of the selected nodes that exist needed a reset, how many of these are proven, and how many others were
 * spared by earlier runs.
 * @param earlierSynced how many nodes earlier runs of the same sync have proven.
 * @param earlierSkipped how many they have spared; undefined where that says nothing of what is declared now.
 */
function countsOf({ ledger, declaration }: Run, earlierSynced: number, earlierSkipped: number | undefined) {
  const { latest, due, proven, record } = ledger;
  const failed = new Set(ledger.failed.map(({ id }) => id));
  const counts = (id: string) =>
    isSelectedId(declaration, id) && !ledger.gone.has(id) && latest?.gone.has(id) !== true;
  // One that is neither owed nor proven was brought up to date by others, or says by now that it is.
  const isNeeded = (id: string) => proven.has(id) || (record !== undefined && id in record.owed);
  const needed = new Set([...due, ...proven].filter((id) => failed.has(id) || (counts(id) && isNeeded(id))));
  // One of them may be due again, not be selected any more, or be gone since.
  const others =
    latest === undefined
      ? Number.POSITIVE_INFINITY
      : selectedIn(latest, { declaration }).filter(({ id }) => !needed.has(id)).length;
  const earlier = Math.min(earlierSynced, others);
  return {
    needed: earlier + needed.size,
    synced: earlier + [...proven].filter((id) => counts(id) && !failed.has(id)).length,
    skipped: earlierSkipped && Math.min(earlierSkipped, others - earlier),
  };
}

/** The record beside the inputs of before: to these, their request is not superseded. */
function reinstate(record: SyncRecord): SyncRecord {
  if (record.request === undefined) return record;
  const { superseded: _superseded, ...request } = record.request;
  return { ...record, request };
}

/** Selected nodes that say that they are behind, and that are owed for that or left alone. */
function outdatedIn(
  { ledger, declaration, recorded }: Run,
  { owed, tolerated }: SyncRecord,
): readonly string[] {
  // Where nodes may not be listed, what was known of them holds.
  if (ledger.latest === undefined) return recorded?.progress.outdatedNodeIds ?? [];
  const nodes = selectedIn(ledger.latest, { declaration });
  const behind = nodes.filter(({ upToDate }) => upToDate === false).map(({ id }) => id);
  return behind.filter((id) => isDrift(owed[id]) || tolerated.includes(id));
}
