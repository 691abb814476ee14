import assert from "node:assert/strict";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import { readState } from "../../provider/nodePoolSync/state/state.ts";
import { tell } from "../support/lifecycle/story.ts";

const all = { onCreate: "all" } as const;

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
