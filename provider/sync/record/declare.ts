/** Which nodes are owed by what is declared, as it is entered into the record. Everything here is pure. */

import { type Node, serviceTime } from "../../cce/model.ts";
import type { Declaration, Selection } from "./declaration.ts";
import { dropDrift } from "./drift.ts";
import { supersede } from "./openRequest.ts";
import { close, knownIds, recordVersion, type SyncRecord, union, type Word, withLists } from "./record.ts";
import { isSelected } from "./selection.ts";
import type { Words } from "./words.ts";

/** Where the service is. */
export interface Place {
  readonly endpoint: string;
  readonly projectId: string;
}

/**
 * The record with what is declared entered into it, over the nodes that existed when it was declared.
 * @param recorded what the state says; undefined when nothing is recorded.
 * @param record the record as it has become since; it is that of the state, or newer.
 */
export function declare(
  recorded: { readonly selection: Selection; readonly content: string } | undefined,
  record: SyncRecord | undefined,
  place: Place,
  declaration: Declaration,
  nodes: readonly Node[],
  words: Words,
): SyncRecord {
  if (recorded === undefined || record === undefined) return declareFirst(place, declaration, nodes, words);
  const entered =
    recorded.content === declaration.content
      ? declareSelection(record, recorded.selection, declaration, nodes, words)
      : declareContent(noteUnselected(record, recorded, nodes), declaration, nodes, words);
  return withPassword(entered, declaration);
}

/** The record of a pool of which nothing is owed. */
export function emptyRecord({ endpoint, projectId }: Place, content: string): SyncRecord {
  return { version: recordVersion, endpoint, projectId, base: content, off: [], owed: {}, tolerated: [] };
}

/** The record of a declaration that is made for the first time. */
function declareFirst(
  place: Place,
  declaration: Declaration,
  nodes: readonly Node[],
  words: Words,
): SyncRecord {
  const selected = nodes.filter((node) => isSelected(declaration, node));
  const others = nodes.filter((node) => !isSelected(declaration, node)).map(({ id }) => id);
  const record = withLists(emptyRecord(place, declaration.content), { outside: others });
  return withPassword(select(record, declaration, selected, words), declaration);
}

/** The record before its content is left: nodes that were never selected under it are noted, whenever they appeared. */
function noteUnselected(
  record: SyncRecord,
  { selection, content }: { readonly selection: Selection; readonly content: string },
  nodes: readonly Node[],
): SyncRecord {
  const { base, off, owed, setAside = [], outside = [] } = record;
  if (content !== base) return record;
  const known = new Set([...off, ...Object.keys(owed), ...setAside]);
  const others = nodes.filter((node) => !isSelected(selection, node) && !known.has(node.id));
  const ids = others.map(({ id }) => id);
  return withLists(record, { outside: union(outside, ids) });
}

/** The record after the content was declared anew; nodes are owed whether they are selected or not. */
function declareContent(
  record: SyncRecord,
  declaration: Declaration,
  nodes: readonly Node[],
  words: Words,
): SyncRecord {
  const { nodeIds, onChange, hasTemplate, content } = declaration;
  const { setAside: _released, soaking: _soaking, ...kept } = record;
  const fresh = kept.request?.unconfirmed ? close(kept) : supersede(kept);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const noted = (ids: readonly string[]) =>
    Object.fromEntries(ids.map((id) => [id, note(byId.get(id), words)] as const));
  if (content === record.base) {
    const outside = new Set(record.outside);
    const joining = nodes.filter((node) => outside.has(node.id) && isSelected(declaration, node));
    return select(owing(fresh, noted(record.off)), declaration, joining, words);
  }
  const owesAll = onChange === "all" || hasTemplate;
  const changed = nodes.filter((node) => owesAll || !words.isExempt(node)).map(({ id }) => id);
  // Nodes that no list shows at the moment are known to exist, too.
  const ids = union(changed, owesAll ? knownIds(record) : []);
  const named = nodeIds === undefined ? ids : ids.filter((id) => nodeIds.includes(id));
  // Who was owed for being outdated, and is not any more, is spared like any other node.
  const { owed } = owesAll ? record : dropDrift(record, nodes, words);
  return owing(fresh, noted(union(Object.keys(owed), named)));
}

/** The record with these nodes owed; one that is owed is not left alone any more. */
function owing(record: SyncRecord, owed: Readonly<Record<string, Word>>): SyncRecord {
  return { ...record, owed, tolerated: record.tolerated.filter((id) => !(id in owed)) };
}

/**
 * The record after another part of the pool was selected. A node that is selected now and was not is treated as at
 * creation, unless it is known to have the content.
 */
function declareSelection(
  record: SyncRecord,
  before: Selection,
  declaration: Declaration,
  nodes: readonly Node[],
  words: Words,
): SyncRecord {
  const released = nodes.filter((node) => isSelected(before, node) && !isSelected(declaration, node));
  const known = new Set(record.setAside);
  const joining = nodes.filter(
    (node) => isSelected(declaration, node) && !isSelected(before, node) && !known.has(node.id),
  );
  for (const { id } of released) if (!(id in record.owed)) known.add(id);
  for (const node of nodes) if (isSelected(declaration, node)) known.delete(node.id);
  const left = withLists(record, { setAside: [...known] });
  return select(left, declaration, joining, words);
}

/** The record with what is owed of nodes that are selected for the first time. */
function select(
  record: SyncRecord,
  { onCreate, hasTemplate }: Declaration,
  nodes: readonly Node[],
  words: Words,
): SyncRecord {
  const open = nodes.filter(({ id }) => !(id in record.owed));
  if (onCreate === "nothing") {
    const behind = open.filter(({ upToDate }) => upToDate === false).map(({ id }) => id);
    return { ...record, tolerated: union(record.tolerated, behind) };
  }
  const owing = open.filter((node) => onCreate === "all" || hasTemplate || !words.isExempt(node));
  const ids = owing.map(({ id }) => id);
  return {
    ...record,
    off: union(record.off, ids),
    owed: { ...record.owed, ...Object.fromEntries(owing.map((node) => [node.id, words.note(node)])) },
    tolerated: record.tolerated.filter((id) => !ids.includes(id)),
  };
}

/** The record with the way to compare the declared password. */
function withPassword(record: SyncRecord, { password }: Pick<Declaration, "password">): SyncRecord {
  const { password: _before, ...rest } = record;
  return password === undefined ? rest : { ...rest, password };
}

function note(node: Node | undefined, words: Words): Word {
  return node === undefined ? null : words.note(node);
}

/** The record with the owed nodes of a version 1 state named, and without what its watermark left open. */
export function resolveOwed(record: SyncRecord, nodes: readonly Node[]): SyncRecord {
  const { unresolved, request, ...kept } = record;
  if (unresolved === undefined) return record;
  const ids = nodes.filter((node) => existedAt(node, unresolved.watermark)).map(({ id }) => id);
  const owed = { ...Object.fromEntries(ids.map((id) => [id, null])), ...record.owed };
  return {
    ...kept,
    owed,
    off: union(record.off, ids),
    ...(request === undefined ? {} : { request: { ...request, ids: Object.keys(owed) } }),
  };
}

/** Whether the node existed at the time; where that is not known, it did. */
function existedAt(node: Node, watermark: string | undefined): boolean {
  const [created, mark] = [serviceTime(node.createdAt), serviceTime(watermark)];
  return created === undefined || mark === undefined || created <= mark;
}
