import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import type { AcceptedSync, Profile } from "../../../emulator/index.ts";
import { diff } from "../../../provider/nodePoolSync/diff.ts";
import type { Inputs } from "../../../provider/nodePoolSync/schema.ts";
import { ResourceFailure } from "../../../provider/nodePoolSync/service.ts";
import type { State } from "../../../provider/nodePoolSync/state.ts";
import type { LifecycleHarness } from "../lifecycleHarness.ts";
import type { Edit, Happening, Step, Story, Up } from "./happenings.ts";
import { assertIsNeeded, type Run } from "./needless.ts";
import { createOracle, type Target, targetsNow } from "./oracle.ts";
import { createWorld } from "./world.ts";

/** How long a run may last on the virtual clock: no default deadline of a small pool is so long. */
const longestRun = 6 * 3600_000;
const runsToRest = 5;
/** How long something that happened to a node may be seen after it, in milliseconds. */
const longestDisturbance = 200_000;

/**
 * Lives a story on the harness as the engine would: it keeps inputs and outputs, asks diff, and hands the state of
 * before to each run. After each step, what is recorded is compared with what really happened.
 */
export async function tell(harness: LifecycleHarness, profile: Profile, story: Story): Promise<void> {
  const teller = createTeller(harness, profile, { ...harness.inputs, ...story.declared });
  for (const step of [{ kind: "up", during: [] } as const, ...story.steps]) {
    teller.world.catchUp();
    await teller.live(step);
  }
  await teller.comeToRest();
}

/** What the engine keeps. */
interface Kept {
  readonly inputs: Inputs;
  readonly state: State;
  /** What was declared when the outputs were written; where the run never entered it, what was before. */
  readonly recorded: Inputs;
}

function contentOf({ nodeTemplate, triggers = [] }: Inputs): string {
  return JSON.stringify([nodeTemplate?.lifeCycle.preInstall, triggers]);
}

function createTeller(harness: LifecycleHarness, profile: Profile, first: Inputs) {
  const { emulator, clock } = harness;
  const world = createWorld(harness);
  const oracle = createOracle(emulator);
  const runs: Run[] = [];
  let declared = first;
  let kept: Kept | undefined;
  let base: string | undefined;
  const known = new Set(world.nodes().map(({ id }) => id));

  const isSelected = ({ nodeIds, excludeNodeIds }: Inputs, id: string) =>
    (nodeIds?.includes(id) ?? true) && !(excludeNodeIds?.includes(id) ?? false);

  /** Nodes that were added since the last call have whatever was declared before them. */
  function meetNewNodes(content: string | undefined): void {
    for (const { id } of world.nodes().filter(({ id }) => !known.has(id))) {
      known.add(id);
      for (const each of new Set([content, base])) if (each !== undefined) oracle.grant(id, each);
    }
  }

  /** Watches the exchanges of a run: what happens during it, and what each request names. */
  function attend(up: Up, content: string): { targets: ReadonlyMap<string, Target>[]; detach: () => void } {
    const targets: ReadonlyMap<string, Target>[] = [];
    let exchange = 0;
    const detach = emulator.onRequest(({ kind }, moment) => {
      if (moment !== "arrived") return;
      exchange += 1;
      world.catchUp();
      for (const { what } of up.during.filter((each) => each.exchange === exchange)) world.let(what);
      meetNewNodes(content);
      if (up.end !== undefined && "interruptAt" in up.end && up.end.interruptAt === exchange)
        harness.interrupt.abort();
      if (kind === "sync") targets.push(targetsNow(world));
    });
    return { targets, detach };
  }

  type End = { state: State; ok: boolean } | { refused: Error } | "died" | "hangs";

  async function synchronize(inputs: Inputs, up: Up): Promise<End> {
    const limit = new AbortController();
    const died =
      up.end !== undefined && "death" in up.end
        ? harness.crashAt(up.end.death.exchange, up.end.death.moment).then(() => "died" as const)
        : new Promise<never>(() => undefined);
    const timeout = up.end !== undefined && "seconds" in up.end ? up.end.seconds * 1000 : undefined;
    const run = harness.synchronize(inputs, kept?.state, timeout).then(
      (state) => ({ state, ok: true }),
      (error: Error) =>
        error instanceof ResourceFailure ? { state: error.state, ok: false } : { refused: error },
    );
    const hangs = clock.sleep(longestRun, limit.signal).then(() => "hangs" as const);
    const end = await Promise.race([run, died, hangs]);
    if (end !== "hangs") limit.abort();
    return end;
  }

  async function up(step: Up): Promise<End | undefined> {
    dropStrangers();
    meetNewNodes(kept && contentOf(kept.recorded));
    const inputs = declared;
    const previous = kept;
    if (previous !== undefined && !isChanged(previous, inputs)) return undefined;
    harness.restart();
    const content = contentOf(inputs);
    const run: Run = {
      serial: runs.length,
      content,
      inputs,
      from: clock.elsewhere(),
      until: Number.POSITIVE_INFINITY,
      end: "died",
      requestsBefore: emulator.requests.length,
    };
    runs.push(run);
    const before = { ids: new Set(world.nodes().map(({ id }) => id)), configuration: world.configuration() };
    const { targets, detach } = attend(step, content);
    const end = await synchronize(inputs, step);
    detach();
    run.until = clock.elsewhere();
    const sent = oracle.attribute(content, run.serial);
    assert.notEqual(end, "hangs", "the run does not end");
    if (end === "died") oracle.lose(run.serial);
    else run.end = "ended";
    assertRequests(sent, targets, run, inputs);
    if (end === "died" || end === "hangs") {
      harness.restart();
      return end;
    }
    if ("refused" in end) {
      assert.deepEqual(sent, [], `something was accepted, and nothing is recorded: ${end.refused.message}`);
      return end;
    }
    keep(end, inputs, previous, run, before);
    return end;
  }

  function keep(
    { state, ok }: { state: State; ok: boolean },
    inputs: Inputs,
    previous: Kept | undefined,
    run: Run,
    before: { readonly ids: ReadonlySet<string>; readonly configuration: number },
  ): void {
    const isEntered = previous === undefined || isSameProgram(state, inputs);
    const recorded = isEntered ? inputs : previous.recorded;
    kept = { inputs: ok ? inputs : (previous?.inputs ?? inputs), state, recorded };
    if (ok) assert.ok(state.progress.status === "synced" || !inputs.wait, state.progress.status);
    else assert.notEqual(state.progress.status, "synced", "a failed run is recorded as synced");
    if (isEntered) exempt(state, inputs, previous, run, before.configuration);
    assertOwed(state, recorded, before.ids);
    if (state.progress.status === "synced") base = contentOf(recorded);
    const hasLooked = emulator.requests.length > run.requestsBefore;
    if (ok && hasLooked && state.progress.status === "synced") assertDriftIsNamed(state, recorded, run.from);
  }

  /** Whether what the run recorded are the inputs that it was given, and not those of before. */
  function isSameProgram({ inputs }: State, given: Inputs): boolean {
    const comparable = (from: Inputs | State["inputs"]) => [
      from.nodeTemplate?.lifeCycle.preInstall,
      from.triggers ?? [],
      from.nodeIds,
      from.excludeNodeIds,
      from.onCreate,
      from.onChange,
      from.maxUnavailable,
      from.wait,
    ];
    return isDeepStrictEqual(comparable(inputs), comparable(given));
  }

  /** Nodes that the run was right not to owe: they were up to date, and their word was asked. */
  function exempt(
    { record }: State,
    inputs: Inputs,
    previous: Kept | undefined,
    run: Run,
    configuration: number,
  ): void {
    const isChange = previous !== undefined && contentOf(previous.recorded) !== run.content;
    const byWord = (rule: string | undefined) =>
      rule === "outdated" && inputs.nodeTemplate === undefined && profile.upToDateField;
    for (const { id, configuration: own } of world.nodes()) {
      if (id in record.owed || oracle.has(id, run.content)) continue;
      const isNew = previous === undefined || !isSelected(previous.recorded, id);
      const mayJoin = isNew && isSelected(inputs, id) && !isChange;
      const isRight =
        (mayJoin && inputs.onCreate === "nothing") ||
        (mayJoin && byWord(inputs.onCreate) && own >= configuration) ||
        (isChange && byWord(inputs.onChange) && own >= configuration) ||
        (previous === undefined && wasAdopted(id, inputs, run)) ||
        looksReset(id, run.content);
      if (isRight) oracle.grant(id, run.content);
    }
  }

  /** Whether a first run has seen how a sync that was not recorded brought the node up to date. */
  function wasAdopted(id: string, inputs: Inputs, run: Run): boolean {
    if (inputs.onCreate !== "outdated" || inputs.nodeTemplate !== undefined) return false;
    const resets = emulator.cluster.resetLog(id);
    return resets.some(({ outcome, endedAt = 0 }) => outcome === "succeeded" && endedAt >= run.from);
  }

  /**
   * What somebody does to one node once a request for it has left cannot be told from its reset by that request, whether
   * it has arrived or not.
   */
  function looksReset(nodeId: string, content: string): boolean {
    const asked = runs.find((run) => run.content === content);
    return world.happened.some(
      ({ what, at, nodeId: id }) =>
        id === nodeId &&
        asked !== undefined &&
        at >= asked.from - longestDisturbance &&
        (what.kind === "nodeReset" || (what.kind === "nodeDisturbed" && what.phase === "Installing")),
    );
  }

  /** The heart of all: who does not have the content that is recorded is owed, whatever else is said. */
  function assertOwed(state: State, recorded: Inputs, existing: ReadonlySet<string>): void {
    const content = contentOf(recorded);
    const lacking = world
      .nodes()
      .filter(({ id }) => existing.has(id) && isSelected(recorded, id) && !oracle.has(id, content))
      .filter(({ id }) => !(id in state.record.owed))
      .map(({ name }) => name);
    const { status } = state.progress;
    assert.deepEqual(lacking, [], `not reset for what is declared, and not owed (${status})`);
  }

  /** Who says that it is behind is named, unless the flag has changed too short a time ago. */
  function assertDriftIsNamed(state: State, recorded: Inputs, since: number): void {
    if (!profile.upToDateField || profile.replicaLag > 0) return;
    const recent = world.happened.some(({ what, at }) => at >= since && changesFlags(what));
    if (recent) return;
    const unnamed = world
      .nodes()
      .filter((node) => isSelected(recorded, node.id) && !world.says(node))
      .filter(({ id }) => !state.progress.outdatedNodeIds.includes(id))
      .map(({ name }) => name);
    assert.deepEqual(unnamed, [], "synced, and nodes that say that they are behind are not named");
  }

  function assertRequests(
    sent: readonly AcceptedSync[],
    targets: readonly ReadonlyMap<string, Target>[],
    run: Run,
    inputs: Inputs,
  ): void {
    const all = sent.flatMap((sync) => sync.targets);
    assert.equal(new Set(all).size, all.length, "one run has requested a node twice");
    const listsFailed = world.happened.some(({ what, at }) => at >= run.from - 60_000 && hidesNodes(what));
    if (!listsFailed && profile.replicaLag === 0)
      assert.ok(sent.length <= 1, `${sent.length} syncs were accepted in one run`);
    for (const sync of sent) {
      const template = sync.nodeTemplate as Inputs["nodeTemplate"];
      assert.equal(template?.lifeCycle.preInstall, inputs.nodeTemplate?.lifeCycle.preInstall);
      for (const id of sync.targets) {
        assert.ok(isSelected(inputs, id), "a node that is not selected was reset");
        const target = targets.map((each) => each.get(id)).findLast((each) => each !== undefined);
        if (target !== undefined) assertIsNeeded({ target, sync, run, runs, oracle, profile, world });
      }
    }
  }

  async function refresh(): Promise<void> {
    if (kept === undefined) return;
    harness.restart();
    const before = emulator.acceptedSyncs.length;
    const previous = kept;
    const existing = new Set(world.nodes().map(({ id }) => id));
    const requests = emulator.requests.length;
    const { detach } = attend({ kind: "up", during: [] }, contentOf(previous.recorded));
    let state: State | undefined;
    try {
      state = await harness.refresh(previous.state);
    } catch {
      state = previous.state;
    }
    detach();
    assert.equal(emulator.acceptedSyncs.length, before, "a refresh has sent something");
    assert.ok(emulator.requests.slice(requests).every(({ kind }) => kind !== "sync"));
    assert.ok(state !== undefined, "a refresh has removed the resource, and its pool is there");
    kept = { ...previous, state };
    assertOwed(state, previous.recorded, existing);
    if (state.progress.status === "synced") base = contentOf(previous.recorded);
  }

  function isChanged(previous: Kept, inputs: Inputs): boolean {
    const { changes } = diff(previous.state, inputs);
    return changes ?? !isDeepStrictEqual(previous.inputs, inputs);
  }

  /** A user takes ids out of the program that are not nodes of the pool any more. */
  function dropStrangers(): void {
    if (declared.nodeIds === undefined) return;
    const ids = new Set(world.nodes().map(({ id }) => id));
    const left = declared.nodeIds.filter((id) => ids.has(id));
    declared = { ...declared, nodeIds: left.length > 0 ? left : undefined };
  }

  function edit(edit: Edit): void {
    const ids = (places: readonly number[]) =>
      [...new Set(places.map((place) => world.nodes()[place % world.nodes().length]?.id ?? ""))].sort();
    if (edit.kind === "triggers") declared = { ...declared, triggers: [edit.value] };
    if (edit.kind === "template") declared = { ...declared, nodeTemplate: templateWith(edit.script) };
    if (edit.kind === "manner") declared = { ...declared, ...edit.inputs };
    if (edit.kind === "address") declared = { ...declared, region: emulator.region, endpoint: emulator.url };
    if (edit.kind === "selects") {
      const selection = edit.nodes.length > 0 ? { [edit.as]: ids(edit.nodes) } : {};
      declared = { ...declared, nodeIds: undefined, excludeNodeIds: undefined, ...selection };
    }
  }

  async function live(step: Step): Promise<void> {
    if (step.kind === "up") await up(step);
    if (step.kind === "refresh") await refresh();
    if (step.kind === "timePasses") await clock.sleep(step.seconds * 1000);
    if (step.kind === "happens") world.let(step.what);
    if (step.kind === "edit") edit(step.edit);
  }

  /** When nothing happens any more, a few runs bring everything to rest, and no node is reset again and again. */
  async function comeToRest(): Promise<void> {
    world.heal();
    declared = { ...declared, wait: true };
    // What an open request does before the next run looks may have to be done once more.
    const most = kept?.state.record.request === undefined ? 2 : 3;
    const resets = new Map(
      world.nodes().map(({ id }) => [id, emulator.cluster.resetLog(id).filter(isOurs).length]),
    );
    let end: Awaited<ReturnType<typeof up>>;
    for (let count = 0; count < runsToRest; count += 1) {
      await clock.sleep(600_000);
      end = await up({ kind: "up", during: [] });
      if (end === undefined) break;
    }
    for (const [id, before] of resets) {
      const more = emulator.cluster.resetLog(id).filter(isOurs).length - before;
      assert.ok(more <= most, `a node was reset ${more} times in a row`);
    }
    if (kept?.state.record.request?.unconfirmed) return;
    const why = typeof end === "object" && "refused" in end ? end.refused.message : "";
    assert.equal(end, undefined, `still not at rest after ${runsToRest} runs ${why}`);
    await assertRests();
  }

  const isOurs = ({ sync }: { readonly sync?: number }) => sync !== undefined && oracle.requests.has(sync);

  async function assertRests(): Promise<void> {
    harness.restart();
    const before = emulator.acceptedSyncs.length;
    await harness.synchronize(declared, kept?.state);
    assert.equal(emulator.acceptedSyncs.length, before, "a resource at rest has sent something");
  }

  return { world, live, comeToRest };
}

function changesFlags(what: Happening): boolean {
  return what.kind === "configurationChanges" || what.kind === "alwaysOutdated" || hidesNodes(what);
}

/** Whether lists may lack nodes, or show them as they were. */
function hidesNodes({ kind }: Happening): boolean {
  return ["emptyList", "shortList", "staleLists", "nodeAdded", "nodeReplaced", "autoscaled"].includes(kind);
}

function templateWith(preInstall: string | undefined): Inputs["nodeTemplate"] {
  if (preInstall === undefined) return undefined;
  return {
    lifeCycle: { preInstall },
    login: { userPassword: { username: "root", password: "Canary-7-plain" } },
  };
}
