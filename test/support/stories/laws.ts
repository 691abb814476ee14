import assert from "node:assert/strict";
import type { AcceptedSync } from "../../../emulator/index.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import type { Happening } from "./happenings.ts";
import { assertIsNeeded, type Run } from "./needless.ts";
import type { Targets } from "./oracle.ts";
import { assertIsSpared } from "./spared.ts";
import { contentOf, isSelected, type Kept, type Tale } from "./tale.ts";
import { assertWaves } from "./waves.ts";

/** How long something that happened to a node may be seen after it, in milliseconds. */
const longestDisturbance = 200_000;

/** A run that has ended with a state, and what the story knew when it began. */
export interface Ended {
  readonly run: Run;
  readonly previous?: Kept;
  readonly state: State;
  readonly ids: ReadonlySet<string>;
  readonly configuration: number;
}

/** Nodes that the run was right not to owe: they were up to date, and their word was asked. */
export function exempt(tale: Tale, ended: Ended): void {
  const { pool, oracle } = tale;
  const { run, state } = ended;
  for (const { id, configuration } of pool.nodes()) {
    if (id in state.record.owed || oracle.has(id, run.content)) continue;
    const isCurrent = configuration >= ended.configuration;
    if (isExempt(tale, ended, id, isCurrent) || looksReset(tale, id, run.content))
      oracle.grant(id, run.content);
  }
}

/** Nodes that a refresh cannot but take for reset. */
export function grantWhatLooksReset(tale: Tale, { record }: State, content: string): void {
  for (const { id } of tale.pool.nodes())
    if (!(id in record.owed) && looksReset(tale, id, content)) tale.oracle.grant(id, content);
}

function isExempt(tale: Tale, ended: Ended, id: string, isCurrent: boolean): boolean {
  const { run, previous } = ended;
  const { inputs, content } = run;
  const isChange = previous !== undefined && contentOf(previous.recorded) !== content;
  const byWord = (rule: string | undefined) =>
    rule === "outdated" && inputs.nodeTemplate === undefined && tale.profile.upToDateField && isCurrent;
  const isNew = previous === undefined || !isSelected(previous.recorded, id);
  const mayJoin = isNew && isSelected(inputs, id) && !isChange;
  if (mayJoin && (inputs.onCreate === "nothing" || byWord(inputs.onCreate))) return true;
  if (isChange && byWord(inputs.onChange)) return true;
  return previous === undefined && wasAdopted(tale, id, ended);
}

/** Whether a first run has seen how a sync that was not recorded brought the node up to date. */
function wasAdopted({ harness }: Tale, id: string, { run: { inputs, from }, configuration }: Ended): boolean {
  if (inputs.onCreate !== "outdated" || inputs.nodeTemplate !== undefined) return false;
  const resets = harness.emulator.cluster.resetLog(id);
  return resets.some(
    (reset) =>
      reset.outcome === "succeeded" && (reset.endedAt ?? 0) >= from && reset.configuration >= configuration,
  );
}

/**
 * What somebody does to one node once a request for it has left cannot be told from its reset by that request, whether
 * it has arrived or not.
 */
function looksReset(tale: Tale, nodeId: string, content: string): boolean {
  const { pool, runs, harness, oracle } = tale;
  const asked = runs.find((run) => run.content === content);
  if (asked === undefined) return false;
  const from = asked.from - longestDisturbance;
  const wasTouched = pool.happened.some(
    ({ what, at, nodeId: id }) => id === nodeId && at >= from && looksLikeReset(tale, what),
  );
  // An answer that was lost and a sync of the same nodes within the time in which a request may take effect.
  const isTaken = pool.happened.some(
    ({ what, at }) => what.kind === "othersSync" && at >= asked.from && isShortlyAfterLoss(tale, at),
  );
  // Without a template, whoever resets a node gives it what the pool says, as our request does.
  const byOthers =
    asked.inputs.nodeTemplate === undefined &&
    harness.emulator.cluster
      .resetLog(nodeId)
      .filter(({ sync }) => sync === undefined || !oracle.requests.has(sync))
      .some(({ outcome, endedAt = 0 }) => outcome === "succeeded" && endedAt >= asked.from);
  return wasTouched || isTaken || byOthers;
}

/** Whether a request of which nobody knows whether it was taken may have left in the last two minutes. */
function isShortlyAfterLoss({ pool, runs }: Tale, at: number): boolean {
  const wasLost = pool.happened.some(({ what }) => ["requestLost", "answerLost"].includes(what.kind));
  return wasLost && runs.some(({ from, until }) => from <= at && until >= at - longestDisturbance);
}

function looksLikeReset(tale: Tale, what: Happening): boolean {
  if (what.kind === "nodeReset") return true;
  if (what.kind === "nodeDisturbed") return what.phase === "Installing";
  return what.kind === "nodeFailsUnseen" && !showsFailures(tale);
}

/** Whether the job says that a node failed which the service has put right before anybody could look at it. */
function showsFailures({ profile, pool }: Tale): boolean {
  const { answer, showsJob, subJobs } = profile;
  const isHidden = pool.happened.some(({ what: { kind } }) => ["answerLost", "jobsForgotten"].includes(kind));
  return answer === "jobid" && showsJob && !["someNodes", "none"].includes(subJobs) && !isHidden;
}

/** The heart of all: who does not have the content that is recorded is owed, whatever else is said. */
export function assertOwed(
  { pool, oracle }: Tale,
  state: State,
  recorded: Inputs,
  existing: ReadonlySet<string>,
): void {
  const content = contentOf(recorded);
  const lacking = pool
    .nodes()
    .filter(({ id }) => existing.has(id) && isSelected(recorded, id) && !oracle.has(id, content))
    .filter(({ id }) => !(id in state.record.owed))
    .map(({ name }) => name);
  const { status } = state.progress;
  assert.deepEqual(lacking, [], `not reset for what is declared, and not owed (${status})`);
}

/** A request is recorded as accepted only when the service has taken it; somebody else's may look like it. */
export function assertAccepted({ oracle, pool }: Tale, { record }: State): void {
  const { request } = record;
  if (!request?.accepted || pool.happened.some(({ what }) => looksLikeRequest(what))) return;
  const isTaken = [...oracle.requests.values()].some(({ sync }) =>
    request.ids.every((id) => sync.targets.includes(id)),
  );
  assert.ok(isTaken, "a request is recorded as accepted that the service never got");
}

/** Who says that it is behind is named, unless the flag has changed too short a time ago. */
export function assertDriftIsNamed({ profile, pool }: Tale, state: State, inputs: Inputs, since: number) {
  if (!profile.upToDateField || profile.replicaLag > 0) return;
  const recent = pool.happened.some(({ what, at }) => at >= since && changesFlags(what));
  if (recent) return;
  const unnamed = pool
    .nodes()
    .filter((node) => isSelected(inputs, node.id) && !pool.says(node))
    .filter(({ id }) => !state.progress.outdatedNodeIds.includes(id))
    .map(({ name }) => name);
  assert.deepEqual(unnamed, [], "synced, and nodes that say that they are behind are not named");
}

/** Each request names selected nodes that have to be reset, and none of them twice in one run. */
export function assertRequests(
  tale: Tale,
  sent: readonly AcceptedSync[],
  targets: readonly Targets[],
  run: Run,
): void {
  const { pool, profile } = tale;
  const { inputs } = run;
  const all = sent.flatMap((sync) => sync.targets);
  assert.equal(new Set(all).size, all.length, "one run has requested a node twice");
  const listsFailed = pool.happened.some(({ what, at }) => at >= run.from - 60_000 && hidesNodes(what));
  if (!listsFailed && profile.replicaLag === 0)
    assert.ok(
      sent.length <= 1 || inputs.rollout !== undefined,
      `${sent.length} syncs were accepted in one run`,
    );
  assertWaves(tale, sent, run);
  for (const sync of sent) {
    const template = sync.nodeTemplate as Inputs["nodeTemplate"];
    assert.equal(template?.lifeCycle.preInstall, inputs.nodeTemplate?.lifeCycle.preInstall);
    for (const id of sync.targets) {
      assert.ok(isSelected(inputs, id), "a node that is not selected was reset");
      const target = targets.findLast(({ at }) => at <= sync.at)?.nodes.get(id);
      if (target === undefined) continue;
      assertIsNeeded({ ...tale, target, sync, run });
      assertIsSpared(tale, sync, target, run);
    }
  }
}

function looksLikeRequest({ kind }: Happening): boolean {
  return ["othersSync", "autoscaled", "nodeReset", "nodeDisturbed"].includes(kind);
}

function changesFlags(what: Happening): boolean {
  return what.kind === "configurationChanges" || what.kind === "alwaysOutdated" || hidesNodes(what);
}

/** Whether lists may lack nodes, or show them as they were. */
function hidesNodes({ kind }: Happening): boolean {
  return ["emptyList", "shortList", "staleLists", "nodeAdded", "nodeReplaced", "autoscaled"].includes(kind);
}
