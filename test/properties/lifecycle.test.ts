import assert from "node:assert/strict";
import fc from "fast-check";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import type { Inputs } from "../../provider/nodePoolSync/schema.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { SyncFailure } from "../../provider/sync/lifecycle.ts";
import { type Bench, openBench } from "../support/bench.ts";
import { templateInputs } from "../support/inputs.ts";
import { holdsInTime } from "./cases.ts";

/** Something that happens between runs, or a run; nodes are named by their place in the pool. */
type Happening =
  | { readonly kind: "up" | "refresh" | "configurationChanges" | "jobsForgotten" | "nodeAdded" }
  | { readonly kind: "nodeRemoved" | "nodeFails" | "nodeVanishes" | "othersSync"; readonly node: number }
  | { readonly kind: "jobFails" | "answerLost" | "requestLost" | "timesOut" }
  | { readonly kind: "triggerChanges" | "templateChanges" | "waitSwitches" }
  | { readonly kind: "chooses"; readonly nodes: number; readonly as: "nodeIds" | "skippedNodes" };

const place = fc.nat(5);
const plain = (...kinds: string[]) => fc.constantFrom(...kinds).map((kind) => ({ kind }) as Happening);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: plain("up") },
  { weight: 3, arbitrary: plain("refresh") },
  { weight: 2, arbitrary: plain("configurationChanges") },
  {
    weight: 3,
    arbitrary: plain("jobsForgotten", "nodeAdded", "jobFails", "answerLost", "requestLost", "timesOut"),
  },
  { weight: 2, arbitrary: plain("triggerChanges", "templateChanges", "waitSwitches") },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("nodeRemoved", "nodeFails", "nodeVanishes", "othersSync"), place)
      .map(([kind, node]) => ({ kind, node }) as Happening),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("chooses" as const),
      nodes: fc.integer({ min: 1, max: 3 }),
      as: fc.constantFrom("nodeIds" as const, "skippedNodes" as const),
    }),
  },
);

/** One resource with what its user may rely on, checked at each of its runs. */
function openStory(bench: Bench) {
  const { cluster } = bench.emulator;
  let declared: Inputs = bench.inputs;
  let state: State | undefined;
  let serial = 0;
  /** Whether a change of the inputs asks for every node that no run has dealt with yet. */
  let askedAnew = true;
  let timeout: number | undefined;
  /** Whether a sync may have ended without a trace: its job failed before it touched a node, or was forgotten. */
  let isTraceless = false;

  const nodes = () => cluster.pools[0]?.nodes ?? [];
  const chosenBy = ({ nodeIds, skippedNodes }: Inputs) =>
    nodes().filter(({ id }) => (nodeIds?.includes(id) ?? true) && !(skippedNodes?.includes(id) ?? false));
  const isDone = ({ phase, upToDate }: { phase: string; upToDate: boolean }) =>
    phase === "Active" && upToDate;

  async function up(): Promise<void> {
    const before = new Map(nodes().map((node) => [node.id, isDone(node)]));
    const requests = bench.emulator.acceptedSyncs.length;
    const previous = state;
    if (previous !== undefined && diff(previous, declared).changes === false) return;
    const { status, acceptedAt } = previous?.progress ?? {};
    const isResumable = status === "inProgress" && acceptedAt !== undefined && !isTraceless;
    let ended = false;
    try {
      state = await bench.synchronize(declared, previous, timeout);
      ended = true;
    } catch (error) {
      if (error instanceof SyncFailure) state = error.state;
    }
    timeout = undefined;
    const sent = bench.emulator.acceptedSyncs.slice(requests);
    assert.ok(sent.length <= 1, `${sent.length} syncs were accepted in one run`);
    const anew = askedAnew || previous === undefined;
    if (!anew && isResumable) assert.deepEqual(sent, [], "a sync that was accepted was sent again");
    if (!anew && previous?.progress.status !== "inProgress" && declared.nodeTemplate === undefined) {
      const needless = sent
        .flatMap(({ targets }) => targets)
        .filter((id) => before.get(id) === true && !unreached(previous, id));
      assert.deepEqual(needless, [], "a node that was up to date was reset");
    }
    if (state !== previous) askedAnew = false;
    if (ended) {
      assert.equal(state?.progress.status, declared.wait ? "synced" : state?.progress.status);
      if (state?.progress.status === "synced")
        assert.deepEqual(
          chosenBy(declared)
            .filter((node) => !isDone(node))
            .map(({ id }) => id),
          state.progress.outdatedNodeIds,
          "synced, but not every node is up to date or named",
        );
      if ((state?.progress.outdatedNodeIds.length ?? 0) > 0) return;
      bench.restart();
      const atRest = bench.emulator.acceptedSyncs.length;
      assert.equal(diff(state as State, declared).changes, false);
      await bench.synchronize(declared, state);
      assert.equal(bench.emulator.acceptedSyncs.length, atRest, "a resource at rest sent something");
    }
  }

  return {
    async live(what: Happening): Promise<void> {
      const node = "node" in what ? nodes()[what.node] : undefined;
      if (what.kind === "up") return up();
      if (what.kind === "refresh" && state !== undefined) {
        const requests = bench.emulator.requests.length;
        state = await bench.refresh(state);
        assert.ok(bench.emulator.requests.slice(requests).every(({ kind }) => kind !== "sync"));
        if (state?.progress.status === "synced")
          assert.deepEqual(
            chosenBy(state.inputs)
              .filter((each) => !each.upToDate)
              .map(({ id }) => id),
            state.progress.outdatedNodeIds,
          );
      }
      if (what.kind === "configurationChanges") cluster.changeConfiguration(bench.inputs.nodePoolId);
      if (what.kind === "jobsForgotten") {
        cluster.forgetJobs();
        isTraceless = true;
      }
      if (what.kind === "waitSwitches") change({ wait: !declared.wait });
      if (what.kind === "nodeAdded" && nodes().length < 6) cluster.addNode(bench.inputs.nodePoolId);
      if (what.kind === "nodeRemoved" && node && nodes().length > 2) {
        cluster.removeNode(node.id);
        forget(node.id);
      }
      if (what.kind === "nodeFails" && node) cluster.failNode(node.id, { times: 1 });
      if (what.kind === "nodeVanishes" && node && nodes().length > 2 && declared.nodeIds === undefined)
        cluster.vanish(node.id);
      if (what.kind === "othersSync" && node)
        await bench.synchronize({ ...bench.inputs, nodeIds: [node.id] }).catch(() => undefined);
      if (what.kind === "jobFails") {
        cluster.failNextJob("the quota is used up");
        isTraceless = true;
      }
      if (what.kind === "answerLost" || what.kind === "requestLost")
        bench.emulator.addFault({
          kind: "sync",
          effect: { kind: "drop", acted: what.kind === "answerLost" },
        });
      if (what.kind === "timesOut") timeout = 100_000;
      serial += 1;
      if (what.kind === "triggerChanges") change({ triggers: [serial] });
      if (what.kind === "templateChanges")
        change({
          nodeTemplate: declared.nodeTemplate === undefined ? templateInputs.nodeTemplate : undefined,
        });
      if (what.kind === "chooses") {
        const ids = nodes()
          .slice(0, what.nodes)
          .map(({ id }) => id)
          .sort();
        change({ nodeIds: undefined, skippedNodes: undefined, [what.as]: ids });
      }
    },
  };

  function change(changes: Partial<Inputs>): void {
    declared = { ...declared, ...changes };
    askedAnew ||= changes.wait === undefined;
  }

  /** A user takes a node that is gone out of the inputs. */
  function forget(id: string): void {
    if (!declared.nodeIds?.includes(id)) return;
    const left = declared.nodeIds.filter((each) => each !== id);
    change({ nodeIds: left.length > 0 ? left : undefined });
  }
}

/** Whether the state names the node as one that the failed sync did not come to: it was asked for, and not reset. */
function unreached(state: State | undefined, id: string): boolean {
  return state?.progress.failedNodes.some((failed) => failed.id === id) ?? false;
}

/** How many are lived on each service; each opens an emulator of its own. */
const stories = 80;

describe("whatever happens to a pool between runs, a sync", () => {
  for (const profile of ["standard", "noJob", "noCondition", "vanishingFailsJob"] as ProfileName[]) {
    it(`resets no node that needs none, sends one request at most, and is done only when all are, on a service of profile ${profile}`, async () => {
      assert.ok(profiles[profile].upToDateField);
      await holdsInTime(
        fc.asyncProperty(fc.array(happening, { minLength: 4, maxLength: 14 }), async (story) => {
          const bench = await openBench({ profile, nodesPerPool: 4 });
          try {
            const { live } = openStory(bench);
            await live({ kind: "up" });
            for (const each of story) {
              bench.restart();
              await live(each);
            }
          } finally {
            await bench.close();
          }
        }),
        stories,
      );
    });
  }
});
