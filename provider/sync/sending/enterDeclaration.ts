import type { Node } from "../../cce/model.ts";
import { errorCodes } from "../../errors/codes.ts";
import { count } from "../../util/text.ts";
import { activityOf, createStandstill } from "../proof/activity.ts";
import { isFailing } from "../proof/phases.ts";
import { declare } from "../record/declare.ts";
import { addDrift } from "../record/drift.ts";
import { dueNodes, prove, type SyncRecord } from "../record/record.ts";
import { isSameSelection, isSelected } from "../record/selection.ts";
import type { Words } from "../record/words.ts";
import { nothingSent, type Obstacle } from "../report/obstacle.ts";
import { createProgress } from "../report/progress.ts";
import type { Look } from "../run/look.ts";
import type { ProvenTemplates } from "../run/mutex.ts";
import { knownNodes, selectedIn } from "../run/poolNodes.ts";
import { contradictingDrift, createPoolCheck, type Run, takeIn } from "../run/run.ts";
import { waitUntil } from "../run/waiter.ts";
import type { Adoption } from "./adoption.ts";

/**
 * Enters what is declared into the record: which nodes are owed from now on. Waits for the pool to be at rest only
 * where the nodes' own word decides that.
 * @param adoption takes in every look from now on.
 * @param byOthers what requests of other runs of this process have proven since this one was asked for.
 * @throws UserError when the inputs do not fit the cluster, or the deadline or an interruption comes first.
 */
export async function enterDeclaration(
  run: Run,
  adoption: Adoption,
  byOthers: ProvenTemplates,
): Promise<void> {
  const { context, deadline } = run;
  const step = createEntry(run, adoption, byOthers);
  const end = await waitUntil<true>({ ...context, deadline }, step.next);
  if (end.kind !== "settled") throw nothingSent(end.kind, step.obstacle(), run.ledger.hasSent);
}

function createEntry(run: Run, adoption: Adoption, byOthers: ProvenTemplates) {
  const { context, declaration, observer } = run;
  const progress = createProgress(context.report, context.clock);
  const poolIsThere = createPoolCheck(run);
  const standstill = createStandstill(context.clock);
  const initial = new Set<string>();
  const broken = createBrokenNodes(byOthers);
  let isFirst = true;
  let obstacle: Obstacle | undefined;

  function wait(text: string, what = text): undefined {
    obstacle = { text, code: errorCodes.busy };
    progress(`waiting: ${text}`, what);
    return undefined;
  }

  async function next(): Promise<true | undefined> {
    const look = await observer.look();
    if (look === undefined) {
      obstacle = observer.blindness() ?? obstacle;
      return undefined;
    }
    if (!poolIsThere(look)) return undefined;
    for (const { id } of isFirst ? look.poolNodes : look.overlooked) initial.add(id);
    isFirst = false;
    const open = takeIn(look, run);
    if (open !== undefined) return wait(open);
    await adoption.observe(look);
    if (broken.isUnclear(look)) return undefined;
    if (needsWords(run) || contradictingDrift(look, run).length > 0) {
      const activity = activityOf(look.snapshot, declaration, look.clusterUpgrading);
      if (activity !== undefined && !(activity.isScaling && standstill(activity.fingerprint)))
        return wait(activity.text, activity.what);
      if (adoption.isSettling())
        return wait("nodes were reset recently, and a second read has to confirm it");
      if (!run.words.isSettled(look.poolNodes) && run.words.needsSecondRead()) return undefined;
      if (!run.words.isSettled(look.poolNodes))
        return wait("the pool was changed recently, and its nodes may still report their state from before");
    }
    enter(look, initial, adoption.words(), run, broken.unbroken(look));
    return true;
  }

  return { next, obstacle: () => obstacle };
}

/** What others have proven, without nodes that have broken since: these are not as their reset has left them. */
function createBrokenNodes(byOthers: ProvenTemplates) {
  let brokenBefore: ReadonlySet<string> = new Set();
  const brokenIn = ({ nodes }: Look) =>
    [...byOthers.keys()].filter((id) => {
      const node = nodes.get(id);
      return node !== undefined && isFailing(node);
    });
  return {
    /** Whether a second read has to confirm a fault. */
    isUnclear(look: Look): boolean {
      const broken = brokenIn(look);
      const isUnclear = broken.some((id) => !brokenBefore.has(id));
      brokenBefore = new Set(broken);
      return isUnclear;
    },
    unbroken(look: Look): ProvenTemplates {
      const broken = new Set(brokenIn(look));
      return new Map([...byOthers].filter(([id]) => !broken.has(id)));
    },
  };
}

/** Whether the nodes' own word decides which of them are owed, so that the pool has to be at rest first. */
export function needsWords({ declaration, recorded }: Run): boolean {
  const { onCreate, onChange, hasTemplate, content } = declaration;
  if (hasTemplate) return false;
  if (recorded === undefined) return onCreate === "outdated";
  const isOtherSelection = !isSameSelection(recorded.selection, declaration);
  return (
    (recorded.content !== content && onChange === "outdated") || (onCreate === "outdated" && isOtherSelection)
  );
}

function enter(
  look: Look,
  initial: ReadonlySet<string>,
  words: Words,
  run: Run,
  byOthers: ProvenTemplates,
): void {
  const { declaration, recorded, context, ledger } = run;
  const existing = knownNodes(look, run).filter(
    ({ id }) => look.snapshot.nodes === undefined || initial.has(id),
  );
  const selected = selectedIn(look, run);
  const place = { endpoint: context.client.endpoint, projectId: context.client.projectId };
  let record = declare(recorded, ledger.record, place, declaration, existing, words);
  const spared = selected.filter((node) => isSpared(node, record, run)).length;
  if (recorded === undefined) ledger.skipped = spared;
  for (const [id, template] of byOthers) {
    const saysBehind = look.nodes.get(id)?.upToDate === false;
    if (template === declaration.template) record = prove(record, id, declaration.content, saysBehind);
  }
  record = addDrift(record, selected, run.words);
  ledger.record = record;
  ledger.isEntered = true;
  for (const id of initial) ledger.overlooked.add(id);
  for (const { id } of dueNodes(record, declaration, knownNodes(look, run))) ledger.due.add(id);
  run.observer.expect(Object.keys(record.owed));
  context.trace?.note("declared", { owed: record.owed, due: [...ledger.due] });
  reportSpared(spared, run);
}

/** Whether a node that is selected for the first time is left as it is because it reports being up to date. */
function isSpared(node: Node, { owed, setAside }: SyncRecord, { recorded, declaration }: Run): boolean {
  if (declaration.onCreate !== "outdated" || node.upToDate !== true || node.id in owed) return false;
  if (recorded === undefined) return true;
  const isJoining = !isSelected(recorded.selection, node) && !recorded.record.setAside?.includes(node.id);
  return isJoining && recorded.content === declaration.content && !setAside?.includes(node.id);
}

function reportSpared(spared: number, { context }: Run): void {
  if (spared === 0) return;
  context.report(
    `${count(spared, "node")} ${spared === 1 ? "reports" : "report"} being up to date and ${spared === 1 ? "is" : "are"} not reset; CCE reports on the OS and the container engine only; to reset ${spared === 1 ? "it" : "them"} as well, change \`triggers\`, or create the resource with \`onCreate: "all"\``,
    "warning",
  );
}
