/**
 * What is known of each node: whether it is owed, that is, not known to have the declared content. A node leaves that
 * list by proof about itself, or by being gone; nothing else counts. Repeats, resumes, drift, a wider selection,
 * adoption and going back are one question: which owed nodes are selected and exist?
 *
 * Create, update, refresh and the forecast all ask this module and `declare.ts`, which enters what is declared; none of
 * them builds a record by hand. Everything here is pure.
 */

import type { Node } from "../../cce/model.ts";
import type { Selection } from "./declaration.ts";
import { isSelected, isSelectedId } from "./selection.ts";
import type { SyncStatus } from "./standing.ts";

/** The version of the record that this package writes. It reads this one and every older one. */
export const recordVersion = 2;

/**
 * Why a node is owed. Owed for its content, it is what the node last said about being up to date (`null`: nothing
 * that could be relied on). A node that has the content is owed when it says that it is `"behind"`; once more when it
 * was reset for that and still says so (`"again"`), and not a third time.
 */
export type Word = boolean | null | "behind" | "again";

/** A request whose end has not been seen. */
export interface OpenRequest {
  readonly ids: readonly string[];
  /** The job in the answer to the request. */
  readonly jobId?: string;
  /** False while it is not known whether the service took the request. */
  readonly accepted: boolean;
  /** When it was sent, ISO 8601: the service's clock where that is known. */
  readonly sentAt: string;
  /** When its answer came or was lost, by the same clock, where no answer named its job: it was created by then. */
  readonly answeredAt?: string;
  /** What the pool showed before the request: a sign that it had then is none of the request. */
  readonly before: {
    readonly jobId?: string;
    readonly transition?: string;
    readonly updatedAt?: string;
    /** Nodes that were being installed already: that is no sign of the request. */
    readonly working?: readonly string[];
  };
  /** The content has changed since: it is waited for, and proves nothing. */
  readonly superseded?: true;
  /** Its end came, and the service has shown nothing of what it did: nothing is sent until the content changes. */
  readonly unconfirmed?: true;
}

/** The record, kept in the state. When nothing is owed it is some hundred bytes. */
export interface SyncRecord {
  readonly version: typeof recordVersion;
  /** Where the service was when the pool was last seen. */
  readonly endpoint: string;
  readonly projectId: string;
  /** Digest of the password, for comparison. */
  readonly password?: string;
  /** Digest of the content that all nodes outside `off` have. */
  readonly base: string;
  /** Nodes that may have another content than `base`. */
  readonly off: readonly string[];
  readonly owed: Readonly<Record<string, Word>>;
  /** Nodes that say that they are behind, and that are left alone. */
  readonly tolerated: readonly string[];
  /** Nodes outside the selection that have the declared content. */
  readonly setAside?: readonly string[];
  /** Nodes outside the selection that `base` says nothing of: they were never selected under that content. */
  readonly outside?: readonly string[];
  /** Nodes that a rollout which has not ended has reset: the next run soaks them before its first wave. */
  readonly soaking?: readonly string[];
  readonly request?: OpenRequest;
  /** A state of version 1 did not name what it owed: every selected node that existed at this time. */
  readonly unresolved?: { readonly watermark?: string };
  /** A failed update wrote this state: the engine holds older inputs beside it. */
  readonly lag?: true;
}

/** The record with a node owed that existed when the declaration was made, and that no list had shown. */
export function addOverlooked(record: SyncRecord, id: string): SyncRecord {
  if (id in record.owed) return record;
  return { ...record, owed: { ...record.owed, [id]: null }, off: union(record.off, [id]) };
}

/**
 * The record with a node owed no longer that no request has named, and that others have brought up to date since: it
 * may have lost the content of before.
 */
export function spare(record: SyncRecord, id: string, content: string): SyncRecord {
  const { [id]: _word, ...owed } = record.owed;
  const off = content === record.base ? without(record.off, id) : union(record.off, [id]);
  return { ...record, owed, off };
}

/** The record without an open request. */
export function close(record: SyncRecord): SyncRecord {
  const { request: _over, ...rest } = record;
  return rest;
}

/** The record as a failed update writes it. */
export function markLag(record: SyncRecord): SyncRecord {
  return { ...record, lag: true };
}

/** The record as an update that succeeds writes it. */
export function clearLag(record: SyncRecord): SyncRecord {
  const { lag: _lag, ...rest } = record;
  return rest;
}

/** The record after proof that the node has the declared content. */
export function prove(record: SyncRecord, id: string, content: string, saysBehind: boolean): SyncRecord {
  if (!(id in record.owed)) return record;
  const { [id]: word, ...owed } = record.owed;
  const off = content === record.base ? without(record.off, id) : record.off;
  if (!saysBehind) return { ...record, owed, off };
  if (word === "again") return { ...record, owed, off, tolerated: union(record.tolerated, [id]) };
  return { ...record, off, owed: { ...owed, [id]: "again" } };
}

/** The record with a node noted that has the declared content although it is not selected. */
export function keepAside(record: SyncRecord, id: string): SyncRecord {
  return withLists(record, { setAside: union(record.setAside ?? [], [id]) });
}

/** The record with a node of a wave noted that is proven: it has to stay healthy before the next wave begins. */
export function beginSoak(record: SyncRecord, id: string): SyncRecord {
  return withLists(record, { soaking: union(record.soaking ?? [], [id]) });
}

/** The record without a node that is gone from the cluster. */
export function forget(record: SyncRecord, id: string): SyncRecord {
  const { [id]: _word, ...owed } = record.owed;
  const { setAside = [], outside = [], soaking = [], request } = record;
  const kept = withLists(record, {
    setAside: without(setAside, id),
    outside: without(outside, id),
    soaking: without(soaking, id),
  });
  return {
    ...kept,
    owed,
    off: without(record.off, id),
    tolerated: without(record.tolerated, id),
    ...(request === undefined ? {} : { request: { ...request, ids: without(request.ids, id) } }),
  };
}

/**
 * The record when no selected node is owed for its content any more: that content becomes the base, unless nodes outside
 * the selection, or nodes that no list shows, still have the base of before.
 * @param unselected the ids of the pool's nodes outside the selection.
 * @param isShort whether the pool says that it has more nodes than are listed.
 */
export function settle(
  record: SyncRecord,
  content: string,
  unselected: readonly string[],
  isShort: boolean,
): SyncRecord {
  const { owed, setAside = [], outside = [] } = record;
  const others = unselected.filter((id) => !(id in owed) && !setAside.includes(id));
  if (isShort || (content !== record.base && others.some((id) => !outside.includes(id))))
    return withLists(close(record), { soaking: [] });
  const off = Object.entries(record.owed)
    .filter(([, word]) => !isDrift(word))
    .map(([id]) => id);
  const left = content === record.base ? others.filter((id) => outside.includes(id)) : others;
  return withLists({ ...close(record), base: content, off }, { outside: left, soaking: [] });
}

/** The record with these lists; one that is empty is left out. */
export function withLists(
  record: SyncRecord,
  lists: Partial<Record<"setAside" | "outside" | "soaking", readonly string[]>>,
): SyncRecord {
  const { setAside = [], outside = [], soaking = [], ...rest } = { ...record, ...lists };
  return {
    ...rest,
    ...(setAside.length > 0 && { setAside }),
    ...(outside.length > 0 && { outside }),
    ...(soaking.length > 0 && { soaking }),
  };
}

/** The owed nodes that are selected and exist. */
export function dueNodes(record: SyncRecord, selection: Selection, nodes: readonly Node[]): Node[] {
  return nodes.filter((node) => node.id in record.owed && isSelected(selection, node));
}

/** Whether a selected node is owed for the content itself. */
export function owesContent(record: SyncRecord, selection: Selection): boolean {
  const isOwed = owedIds(record, selection).some((id) => !isDrift(record.owed[id]));
  return isOwed || record.unresolved !== undefined;
}

/** The ids of the owed nodes that are selected, whether they exist or not. */
export function owedIds({ owed }: SyncRecord, selection: Selection): string[] {
  return Object.keys(owed).filter((id) => isSelectedId(selection, id));
}

/**
 * Whether there is something left to do for what is recorded, although nothing has changed: a sync to resume or to
 * repeat, or nodes to send.
 */
export function isUnfinished(record: SyncRecord, status: SyncStatus, selection: Selection): boolean {
  const { request, unresolved } = record;
  const ids = owedIds(record, selection);
  // Nobody waits for an accepted request; nodes that it does not name are still to be sent.
  if (status === "accepted") return ids.some((id) => !request?.ids.includes(id));
  return status !== "synced" || unresolved !== undefined || ids.length > 0;
}

/** Every node that the record speaks of: one that is deleted leaves every list. */
export function knownIds(record: SyncRecord): string[] {
  const { owed, off, tolerated, setAside = [], outside = [], soaking = [] } = record;
  return [...Object.keys(owed), ...off, ...tolerated, ...setAside, ...outside, ...soaking];
}

/**
 * Whether the record shows that a node has the declared content while that is not the base yet: it was proven, or spared.
 * @param selection what was selected when the record was written.
 */
export function hasContent(
  { base, off, owed, setAside = [] }: SyncRecord,
  selection: Selection,
  id: string,
  content: string,
): boolean {
  const isLeft = content !== base && off.includes(id) && !(id in owed);
  return setAside.includes(id) || (isLeft && isSelectedId(selection, id));
}

/** Whether a node is owed for no more than what it says of itself. */
export function isDrift(word: Word | undefined): boolean {
  return word === "behind" || word === "again";
}

/** All of these ids, each once. */
export function union(ids: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...ids, ...more])];
}

/** The ids but for one. */
export function without(ids: readonly string[], id: string): string[] {
  return ids.filter((each) => each !== id);
}
