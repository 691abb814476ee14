import assert from "node:assert/strict";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const a = { onCreate: "all", triggers: ["a"] } as const;

/** What diff says to the program that declared the state. */
function changes(story: Story, inputs: Partial<Inputs>, state: State | undefined): boolean | undefined {
  assert.ok(state);
  return diff(state, { ...story.inputs, ...inputs }).changes;
}

describe("a resource that does not wait", () => {
  const inputs = { ...a, wait: false };

  it("sends a newly selected node once the request before it is over", () =>
    tell({ profile: "standard" }, async (story) => {
      const [added = "", ...others] = story.ids.toReversed();
      const first = await story.up({ ...inputs, excludeNodeIds: [added] });
      const second = await story.up(inputs, first.state);
      assert.equal(second.end, "accepted", second.message);
      await story.clock.sleep(3_600_000);
      const third = await story.up(inputs, second.state);
      assert.notEqual(third.end, "refused", third.message);
      assert.deepEqual(story.sent, [others.toReversed(), [added]]);
      await story.clock.sleep(3_600_000);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("watches the request before it where the pool has to be at rest anyway", () =>
    tell({ profile: "bare" }, async (story) => {
      const declared = { triggers: ["a"], wait: false };
      const first = await story.up(declared);
      assert.equal(first.end, "accepted", first.message);
      const narrower = { ...declared, nodeIds: [story.id(0), story.id(3)] };
      const state = await story.synced(narrower, first.state);
      await story.synced({ ...narrower, wait: true }, state);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("asks for another run while a newly selected node is in no request", () =>
    tell({ profile: "standard" }, async (story) => {
      const first = await story.up({ ...inputs, excludeNodeIds: [story.id(3)] });
      const second = await story.up(inputs, first.state);
      assert.equal(second.end, "accepted", second.message);
      if (story.sent.length === 1) assert.equal(changes(story, inputs, second.state), true);
    }));

  it("needs no further run while a refresh has found its sync running, and none when it is done", () =>
    tell({}, async (story) => {
      const first = await story.up(inputs);
      assert.ok(first.state);
      await story.clock.sleep(150_000);
      story.restart();
      const running = await story.refresh(first.state);
      assert.equal(running?.progress.status, "inProgress");
      assert.ok((running.progress.syncedNodeCount ?? 0) > 0);
      assert.equal(changes(story, inputs, running), false);
      assert.equal(changes(story, { ...inputs, wait: true }, running), true);
      assert.match(
        story.messages.at(-1)?.message ?? "",
        /^the sync is running: \d of 4 nodes synchronized so far$/,
      );
      await story.clock.sleep(3_600_000);
      story.restart();
      const done = await story.refresh(running);
      assert.equal(done?.progress.status, "synced");
      assert.equal(changes(story, inputs, done), false);
      assert.equal(story.messages.at(-1)?.message, "the sync has ended: 4 nodes synchronized");
    }));

  it("is told by a refresh which nodes its sync has failed on", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNode(story.id(2), { times: 1 });
      const first = await story.up(inputs);
      assert.ok(first.state);
      await story.clock.sleep(3_600_000);
      story.restart();
      const failed = await story.refresh(first.state);
      assert.equal(failed?.progress.status, "failed");
      const { message, severity } = story.messages.at(-1) ?? {};
      assert.equal(severity, "warning");
      assert.match(
        message ?? "",
        /the sync failed: .*1 of 4 nodes not synchronized: pool-1-node-3 .*\[nodepoolsync\/sync-failed\]$/,
      );
      assert.equal(changes(story, inputs, failed), true);
    }));

  it("needs no further run after an update that the service accepted", () =>
    tell({ profile: "standard" }, async (story) => {
      const timedOut = await story.up(a, undefined, 100_000);
      assert.equal(timedOut.end, "inProgress", timedOut.message);
      const { end, state, message } = await story.up(inputs, timedOut.state);
      assert.equal(end, "accepted", message);
      assert.equal(changes(story, inputs, state), false);
    }));
});
