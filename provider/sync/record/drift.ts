/** Drift: nodes that have the declared content and say that they are behind their pool. Everything here is pure. */

import type { Node } from "../../cce/model.ts";
import { isDrift, type SyncRecord } from "./record.ts";
import type { Words } from "./words.ts";

/** The record after a look: selected nodes that say that they are behind are owed, others are not behind any more. */
export function addDrift(record: SyncRecord, selected: readonly Node[], words: Words): SyncRecord {
  const kept = dropDrift(record, selected, words);
  const behind = selected.filter(
    ({ id, upToDate }) => upToDate === false && !(id in kept.owed) && !kept.tolerated.includes(id),
  );
  const drift = Object.fromEntries(behind.map(({ id }) => [id, "behind" as const]));
  const found = { ...kept, owed: { ...kept.owed, ...drift } };
  const { request } = kept;
  if (request === undefined || request.superseded) return found;
  // What an open request has done for a node is over once the node falls behind again.
  return { ...found, request: { ...request, ids: request.ids.filter((id) => !(id in drift)) } };
}

/** The record after a look: selected nodes that say that they are up to date are not behind any more. */
export function dropDrift(record: SyncRecord, selected: readonly Node[], words: Words): SyncRecord {
  const current = new Set(selected.filter(words.isExempt).map(({ id }) => id));
  const owed = Object.entries(record.owed).filter(([id, word]) => !(current.has(id) && isDrift(word)));
  return {
    ...record,
    owed: Object.fromEntries(owed),
    tolerated: record.tolerated.filter((id) => !current.has(id)),
  };
}

/** The record with a node owed that has the content, and says that it is behind. */
export function oweDrift(record: SyncRecord, id: string): SyncRecord {
  return id in record.owed ? record : { ...record, owed: { ...record.owed, [id]: "behind" } };
}
