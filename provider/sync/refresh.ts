import { errorCodes } from "../errors/codes.ts";
import { ServiceError, UserError } from "../errors/errors.ts";
import { count } from "../util/text.ts";
import { activityOf } from "./proof/activity.ts";
import type { Declaration, Selection } from "./record/declaration.ts";
import { emptyRecord } from "./record/declare.ts";
import { addDrift } from "./record/drift.ts";
import type { Outcome, Recorded } from "./record/outcome.ts";
import { owedIds, owesContent, type SyncRecord } from "./record/record.ts";
import { hasPool } from "./record/selection.ts";
import type { FailedNode, Progress, SyncStatus } from "./record/standing.ts";
import { reportDrift, reportSync } from "./refreshReport.ts";
import type { SyncContext } from "./run/context.ts";
import type { Look } from "./run/look.ts";
import { outcomeOf } from "./run/outcome.ts";
import { selectedIn } from "./run/poolNodes.ts";
import { contradictingDrift, createRun, note, type Run, recordOf, settledRecord, takeIn } from "./run/run.ts";
import { enterVerdict } from "./watching/enterVerdict.ts";
import { watch } from "./watching/watch.ts";

/** How long a refresh tries to read a cluster that does not answer. */
const longestRefresh = 2 * 60_000;
/** How often an open request is looked at: one look cannot confirm anything. */
const looksAtRequest = 2;

/**
 * Read: brings what is recorded up to date with what the service shows: proves nodes, and finds those that fell behind
 * their pool's configuration. Never sends anything that changes something.
 * @param declaration what was declared last.
 * @returns undefined when the pool is gone, and the resource with it.
 */
export async function refresh(
  declaration: Declaration,
  recorded: Recorded,
  context: SyncContext,
): Promise<Outcome | undefined> {
  const run = createRun(declaration, recorded, quietly(context));
  run.ledger.isEntered = true;
  const look = await lookAtPool(run);
  if (look === undefined) {
    const { nodePoolId, clusterId } = declaration;
    context.report(
      `node pool ${nodePoolId} of cluster ${clusterId} is gone; the resource is removed from the state`,
      "warning",
    );
    return undefined;
  }
  takeInWhatHolds(look, run);
  if (look.snapshot.nodes !== undefined) await proveOpenRequest(run);
  if (contradictingDrift(look, run).length > 0) await lookAgain(run);
  const { ledger } = run;
  if (ledger.latest !== undefined)
    ledger.record = addDrift(recordOf(run), selectedIn(ledger.latest, run), run.words);
  const outcome = outcomeNow(run, recorded);
  reportSync(outcome, recorded, run, context);
  reportDrift(outcome, run, context);
  return outcome;
}

/** That a node is not behind any more is believed in a second look only. */
async function lookAgain(run: Run): Promise<void> {
  const { clock, interval, interrupted } = run.context;
  await clock.sleep(interval, interrupted);
  const look = await run.observer.look();
  if (look !== undefined) takeInWhatHolds(look, run);
}

/**
 * What can be said of a pool that no sync of ours is recorded for (`NodePoolSync.get`).
 * @throws UserError when there is no such pool: to the engine, a resource that is looked up and not there is none
 *   without outputs, and the program would go on with it.
 */
export async function inspect(declaration: Declaration, context: SyncContext): Promise<Outcome> {
  const run = createRun(declaration, undefined, quietly(context));
  const look = await lookAtExistingPool(run);
  note(look, run);
  const nodes = selectedIn(look, run);
  const behind = nodes.filter(({ upToDate }) => upToDate === false).map(({ id }) => id);
  const record = { ...emptyRecord(context.client, declaration.content), tolerated: behind };
  if (behind.length > 0)
    context.report(`${behind.length} of ${count(nodes.length, "node")} outdated`, "warning");
  const activity = activityOf(look.snapshot, declaration, look.clusterUpgrading);
  return {
    isEntered: true,
    record,
    progress: {
      status: activity === undefined ? "synced" : "inProgress",
      targetNodeCount: look.snapshot.nodes && nodes.length,
      syncedNodeCount: look.snapshot.nodes && nodes.length - behind.length,
      failedNodes: [],
      outdatedNodeIds: behind,
    },
  };
}

/** As a refresh and a look-up work: they say only what they have found, and do not try for long. */
export function quietly(context: SyncContext): SyncContext {
  return { ...context, timeout: longestRefresh, report: () => undefined };
}

/** What the look shows of nodes; a list that cannot be relied on takes nothing away. */
function takeInWhatHolds(look: Look, run: Run): void {
  try {
    takeIn(look, run);
  } catch (error) {
    // Nodes that the inputs name and that are gone are a matter for the next update.
    if (!(error instanceof UserError)) throw error;
  }
}

async function proveOpenRequest(run: Run): Promise<void> {
  const { ledger } = run;
  const before = recordOf(run);
  const { request } = before;
  if (request === undefined || request.unconfirmed) return;
  for (const id of request.ids) if (id in before.owed) ledger.due.add(id);
  const end = await watch(request, undefined, run, looksAtRequest);
  if (end.kind !== "poolGone" && end.kind !== "outcomeUnknown") enterVerdict(end, before, run);
}

/** Where the sync stands now: what was recorded, where the looks show nothing else. */
function outcomeNow(run: Run, { progress: before, record: earlier }: Recorded): Outcome {
  const { ledger } = run;
  const status = statusNow(recordOf(run), earlier, before.status, run);
  if (status === "synced" && before.status !== "synced") ledger.record = settledRecord(run);
  const { record, progress } = outcomeOf(status, run);
  const hasEnded = status !== before.status && (status === "synced" || status === "failed");
  return {
    isEntered: true,
    record,
    progress: {
      ...before,
      status,
      finishedAt: hasEnded ? progress.finishedAt : before.finishedAt,
      ...countsNow(before, progress, earlier, run),
      failedNodes: failedNow(before, status, ledger.failed),
      outdatedNodeIds: progress.outdatedNodeIds,
    },
  };
}

function statusNow(record: SyncRecord, earlier: SyncRecord, before: SyncStatus, run: Run): SyncStatus {
  const { proven, failed } = run.ledger;
  const isOpen = record.request !== undefined && !record.request.unconfirmed;
  if (isOpen) return before === "accepted" && proven.size + failed.length > 0 ? "inProgress" : before;
  if (!owesContent(record, run.declaration)) return "synced";
  return earlier.request === undefined ? before : "failed";
}

function failedNow(
  before: Progress,
  status: SyncStatus,
  failed: readonly FailedNode[],
): readonly FailedNode[] {
  if (status === "synced") return [];
  return failed.length > 0 ? failed : before.failedNodes;
}

/** The counts of the sync that is recorded: a refresh sends nothing, so that no node comes to those that needed a reset. */
function countsNow(
  before: Progress,
  { status, syncedNodeCount }: Progress,
  earlier: SyncRecord,
  run: Run,
): Pick<Progress, "targetNodeCount" | "syncedNodeCount"> {
  const { targetNodeCount } = before;
  const { proven } = run.ledger;
  if (status !== "synced") {
    const isKnown = before.syncedNodeCount !== undefined || proven.size > 0;
    return { targetNodeCount, syncedNodeCount: isKnown ? syncedNodeCount : undefined };
  }
  if (before.status === "synced" || targetNodeCount === undefined)
    return { targetNodeCount, syncedNodeCount: targetNodeCount ?? before.syncedNodeCount };
  // Nodes that are gone, or that others have brought up to date.
  const left = owedIds(earlier, run.declaration).filter(
    (id) => !(id in recordOf(run).owed) && !proven.has(id),
  );
  const count = Math.max(targetNodeCount - left.length, (before.syncedNodeCount ?? 0) + proven.size);
  return { targetNodeCount: count, syncedNodeCount: count };
}

/** What looks at a pool. */
type Looking = Pick<Run, "context" | "deadline" | "observer"> & { readonly declaration: Selection };

/**
 * A look at a pool that has to be there.
 * @throws UserError when there is no such pool.
 */
export async function lookAtExistingPool(looking: Looking): Promise<Look> {
  const look = await lookAtPool(looking);
  if (look === undefined) throw new UserError("there is no such node pool", errorCodes.notFound);
  return look;
}

/** A look at the cluster that has the pool; undefined when it is gone. One list that lacks it is no proof. */
async function lookAtPool(looking: Looking): Promise<Look | undefined> {
  const { context, declaration, deadline } = looking;
  for (let missing = 0; ; ) {
    const look = await lookOrGone(looking);
    if (look === undefined || !hasPool(look.snapshot, declaration.nodePoolId)) missing += 1;
    else if (look.isWhole || missing > 0 || context.clock.monotonic() >= deadline.at()) return look;
    if (missing > 1) return undefined;
    await context.clock.sleep(context.interval, context.interrupted);
  }
}

async function lookOrGone({ observer, context }: Looking): Promise<Look | undefined> {
  try {
    const look = await observer.look(true);
    if (look !== undefined) return look;
  } catch (error) {
    // Only the service itself can say that the cluster is gone; a stranger's 404 must not cost the state.
    const isGone =
      error instanceof ServiceError &&
      error.status === 404 &&
      error.codes.some((code) => code.startsWith("CCE"));
    if (isGone) return undefined;
    throw error;
  }
  if (context.interrupted.aborted) throw new UserError("interrupted", errorCodes.interrupted);
  const { text, code, remedy } = observer.blindness() ?? {
    text: "no answer in time",
    code: errorCodes.unreachable,
  };
  throw new UserError(`the cluster could not be read: ${text}`, code, remedy);
}
