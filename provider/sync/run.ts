import { count } from "../util/text.ts";
import { createDeadline, type Deadline, type SyncContext } from "./context.ts";
import type { Declaration, FailedNode, Outcome, Progress, Recorded } from "./declaration.ts";
import { resolveOwed } from "./declare.ts";
import { createObserver, type Look, type Observer } from "./look.ts";
import { selectedIn, unselectedIds } from "./poolNodes.ts";
import { forget, isDrift, recordVersion, type SyncRecord, settle } from "./record.ts";
import { assertPoolExists, hasPool, isSelected, strangersError, strangersIn } from "./selection.ts";
import type { Wave } from "./waves.ts";
import { createWordReader, type WordReader } from "./words.ts";

/** What one run of create or update works with. */
export interface Run {
  readonly declaration: Declaration;
  readonly recorded?: Recorded;
  readonly context: SyncContext;
  readonly deadline: Deadline;
  readonly observer: Observer;
  readonly words: WordReader;
  readonly ledger: Ledger;
}

/** What a run has come to so far. It is the one thing in a run that changes. */
export interface Ledger {
  /** Undefined until the declaration has been entered. */
  record: SyncRecord | undefined;
  /** Whether anything was accepted, may have been, or was proven, so that the record must not be lost. */
  isDirty: boolean;
  /** Whether this run has sent a request that was accepted, or may have been, or has seen one of an earlier run at work. */
  hasSent: boolean;
  jobId?: string;
  acceptedAt?: string;
  /** When its first request was accepted. */
  firstAcceptedAt?: string;
  /** Why it is not known whether the request of this run was accepted. */
  unanswered?: string;
  /** The nodes that may have had another content before this run sent its request. */
  offBefore?: readonly string[];
  /** Nodes that were owed when the run began, or that belong to them though no list had shown them. */
  readonly due: Set<string>;
  /** Nodes that a request of this run has named. */
  readonly requested: Set<string>;
  readonly proven: Set<string>;
  readonly gone: Set<string>;
  /** Nodes that were overlooked at first, and have been judged since. */
  readonly overlooked: Set<string>;
  skipped?: number;
  /** The wave that this run has begun last; undefined without a rollout. */
  wave?: Wave;
  /** Its availability zone, where zones are reset one by one. */
  zone?: string | undefined;
  failed: readonly FailedNode[];
  /** Why the job failed, besides its nodes' own reasons. */
  reasons: readonly string[];
  /** Whether what is declared is in the record; until then, the earlier inputs are what is recorded. */
  isEntered: boolean;
  /** The latest look at a list that can be relied on. */
  latest?: Look;
  readonly names: Map<string, string>;
}

/** Begins a run. */
export function createRun(
  declaration: Declaration,
  recorded: Recorded | undefined,
  context: SyncContext,
): Run {
  const deadline = createDeadline(context);
  const observer = createObserver(declaration, context, deadline);
  observer.expect(declaration.nodeIds ?? []);
  observer.expect(recorded === undefined ? [] : idsIn(recorded.record));
  observer.expect(recorded?.record.request?.ids ?? []);
  return {
    declaration,
    recorded,
    context,
    deadline,
    observer,
    words: createWordReader(declaration.nodePoolId, context.interval),
    ledger: {
      record: recorded?.record,
      isDirty: false,
      hasSent: false,
      due: new Set(),
      requested: new Set(),
      proven: new Set(),
      gone: new Set(),
      overlooked: new Set(),
      failed: [],
      reasons: [],
      isEntered: false,
      names: new Map(recorded?.progress.failedNodes.map(({ id, name }) => [id, name])),
    },
  };
}

/** Every node that the record speaks of: one that is deleted leaves every list. */
function idsIn({ owed, off, tolerated, setAside = [], outside = [], soaking = [] }: SyncRecord): string[] {
  return [...Object.keys(owed), ...off, ...tolerated, ...setAside, ...outside, ...soaking];
}

/** The record of a run that has entered its declaration. */
export function recordOf({ ledger }: Pick<Run, "ledger">): SyncRecord {
  if (ledger.record === undefined) throw new Error("the declaration has not been entered");
  return ledger.record;
}

/** The record when no selected node is owed for its content any more. */
export function settledRecord(run: Run): SyncRecord {
  const isShort = run.ledger.latest?.isShort === true;
  return settle(recordOf(run), run.declaration.content, unselectedIds(run), isShort);
}

/** Why it is not known whether the run's request was accepted; nothing where that is known. */
export function unansweredIn({ unanswered }: Ledger): string[] {
  return unanswered === undefined ? [] : [unanswered];
}

/**
 * Takes in what a look shows besides the request: nodes that are gone, nodes that were overlooked, and names.
 * @returns what keeps the look from being decided on; undefined when nothing does.
 */
export function takeIn(look: Look, run: Run): string | undefined {
  const { declaration, ledger } = run;
  note(look, run);
  if (!look.isWhole) {
    const { nodeCount } = look.pool ?? {};
    const all = nodeCount === undefined ? "an unknown number of nodes" : count(nodeCount, "node");
    return `the service lists ${look.poolNodes.length} of ${all} of the pool`;
  }
  const strangers = strangersIn(look.snapshot, declaration);
  if (strangers.length > 0) throw strangersError(look.snapshot, strangers);
  if (ledger.record === undefined) return undefined;
  // A version 1 state owes the nodes that were selected when it was written.
  const selection = run.recorded?.selection ?? declaration;
  ledger.record = resolveOwed(ledger.record, selectedIn(look, { declaration: selection }));
  for (const id of look.gone) {
    if (id in ledger.record.owed && !ledger.gone.has(id)) ledger.gone.add(id);
    ledger.record = forget(ledger.record, id);
  }
  const listed = new Set(look.poolNodes.map(({ id }) => id));
  const unlisted = Object.keys(ledger.record.owed).filter(
    (id) => !listed.has(id) && isSelected(declaration, { id, poolId: declaration.nodePoolId }),
  );
  return unlisted.length > 0 && look.snapshot.nodes !== undefined ? unlistedText(unlisted) : undefined;
}

/** That nodes are missing from a list, which does not mean that they are gone. */
export function unlistedText(ids: readonly string[]): string {
  return `the service does not list ${ids.join(", ")}, but does not report ${ids.length === 1 ? "it" : "them"} deleted either`;
}

/** Keeps what a look shows, whatever is decided on it. */
export function note(look: Look, { ledger, words }: Run): void {
  words.read(look.snapshot);
  for (const { id, name } of look.poolNodes) ledger.names.set(id, name);
  if (look.isWhole && look.snapshot.nodes !== undefined) ledger.latest = look;
}

/** Takes in that the pool is listed, or was not listed in two reads. */
export function createPoolCheck(run: Run): (look: Look) => boolean {
  let missing = 0;
  return ({ snapshot }) => {
    missing = hasPool(snapshot, run.declaration.nodePoolId) ? 0 : missing + 1;
    if (missing > 1) assertPoolExists(snapshot, run.declaration);
    return missing === 0;
  };
}

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
  const { nodePoolId: poolId } = declaration;
  const failed = new Set(ledger.failed.map(({ id }) => id));
  const counts = (id: string) =>
    isSelected(declaration, { id, poolId }) && !ledger.gone.has(id) && latest?.gone.has(id) !== true;
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
