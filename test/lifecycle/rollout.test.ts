import assert from "node:assert/strict";
import { errorCodes } from "../../provider/errors/codes.ts";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import { all, canary, inWaves, minutes, once, said } from "../support/lifecycle/rolloutStory.ts";
import { tell } from "../support/lifecycle/story.ts";

describe("a rollout", () => {
  it("resets a canary, then wave after wave, each in one request", () =>
    tell({ nodesPerPool: 7 }, async (story) => {
      const { ids } = story;
      const { progress } = await story.synced(inWaves({ canary: 1, waveSize: 3 }));
      assert.deepEqual(story.sent, [ids.slice(0, 1), ids.slice(1, 4), ids.slice(4)]);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1, 1, 1, 1]);
      assert.deepEqual([progress.targetNodeCount, progress.syncedNodeCount], [7, 7]);
      assert.match(said(story), /^wave 2\/3, 1\/7 nodes, batch 1\/2: resetting /m);
      assert.match(said(story), /^7 nodes synchronized in 3 waves in /m);
    }));

  it("begins a wave only when the one before has stayed healthy for the whole soak", () =>
    tell({ nodesPerPool: 5 }, async (story) => {
      await story.synced(inWaves(canary));
      const { acceptedSyncs, resets } = story.emulator;
      const ends = acceptedSyncs.map(({ serial }) =>
        Math.max(...resets.filter(({ sync }) => sync === serial).map(({ endedAt = 0 }) => endedAt)),
      );
      for (const [index, { at }] of acceptedSyncs.entries())
        if (index > 0)
          assert.ok(at - (ends[index - 1] ?? 0) >= minutes(10), `wave ${index + 1} came too soon`);
      for (const left of ["10 min", "1 min", "30 s"])
        assert.match(
          said(story),
          new RegExp(`^wave 1/3, 1/5 nodes: soaking pool-1-node-1, ${left} left$`, "m"),
        );
      assert.doesNotMatch(said(story), /wave 3\/3.*soaking/);
    }));

  it("is shown by a preview: its waves with their nodes, the soaks and the time granted", () =>
    tell({ nodesPerPool: 5 }, async (story) => {
      const { text } = await story.forecast({ ...story.inputs, ...inWaves(canary) });
      const waves = [
        "wave 1: pool-1-node-1",
        "wave 2: pool-1-node-2, pool-1-node-3",
        "wave 3: pool-1-node-4, pool-1-node-5",
      ];
      const list = waves.join("; soak for 10 min; ");
      assert.equal(text, `will reset 5 of 5 nodes, 2 at a time, in 3 waves within 1 h 20 min: ${list}`);
    }));

  it("stops at a canary that fails: nothing else is touched, and the end says what was not begun", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const [first = ""] = story.ids;
      story.emulator.cluster.failNode(first, { reason: "the image does not boot" });
      const { end, message, code, state } = await story.up(inWaves(canary));
      assert.deepEqual([end, code], ["failed", errorCodes.syncFailed]);
      assert.match(message, /1 of 4 nodes not synchronized: pool-1-node-1 \(the image does not boot\)/);
      assert.match(message, /3 nodes not begun: pool-1-node-2, pool-1-node-3, pool-1-node-4/);
      assert.match(message, /excludeNodeIds/);
      assert.deepEqual(story.resetCounts, [1, 0, 0, 0]);
      assert.deepEqual(Object.keys(state?.record.owed ?? {}), story.ids);
    }));

  it("begins the next run with the nodes that failed", () =>
    tell({ nodesPerPool: 6 }, async (story) => {
      const { ids } = story;
      const third = story.id(2);
      story.emulator.cluster.failNode(third, { times: 1 });
      const failed = await story.up(inWaves({ waveSize: 3 }));
      assert.equal(failed.end, "failed");
      story.emulator.cluster.setNodePhase(third, "Active");
      await story.synced(inWaves({ canary: 1, waveSize: 3 }), failed.state);
      assert.deepEqual(story.sent, [ids.slice(0, 3), [third], ids.slice(3)]);
    }));

  it("goes on while no more nodes have failed than it may, and ends as failed", () =>
    tell({ nodesPerPool: 5 }, async (story) => {
      const [first = ""] = story.ids;
      story.emulator.cluster.failNode(first, { times: 1 });
      const { end, message, state } = await story.up(inWaves({ ...canary, maxFailures: 1 }));
      assert.equal(end, "failed", message);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1, 1]);
      assert.deepEqual(Object.keys(state?.record.owed ?? {}), [first]);
      assert.deepEqual(
        state?.progress.failedNodes.map(({ id }) => id),
        [first],
      );
      await story.synced(inWaves({ ...canary, maxFailures: 1 }), state);
      assert.deepEqual(story.resetCounts, [2, 1, 1, 1, 1]);
    }));

  it("goes back from a bad canary by resetting the canary alone", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const before = await story.synced(all);
      story.emulator.cluster.failNode(story.id(0), { times: 1 });
      const bad = await story.up(inWaves(canary, { triggers: ["b"] }), before);
      assert.equal(bad.end, "failed");
      story.emulator.cluster.setNodePhase(story.id(0), "Active");
      await story.synced(inWaves(canary), bad.state);
      assert.deepEqual(story.resetCounts, [3, 1, 1, 1]);
    }));

  it("stops when a node of an earlier wave leaves Active after its own soak", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const { cluster } = story.emulator;
      once(story, /wave 2\/4, 2\/4 nodes: soaking/, () =>
        cluster.setNodePhase(story.id(0), "Abnormal", "kubelet stopped"),
      );
      const rollout = { canary: 1, waveSize: 1, soak: "5m" };
      const { end, message, state } = await story.up(inWaves(rollout));
      assert.equal(end, "failed");
      assert.match(
        message,
        /pool-1-node-1 \(left the phase Active while soaking: Abnormal: kubelet stopped\)/,
      );
      assert.match(message, /2 nodes not begun: pool-1-node-3, pool-1-node-4/);
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0]);
      assert.deepEqual(Object.keys(state?.record.owed ?? {}).toSorted(), [
        story.id(0),
        ...story.ids.slice(2),
      ]);
    }));

  it("goes on when a node of an earlier wave is removed after its own soak", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      const { cluster } = story.emulator;
      once(story, /wave 2\/3, 2\/3 nodes: soaking/, () => cluster.removeNode(story.id(0)));
      const { progress } = await story.synced(inWaves({ canary: 1, waveSize: 1, soak: "5m" }));
      assert.deepEqual(story.resetCounts, [1, 1]);
      assert.deepEqual(progress.failedNodes, []);
      assert.deepEqual([progress.targetNodeCount, progress.syncedNodeCount], [2, 2]);
      assert.match(said(story), /^wave 3\/3, /m);
    }));

  it("stops for a node that disappears in its soak and names it, also where the inputs name it", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      const { cluster } = story.emulator;
      const [first = ""] = story.ids;
      once(story, /5 min left/, () => cluster.removeNode(first));
      const { end, message, state } = await story.up(inWaves(canary, { nodeIds: [...story.ids] }));
      assert.equal(end, "failed");
      assert.match(message, /pool-1-node-1 \(disappeared while soaking\)/);
      const { targetNodeCount, syncedNodeCount, failedNodes } = state?.progress ?? {};
      assert.deepEqual([targetNodeCount, syncedNodeCount, failedNodes?.length], [3, 0, 1]);
    }));

  it("goes on while a node of an earlier wave is being deleted", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const { cluster } = story.emulator;
      const first = story.id(0);
      once(story, /wave 2\/4, 2\/4 nodes: soaking/, () => {
        cluster.setNodePhase(first, "Deleting");
        story.after(90, () => cluster.removeNode(first));
      });
      const { progress } = await story.synced(inWaves({ canary: 1, waveSize: 1, soak: "5m" }));
      assert.deepEqual(story.resetCounts, [1, 1, 1]);
      assert.deepEqual(progress.failedNodes, []);
    }));

  it("leaves out the nodes that somebody else's sync has brought up to date between two waves", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const { cluster } = story.emulator;
      const { nodePoolId } = story.inputs;
      cluster.changeConfiguration(nodePoolId);
      once(story, /soaking/, () => cluster.syncByOthers(nodePoolId, { nodeIds: story.ids.slice(1, 3) }));
      const { progress } = await story.synced({ rollout: canary });
      assert.deepEqual(story.resetCounts, [1, 0, 0, 1]);
      assert.match(said(story), /2 nodes are up to date by now and are not reset/);
      assert.deepEqual([progress.targetNodeCount, progress.syncedNodeCount], [2, 2]);
    }));

  it("gives them back the node template of before when the rollout is taken back", () =>
    tell({}, async (story) => {
      const { cluster } = story.emulator;
      const { nodePoolId } = story.inputs;
      const withTemplate = { ...all, nodeTemplate: { lifeCycle: {}, login: { sshKey: "key" } } };
      const before = await story.synced(withTemplate);
      cluster.changeConfiguration(nodePoolId);
      await story.clock.sleep(100_000);
      once(story, /soaking/, () => {
        cluster.failNode(story.id(2), { times: 1 });
        cluster.syncByOthers(nodePoolId, { nodeIds: [story.id(1)] });
      });
      const bad = await story.up(
        inWaves({ canary: 1, waveSize: 1, soak: "10m" }, { onChange: "outdated" }),
        before,
      );
      assert.equal(bad.end, "failed");
      cluster.setNodePhase(story.id(2), "Active");
      const since = story.clock.now();
      await story.synced(withTemplate, bad.state);
      story.assertReset(since, story.ids.slice(0, 3));
    }));

  it("resets them even so when they are owed for a change that resets all nodes", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      const { cluster } = story.emulator;
      const { nodePoolId } = story.inputs;
      cluster.changeConfiguration(nodePoolId);
      const sync = () => cluster.syncByOthers(nodePoolId, { nodeIds: story.ids.slice(1) });
      once(story, /soaking/, sync);
      await story.synced(inWaves(canary));
      assert.deepEqual(story.resetCounts, [1, 1, 1]);
    }));

  it("sends nothing when its waves change and nothing is owed", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const state = await story.synced(inWaves(canary));
      const changed = inWaves({ waveSize: "50%" });
      assert.equal(diff(state, { ...story.inputs, ...changed }).changes, undefined);
      await story.synced(changed, state);
      assert.equal(story.sent.length, 3);
    }));
});
