import assert from "node:assert/strict";
import type { Profile } from "../../../emulator/index.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import type { LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";
import { type DoorOf, serviceDoor } from "./doors.ts";
import type { Step, Story, Up } from "./happenings.ts";
import {
  assertAccepted,
  assertDriftIsNamed,
  assertOwed,
  assertRequests,
  type Ended,
  exempt,
  grantWhatLooksReset,
} from "./laws.ts";
import type { Run } from "./needless.ts";
import { assertCounts, assertOutputs } from "./outputs.ts";
import { dropStrangers, edit } from "./program.ts";
import { attend, type End, synchronize } from "./runner.ts";
import { beginTale, contentOf, isSameProgram, meetNewNodes, type Tale } from "./tale.ts";

const runsToRest = 5;
const quietly: Up = { kind: "up", during: [] };

/**
 * Lives a story on the harness as the engine would: it keeps inputs and outputs, asks diff, and hands the state of
 * before to each run. After each step, what is recorded is compared with what really happened.
 * @returns the story as it was told.
 */
export async function tell(
  harness: LifecycleHarness,
  profile: Profile,
  story: Story,
  doorOf: DoorOf = serviceDoor,
): Promise<Tale> {
  const tale = beginTale(harness, doorOf(harness), profile, { ...harness.inputs, ...story.declared });
  for (const step of story.steps) {
    tale.pool.catchUp();
    await live(tale, step);
  }
  await comeToRest(tale);
  return tale;
}

async function live(tale: Tale, step: Step): Promise<void> {
  if (step.kind === "up") await up(tale, step);
  if (step.kind === "refresh") await refresh(tale);
  if (step.kind === "timePasses") await tale.harness.clock.sleep(step.seconds * 1000);
  if (step.kind === "happens") tale.pool.let(step.what);
  if (step.kind === "edit") edit(tale, step.edit);
}

/** @returns undefined when the engine finds nothing to do. */
async function up(tale: Tale, step: Up): Promise<End | undefined> {
  const { harness, door, pool, oracle } = tale;
  dropStrangers(tale);
  meetNewNodes(tale, tale.kept && contentOf(tale.kept.recorded));
  harness.restart();
  if (door.refreshesFirst) {
    const refused = await refreshNow(tale);
    if (refused !== undefined) return { refused };
  }
  const { kept: previous } = tale;
  if (previous !== undefined && !(await door.isChanged(previous, tale.declared))) return undefined;
  const run = beginRun(tale);
  const before = { ids: new Set(pool.nodes().map(({ id }) => id)), configuration: pool.configuration() };
  const { targets, detach } = attend(tale, step, run.content);
  const end = await synchronize(tale, step);
  detach();
  run.until = harness.clock.elsewhere();
  const sent = oracle.attribute(run.content, run.serial);
  run.hasSent = sent.length > 0;
  assert.notEqual(end, "hangs", "the run does not end");
  if (end === "died") oracle.lose(run.serial);
  else run.end = "ended";
  assertRequests(tale, sent, targets, run);
  if (end === "died" || end === "hangs") harness.restart();
  else if ("refused" in end)
    assert.deepEqual(sent, [], `something was accepted, and nothing is recorded: ${end.refused.message}`);
  else keep(tale, { ...before, run, previous, state: end.state }, end.failure === undefined);
  if (typeof end === "object") assertPoolIsThere("refused" in end ? end.refused : end.failure);
  return end;
}

function beginRun({ harness, runs, declared }: Tale): Run {
  const run: Run = {
    serial: runs.length,
    content: contentOf(declared),
    inputs: declared,
    from: harness.clock.elsewhere(),
    until: Number.POSITIVE_INFINITY,
    end: "died",
    hasSent: false,
    requestsBefore: harness.emulator.requests.length,
  };
  runs.push(run);
  return run;
}

/** One list without the pool does not mean that it is gone, and no story removes it. */
function assertPoolIsThere(error: Error | undefined): void {
  assert.doesNotMatch(error?.message ?? "", /no such node pool|node pool was deleted/);
}

/** Keeps what a run has recorded as the engine does, when the laws hold. */
function keep(tale: Tale, ended: Ended, ok: boolean): void {
  const { run, previous, state } = ended;
  const { inputs } = run;
  const { status } = state.progress;
  const isEntered = previous === undefined || isSameProgram(state, inputs);
  const recorded = isEntered ? inputs : previous.recorded;
  tale.kept = { inputs: ok ? inputs : (previous?.inputs ?? inputs), state, recorded };
  if (ok) assert.ok(status === "synced" || !inputs.wait, status);
  else assert.notEqual(status, "synced", "a failed run is recorded as synced");
  if (isEntered) exempt(tale, ended);
  assertOwed(tale, state, recorded, ended.ids);
  assertAccepted(tale, state);
  assertOutputs(tale, state, recorded);
  if (run.hasSent) assertCounts(tale, state, recorded, ended.ids);
  if (status === "synced") tale.synced.push(contentOf(recorded));
  const hasLooked = tale.harness.emulator.requests.length > run.requestsBefore;
  if (ok && hasLooked && status === "synced") assertDriftIsNamed(tale, state, recorded, run.from);
}

async function refresh(tale: Tale): Promise<void> {
  tale.harness.restart();
  await refreshNow(tale);
}

/** @returns why nothing could be read; then everything is kept as it is. */
async function refreshNow(tale: Tale): Promise<Error | undefined> {
  const { harness, door, kept: previous, pool } = tale;
  const { emulator } = harness;
  if (previous === undefined) return undefined;
  const before = emulator.acceptedSyncs.length;
  const existing = new Set(pool.nodes().map(({ id }) => id));
  const requests = emulator.requests.length;
  const { detach } = attend(tale, quietly, contentOf(previous.recorded));
  let state: State | undefined = previous.state;
  let refused: Error | undefined;
  try {
    state = await door.refresh(previous);
  } catch (error) {
    refused = error as Error;
  }
  detach();
  assert.equal(emulator.acceptedSyncs.length, before, "a refresh has sent something");
  assert.ok(emulator.requests.slice(requests).every(({ kind }) => kind !== "sync"));
  assert.ok(state !== undefined, "a refresh has removed the resource, and its pool is there");
  tale.kept = { ...previous, state };
  grantWhatLooksReset(tale, state, contentOf(previous.recorded));
  assertOwed(tale, state, previous.recorded, existing);
  assertAccepted(tale, state);
  assertOutputs(tale, state, previous.recorded);
  if (state.progress.status === "synced") tale.synced.push(contentOf(previous.recorded));
  return refused;
}

/** When nothing happens any more, a few runs bring everything to rest, and no node is reset again and again. */
async function comeToRest(tale: Tale): Promise<void> {
  const { pool, harness } = tale;
  pool.heal();
  tale.declared = { ...tale.declared, wait: true };
  // What an open request does before the next run looks may have to be done once more.
  const most = tale.kept?.state.record.request === undefined ? 2 : 3;
  const resets = new Map(pool.nodes().map(({ id }) => [id, countOurs(tale, id)]));
  let end: End | undefined;
  for (let count = 0; count < runsToRest; count += 1) {
    await harness.clock.sleep(600_000);
    end = await up(tale, quietly);
    if (end === undefined) break;
  }
  for (const [id, before] of resets) {
    const more = countOurs(tale, id) - before;
    assert.ok(more <= most, `a node was reset ${more} times in a row`);
  }
  if (tale.kept?.state.record.request?.unconfirmed) return;
  const why = typeof end === "object" && "refused" in end ? end.refused.message : "";
  assert.equal(end, undefined, `still not at rest after ${runsToRest} runs ${why}`);
  await assertRests(tale);
}

function countOurs({ harness, oracle }: Tale, nodeId: string): number {
  const log = harness.emulator.cluster.resetLog(nodeId);
  const requests = log.flatMap(({ sync }) => (sync === undefined ? [] : (oracle.requests.get(sync) ?? [])));
  return requests.filter(({ isLost }) => !isLost).length;
}

async function assertRests({ harness, door, declared, kept }: Tale): Promise<void> {
  harness.restart();
  const before = harness.emulator.acceptedSyncs.length;
  await door.synchronize(declared, kept);
  assert.equal(harness.emulator.acceptedSyncs.length, before, "a resource at rest has sent something");
}
