import assert from "node:assert/strict";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import { readState, type State } from "../../provider/nodePoolSync/state.ts";
import { type Story, tell } from "../support/story.ts";

const all = { onCreate: "all" } as const;
const adopt = { onCreate: "nothing" } as const;
const [a, b] = [
  { ...all, triggers: ["a"] },
  { ...all, triggers: ["b"] },
];

function assertNothingOwed({ record }: State): void {
  assert.deepEqual([record.owed, record.off, record.request], [{}, [], undefined]);
}

describe("nodes that fell behind", () => {
  for (const times of [1, 2])
    it(`stay owed when ${times === 1 ? "a stale list says" : "two stale lists say"} that they are up to date`, () =>
      tell({ profile: "noJob" }, async (story) => {
        const before = await story.synced(all);
        await story.clock.sleep(3_600_000);
        const since = story.clock.now();
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        await story.clock.sleep(10_000);
        story.restart();
        const refreshed = await story.refresh(before);
        assert.ok(refreshed);
        assert.deepEqual(Object.keys(refreshed.record.owed), story.ids);
        story.emulator.addFault({ kind: "nodes", times, effect: { kind: "stale", seconds: 30 } });
        const { state = refreshed } = await story.up(all, refreshed);
        if (story.sent.length === 1) {
          assert.equal(
            diff(state, { ...story.inputs, ...all }).changes,
            true,
            "the next run has to be asked for",
          );
          await story.synced(all, state);
        }
        story.assertReset(since);
      }));

  it("stay owed when a refresh reads a stale list", () =>
    tell({ profile: "noJob" }, async (story) => {
      const before = await story.synced(all);
      await story.clock.sleep(3_600_000);
      story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
      await story.clock.sleep(10_000);
      story.restart();
      const refreshed = await story.refresh(before);
      assert.ok(refreshed);
      story.emulator.addFault({ kind: "nodes", effect: { kind: "stale", seconds: 30 } });
      story.restart();
      assert.deepEqual(Object.keys((await story.refresh(refreshed))?.record.owed ?? {}), story.ids);
    }));
});

describe("a failed state of version 1 that names no node", () => {
  it("keeps the debt of a node that is excluded in the first run of this version", () =>
    tell({ profile: "standard" }, async (story) => {
      const { clusterId, nodePoolId, maxUnavailable, wait } = story.inputs;
      const { url: endpoint, projectId } = story.emulator;
      const failed = readState({
        ...{ clusterId, nodePoolId, maxUnavailable, wait, triggers: ["a"] },
        ...{ status: "failed", failedNodes: [], outdatedNodeIds: [], targetNodeCount: 4 },
        __sync: { version: 1, endpoint, projectId },
      });
      const inputs = { triggers: ["a"] };
      const since = story.clock.now();
      const narrowed = await story.synced({ ...inputs, excludeNodeIds: [story.id(3)] }, failed);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 0]);
      await story.synced(inputs, narrowed);
      story.assertReset(since);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));
});

describe("a canary that is deleted before its content is taken back", () => {
  it("keeps no other canary from being reset, and is owed no more", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced(a);
      const [gone, other] = [story.id(0), story.id(1)];
      const tried = await story.synced({ ...b, nodeIds: [gone, other] }, before);
      story.emulator.cluster.removeNode(gone);
      const back = await story.synced(a, tried);
      assert.deepEqual(story.sent.slice(2), [[other]]);
      assert.deepEqual(story.resetCounts, [3, 1, 1]);
      assertNothingOwed(back);
    }));

  it("leaves nothing owed when it was the only one", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced(a);
      const tried = await story.synced({ ...b, nodeIds: [story.id(0)] }, before);
      story.emulator.cluster.removeNode(story.id(0));
      const back = await story.synced(a, tried);
      assert.equal(story.sent.length, 2);
      assertNothingOwed(back);
      assert.equal(diff(back, { ...story.inputs, ...a }).changes, false);
    }));
});

describe("a node that is being installed for ever", () => {
  for (const excluded of [false, true])
    it(`does not keep the outdated nodes of a new resource from being reset${excluded ? " when it is excluded" : ""}`, () =>
      tell({ profile: "standard" }, async (story) => {
        const outdated = story.ids;
        const { cluster } = story.emulator;
        cluster.changeConfiguration(story.inputs.nodePoolId);
        const { id } = cluster.addNode(story.inputs.nodePoolId, "Installing");
        const { end, message } = await story.up(excluded ? { excludeNodeIds: [id] } : {});
        assert.notEqual(end, "refused", message);
        story.assertReset(0, outdated);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1, 0]);
      }));
});

describe("taking back a canary of a pool that was adopted behind", () => {
  for (const fails of [false, true])
    it(`resets no other node${fails ? " after the canary's job failed" : ""}`, () =>
      tell({ profile: "standard" }, async (story) => {
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        const adopted = await story.synced({ ...adopt, triggers: ["a"] });
        assert.deepEqual(adopted.record.tolerated, story.ids);
        if (fails) story.emulator.cluster.failNextJob("quota");
        const canary = { ...adopt, triggers: ["b"], nodeIds: [story.id(0)] };
        const tried = await story.up(canary, adopted);
        assert.equal(tried.end, fails ? "failed" : "synced", tried.message);
        await story.synced({ ...adopt, triggers: ["a"] }, tried.state);
        assert.deepEqual(story.resetCounts.slice(1), [0, 0, 0]);
        if (!fails) assert.deepEqual(story.sent, [[story.id(0)], [story.id(0)]]);
      }));
});

describe("going back after a job that died", () => {
  const goBack = async (story: Story, afterNodes: number) => {
    const before = await story.synced(a);
    story.emulator.cluster.failNextJob({ reason: "quota", afterNodes });
    const dead = await story.up(b, before);
    assert.equal(dead.end, "failed", dead.message);
    const since = story.clock.now();
    assertNothingOwed(await story.synced(a, dead.state));
    return since;
  };

  it("resets only the half that the job had reset, where its sub-jobs appear in turn", () =>
    tell({ profile: "subJobsInTurn" }, async (story) => {
      const since = await goBack(story, 2);
      story.assertReset(since, story.ids.slice(0, 2));
      assert.deepEqual(story.resetCounts, [3, 3, 1, 1]);
    }));

  it("does not reset the nodes that it did not reach, where its sub-jobs name only some", () =>
    tell({ profile: "subJobsNameSome" }, async (story) => {
      await goBack(story, 0);
      assert.deepEqual([story.resetCounts[1], story.resetCounts[3]], [1, 1]);
    }));
});
