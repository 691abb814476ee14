import assert from "node:assert/strict";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import { all, canary, inWaves, once } from "../support/lifecycle/rolloutStory.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

describe("nodes that come and go between waves", () => {
  it("are not reset when they were added, and not waited for when they are gone", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const [first, second, third, fourth] = story.ids;
      once(story, /5 min left/, () => {
        story.emulator.cluster.addNode(story.inputs.nodePoolId);
        story.emulator.cluster.removeNode(second ?? "");
      });
      const { progress } = await story.synced(inWaves(canary));
      assert.deepEqual(story.sent, [[first], [third, fourth]]);
      assert.equal(progress.syncedNodeCount, 3);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 0]);
    }));
});

describe("percentages", () => {
  const maxima = ({ emulator }: Story) => emulator.acceptedSyncs.map(({ maxUnavailable }) => maxUnavailable);

  it("are of the selected nodes that exist, rounded down, and at least one", () =>
    tell({ nodesPerPool: 9 }, async (story) => {
      await story.synced(inWaves({ canary: "1%", waveSize: "50%" }, { maxUnavailable: "30%" }));
      assert.deepEqual(
        story.sent.map(({ length }) => length),
        [1, 4, 4],
      );
      assert.deepEqual(maxima(story), [2, 2, 2]);
    }));

  it("grow with the pool, and change nothing for it", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const inputs = { ...all, maxUnavailable: "50%" };
      const first = await story.synced(inputs);
      assert.equal(first.inputs.maxUnavailable, "50%");
      for (let added = 0; added < 4; added += 1) story.emulator.cluster.addNode(story.inputs.nodePoolId);
      assert.equal(diff(first, { ...story.inputs, ...inputs }).changes, false);
      await story.synced({ ...inputs, triggers: ["b"] }, first);
      assert.deepEqual(maxima(story), [2, 4]);
    }));

  it("are of the nodes that are not excluded, and never more than the service takes", () =>
    tell({ nodesPerPool: 45 }, async (story) => {
      await story.synced({ ...all, maxUnavailable: "100%", excludeNodeIds: story.ids.slice(30) });
      assert.deepEqual(maxima(story), [20]);
    }));
});

describe("a rollout zone by zone", () => {
  it("finishes one zone before the next, and no wave spans two", () =>
    tell({ nodesPerPool: 6, zones: 2 }, async (story) => {
      const zoneOf = new Map(story.nodes.map(({ id, zone }) => [id, zone]));
      await story.synced(inWaves({ canary: 1, waveSize: 2, zoneByZone: true }));
      const zones = story.sent.map((wave) => [...new Set(wave.map((id) => zoneOf.get(id)))]);
      assert.deepEqual(zones, [["zone-1"], ["zone-1"], ["zone-2"], ["zone-2"]]);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1, 1, 1]);
    }));

  it("warns of nodes that do not say where they are", () =>
    tell({ nodesPerPool: 3, zones: 2, profile: "noProbes" }, async (story) => {
      const inputs = inWaves({ zoneByZone: true });
      const text = "3 nodes do not report an availability zone (pool-1-node-1, pool-1-node-2, pool-1-node-3)";
      assert.ok((await story.forecast({ ...story.inputs, ...inputs })).text.includes(text));
      await story.synced(inputs);
      assert.ok(
        story.messages.some(({ message, severity }) => severity === "warning" && message.startsWith(text)),
      );
      assert.equal(story.sent.length, 1);
    }));
});
