/** Which nodes a run has left to send: they are due, and no request of the run has named them. */

import type { Node } from "../../cce/model.ts";
import { count, listNames } from "../../util/text.ts";
import { isFailing } from "../proof/phases.ts";
import type { Declaration } from "../record/declaration.ts";
import { dropDrift } from "../record/drift.ts";
import { addOverlooked, dueNodes, hasContent, isDrift, spare } from "../record/record.ts";
import { isSelected } from "../record/selection.ts";
import type { Words } from "../record/words.ts";
import type { Look } from "../run/look.ts";
import { knownNodes, selectedIn } from "../run/poolNodes.ts";
import { type Run, recordOf } from "../run/run.ts";

/** Whether a node is due that no request of this run has named. */
export function hasUnsentNodes(run: Run): boolean {
  return unsentIds(run).length > 0;
}

/** Whether the node is due, and no request of this run has named it. */
export function isUnsent(id: string, run: Run): boolean {
  const { due, requested } = run.ledger;
  return due.has(id) && id in recordOf(run).owed && !requested.has(id);
}

/** The ids of the nodes that are due and that no request of this run has named. */
export function unsentIds(run: Run): string[] {
  return [...run.ledger.due].filter((id) => isUnsent(id, run));
}

/**
 * The nodes that are due and that no request of this run has named.
 * @param words what the nodes report, and what a sync that was under way has shown of them.
 */
export function unsentNodes(look: Look, run: Run, words: Words): Node[] {
  const { declaration, ledger } = run;
  // Somebody else's sync, which this run has waited for, may have brought nodes up to date that were only behind.
  ledger.record = dropDrift(recordOf(run), selectedIn(look, run), run.words);
  spareCurrent(look, run, words);
  for (const id of ledger.due)
    if (!(id in ledger.record.owed) && !ledger.requested.has(id)) ledger.due.delete(id);
  return dueNodes(ledger.record, declaration, knownNodes(look, run)).filter(({ id }) => isUnsent(id, run));
}

/** Nodes that say the opposite of what they are owed for, and that no request of this run has named. */
export function contradictingDebts(look: Look, run: Run): readonly Node[] {
  return sparableNodes(look, run).filter(({ upToDate }) => upToDate === true);
}

/** Nodes that are owed for no more than their own word, and that no request of this run has named. */
function sparableNodes(look: Look, run: Run): readonly Node[] {
  const unsent = selectedIn(look, run).filter(({ id }) => isUnsent(id, run));
  return unsent.filter(({ id }) => isDrift(recordOf(run).owed[id]) || isOwedByWord(id, run));
}

/** Nodes that would not have been owed, had this run known when it began what it knows now, are owed no longer. */
function spareCurrent(look: Look, run: Run, words: Words): void {
  const { ledger, context, declaration } = run;
  const current = sparableNodes(look, run).filter((node) => words.isExempt(node) && !isFailing(node));
  if (current.length === 0) return;
  for (const { id } of current) ledger.record = spare(recordOf(run), id, declaration.content);
  const are = current.length === 1 ? "is" : "are";
  if (ledger.skipped !== undefined) ledger.skipped += current.length;
  context.report(
    `${count(current.length, "node")} ${are} up to date by now and ${are} not reset: ${listNames(current.map(({ name }) => name))}`,
    "info",
  );
}

/** Whether the node is owed since this run began, and only because it did not report being up to date. */
function isOwedByWord(id: string, run: Run): boolean {
  const earlier = run.recorded?.record;
  if (run.declaration.hasTemplate || earlier?.unresolved !== undefined) return false;
  if (earlier !== undefined && (id in earlier.owed || earlier.off.includes(id))) return false;
  return ruleFor(id, run) === "outdated";
}

/** Whether this declaration owes a node that was neither owed nor known to have another content before it. */
function ruleFor(id: string, { declaration, recorded }: Run): Declaration["onCreate"] {
  const { onCreate, onChange, content } = declaration;
  if (recorded === undefined) return onCreate;
  const { record, selection } = recorded;
  if (recorded.content === content) return hasContent(record, selection, id, content) ? "nothing" : onCreate;
  if (record.base !== content) return onChange;
  // Back to the content that the other nodes have never left: only of these nothing is known.
  return record.outside?.includes(id) ? onCreate : "nothing";
}

/** A selected node that existed before the run, and that no list had shown, is owed like the others. */
export function takeInOverlooked(look: Look, run: Run): void {
  const { ledger, declaration } = run;
  const owesContent = [...ledger.due].some((id) => !isDrift(recordOf(run).owed[id]));
  if (!owesContent) return;
  for (const node of look.overlooked) {
    const rule = ruleFor(node.id, run);
    if (rule === "nothing" || !isSelected(declaration, node) || ledger.overlooked.has(node.id)) continue;
    ledger.overlooked.add(node.id);
    if (rule === "outdated" && !declaration.hasTemplate && run.words.isExempt(node)) continue;
    ledger.record = addOverlooked(recordOf(run), node.id);
    ledger.due.add(node.id);
    run.observer.expect([node.id]);
  }
}
