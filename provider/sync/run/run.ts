import type { Node } from "../../cce/model.ts";
import { count } from "../../util/text.ts";
import type { Declaration } from "../record/declaration.ts";
import { resolveOwed } from "../record/declare.ts";
import type { Recorded } from "../record/outcome.ts";
import { forget, isDrift, knownIds, owedIds, type SyncRecord, settle } from "../record/record.ts";
import { assertPoolExists, hasPool, isSelected, strangersError, strangersIn } from "../record/selection.ts";
import type { FailedNode } from "../record/standing.ts";
import { createWordReader, type WordReader } from "../record/words.ts";
import { createDeadline, type Deadline, type SyncContext } from "./context.ts";
import { createObserver, type Look, type Observer } from "./look.ts";
import { selectedIn } from "./poolNodes.ts";

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

/** A wave as its progress names it. */
export interface Wave {
  /** From 1. */
  readonly number: number;
  /** How many waves the run has, were all nodes to stay as they are. */
  readonly of: number;
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
  observer.expect(recorded === undefined ? [] : knownIds(recorded.record));
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

/** The ids of the pool's nodes outside the selection, as the latest list shows them. */
function unselectedIds({ ledger, declaration }: Run): string[] {
  const nodes = ledger.latest?.poolNodes ?? [];
  return nodes.filter((node) => !isSelected(declaration, node)).map(({ id }) => id);
}

/** Nodes that are owed because they said that they are behind, and that say the opposite now. */
export function contradictingDrift(look: Look, run: Run): readonly Node[] {
  const owed = run.ledger.record?.owed ?? {};
  return selectedIn(look, run).filter(({ id, upToDate }) => upToDate === true && isDrift(owed[id]));
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
  const unlisted = owedIds(ledger.record, declaration).filter((id) => !listed.has(id));
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
