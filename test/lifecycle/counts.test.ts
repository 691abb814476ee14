import assert from "node:assert/strict";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { tell } from "../support/lifecycle/story.ts";

const all = { onCreate: "all" } as const;

const counts = ({ progress }: State) => {
  const { targetNodeCount, syncedNodeCount, failedNodes } = progress;
  return [targetNodeCount, syncedNodeCount, failedNodes.length];
};

describe("the counts of a sync", () => {
  it("hold a node that has failed, also when it is deleted before the others are done", () =>
    tell({}, async (story) => {
      const id = story.id(0);
      story.emulator.cluster.failNode(id, { times: 1 });
      story.after(170, () => story.emulator.cluster.removeNode(id));
      const { end, message, state } = await story.up(all);
      assert.equal(end, "failed", message);
      assert.deepEqual(counts(state as State), [4, 3, 1]);
    }));

  it("hold no node that is deleted before it is reset, when a refresh finds the others synchronized", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNode(story.id(1), { times: 1 });
      const { state } = await story.up({ ...all, rollout: { canary: 2, waveSize: 1 } });
      assert.deepEqual(counts(state as State), [4, 1, 1]);
      for (const id of story.ids.slice(1)) story.emulator.cluster.removeNode(id);
      story.restart();
      assert.deepEqual(counts((await story.refresh(state as State)) as State), [1, 1, 0]);
    }));
});

describe("nodes that fall behind after an open request has reset them", () => {
  it("are not proven by it once more, and are reset for that", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNode(story.id(3), { times: 1 });
      story.after(200, () => story.interrupt.abort());
      const interrupted = await story.up(all);
      let state = interrupted.state as State;
      assert.deepEqual(counts(state), [4, 2, 0]);
      story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
      for (let refreshes = 0; refreshes < 3; refreshes += 1) {
        story.restart();
        state = (await story.refresh(state)) as State;
        await story.clock.sleep(60_000);
      }
      assert.deepEqual(counts(state), [4, 3, 1]);
      assert.deepEqual(state.record.tolerated, []);
      await story.synced(all, state);
      assert.deepEqual(story.resetCounts.slice(0, 2), [2, 2]);
      assert.ok(story.nodes.every(({ upToDate }) => upToDate));
    }));
});
