/** The record as its request is sent, accepted or refused. Everything here is pure. */

import type { Node } from "../../cce/model.ts";
import { close, isDrift, type OpenRequest, type SyncRecord, union, without } from "./record.ts";
import type { Words } from "./words.ts";

/** The record when the request leaves: what its nodes say now is noted. */
export function send(
  record: SyncRecord,
  nodes: readonly Node[],
  request: Omit<OpenRequest, "ids" | "accepted">,
  words: Words,
): SyncRecord {
  const ids = nodes.map(({ id }) => id);
  const noted = nodes.map((node) => {
    const word = record.owed[node.id] ?? null;
    return [node.id, isDrift(word) ? word : words.note(node)];
  });
  return {
    ...record,
    owed: { ...record.owed, ...Object.fromEntries(noted) },
    off: union(record.off, ids),
    request: { ...request, ids, accepted: false },
  };
}

/** The record when it is known that the service took the request; its answer may have named no job. */
export function accept(record: SyncRecord, jobId: string | undefined, answeredAt: string): SyncRecord {
  return withRequest(record, { ...(jobId === undefined ? { answeredAt } : { jobId }), accepted: true });
}

/** The record when the answer to the request was lost: whether the service took it is not known. */
export function loseAnswer(record: SyncRecord, answeredAt: string): SyncRecord {
  return withRequest(record, { answeredAt });
}

/** The record when the service has certainly not taken the request. */
export function withdraw(record: SyncRecord, before: SyncRecord): SyncRecord {
  return { ...close(record), off: before.off };
}

/** The record with its request kept as one for a content that is not declared any more. */
export function supersede(record: SyncRecord): SyncRecord {
  return withRequest(record, { superseded: true });
}

/** The record with its request kept as one that the service has shown nothing of. */
export function leaveUnconfirmed(record: SyncRecord): SyncRecord {
  return withRequest(record, { unconfirmed: true });
}

function withRequest(record: SyncRecord, more: Partial<OpenRequest>): SyncRecord {
  return record.request === undefined ? record : { ...record, request: { ...record.request, ...more } };
}

/**
 * The record after proof that the request never came to the node.
 * @param offBefore what was in `off` before the request was sent.
 */
export function leaveUntouched(record: SyncRecord, id: string, offBefore: readonly string[]): SyncRecord {
  return offBefore.includes(id) ? record : { ...record, off: without(record.off, id) };
}
