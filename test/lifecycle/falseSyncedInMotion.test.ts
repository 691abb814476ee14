import assert from "node:assert/strict";
import type { ProfileName } from "../../emulator/index.ts";
import { tell } from "../support/lifecycle/story.ts";

/** Profiles that show much, little, late, and what is long past. */
const various: readonly ProfileName[] = ["standard", "bare", "statusLags", "staleReplicas"];

const next = { triggers: ["next"] };

describe("a change of content, while something else moves in the pool,", () => {
  for (const profile of various) {
    it(`resets every node although one was being installed when it was declared: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.setNodePhase(story.id(1), "Installing");
        story.after(30, () => story.emulator.cluster.setNodePhase(story.id(1), "Active"));
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although somebody else syncs one of them meanwhile: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.syncByOthers(story.inputs.nodePoolId, { nodeIds: [story.id(2)] });
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although somebody else syncs all of them meanwhile: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.syncByOthers(story.inputs.nodePoolId, { maxUnavailable: 2 });
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although a sync of the older content is still running: ${profile}`, () =>
      tell({ profile, resetSeconds: 300 }, async (story) => {
        const first = await story.up({ onCreate: "all" }, undefined, 120_000);
        assert.equal(first.end, "inProgress", first.message);
        const since = story.clock.now();
        await story.synced(next, first.state);
        story.assertReset(since);
        assert.equal(story.sent.length, 2);
      }));

    it(`resets every node although the job of a running sync fails before it touches one: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.failNextJob("quota");
        story.emulator.cluster.syncByOthers(story.inputs.nodePoolId);
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although an old list shows one of them being installed: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        const since = story.clock.now();
        story.emulator.addFault({ kind: "nodes", times: 2, effect: { kind: "stale", seconds: 60 } });
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although one of them is repaired or reset by hand meanwhile: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.resetNode(story.id(0), "manual");
        story.emulator.cluster.resetNode(story.id(3), "repair");
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));

    it(`resets every node although the autoscaler adds one and removes one meanwhile: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        const { cluster } = story.emulator;
        cluster.autoscale(story.inputs.nodePoolId, { add: 1, remove: [story.id(3)], seconds: 60 });
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since, story.ids.slice(0, 3));
      }));

    it(`resets every node although the cluster is being upgraded meanwhile: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced({ onCreate: "all" });
        story.emulator.cluster.upgrade(90);
        const since = story.clock.now();
        await story.synced(next, state);
        story.assertReset(since);
      }));
  }
});
