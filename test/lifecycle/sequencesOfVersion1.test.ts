import assert from "node:assert/strict";
import { readState, type State } from "../../provider/nodePoolSync/state/state.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

/** The state that version 1 would have recorded of the pool, with these outputs. */
function version1(story: Story, outputs: object, bookkeeping: object = {}): State {
  const { endpoint = story.emulator.url, projectId = story.emulator.projectId } = story.inputs;
  const { clusterId, nodePoolId, maxUnavailable, wait } = story.inputs;
  return readState({
    ...{ clusterId, nodePoolId, maxUnavailable, wait, triggers: ["a"] },
    ...{ failedNodes: [], outdatedNodeIds: [], targetNodeCount: 4, ...outputs },
    __sync: { version: 1, endpoint, projectId, ...bookkeeping },
  });
}

const inputs = { triggers: ["a"] };
const failedNode = (id: string) => ({ id, name: "node", reason: "no space" });

describe("a state of version 1", () => {
  it("that is synced asks for nothing, and a new trigger resets every node", () =>
    tell({}, async (story) => {
      const state = version1(story, { status: "synced", syncedNodeCount: 4 });
      const kept = await story.synced(inputs, state);
      assert.equal(story.sent.length, 0);
      const since = story.clock.now();
      await story.synced({ triggers: ["b"] }, kept);
      story.assertReset(since);
    }));

  it("that is synced with a password asks for nothing, and the password is not kept in plain", () =>
    tell({}, async (story) => {
      const { nodeTemplate } = templateInputs;
      const state = version1(story, { status: "synced", syncedNodeCount: 4, nodeTemplate });
      const kept = await story.synced({ ...inputs, nodeTemplate }, state);
      assert.equal(story.sent.length, 0);
      assert.ok(!JSON.stringify(kept).includes("Canary-7-plain"));
    }));

  it("that failed owes the nodes that failed or were outdated, and no other", () =>
    tell({}, async (story) => {
      const [first = "", second = ""] = story.ids;
      const outputs = { status: "failed", failedNodes: [failedNode(first)], outdatedNodeIds: [second] };
      await story.synced(inputs, version1(story, outputs));
      assert.deepEqual(story.sent, [[first, second]]);
    }));

  it("that failed on nodes that are gone since asks for nothing more", () =>
    tell({}, async (story) => {
      const state = version1(story, { status: "failed", failedNodes: [failedNode(story.id(0))] });
      story.emulator.cluster.removeNode(story.id(0));
      await story.synced(inputs, state);
      assert.equal(story.sent.length, 0);
    }));

  for (const profile of ["standard", "subJobsNameServers", "noSubJobs"] as const)
    it(`that is in progress is watched, and its sync is not sent again: ${profile}`, () =>
      tell({ profile, resetSeconds: 300 }, async (story) => {
        const watermark = new Date(story.clock.now()).toISOString();
        const { state } = await story.up({ ...inputs, onCreate: "all" }, undefined, 60_000);
        const { jobId, acceptedAt } = state?.progress ?? {};
        assert.ok(jobId);
        const old = version1(story, { status: "inProgress", jobId, acceptedAt }, { watermark });
        await story.synced(inputs, old);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

  it("that is in progress without an answer owes every node that existed, and none that was added since", () =>
    tell({}, async (story) => {
      const watermark = new Date(story.clock.now()).toISOString();
      const before = story.ids;
      await story.clock.sleep(60_000);
      story.emulator.cluster.addNode(story.inputs.nodePoolId);
      await story.clock.sleep(60_000);
      await story.synced(inputs, version1(story, { status: "inProgress" }, { watermark }));
      assert.deepEqual(story.sent, [before]);
    }));

  it("that is in progress for some nodes owes those", () =>
    tell({}, async (story) => {
      const narrowedTo = [story.id(1)];
      const watermark = new Date(story.clock.now()).toISOString();
      await story.synced(inputs, version1(story, { status: "inProgress" }, { watermark, narrowedTo }));
      assert.deepEqual(story.sent, [narrowedTo]);
    }));

  it("that was accepted asks for nothing as long as nobody waits, and is watched by who does", () =>
    tell({ resetSeconds: 300 }, async (story) => {
      const watermark = new Date(story.clock.now()).toISOString();
      const { state } = await story.up({ ...inputs, onCreate: "all", wait: false });
      const { jobId, acceptedAt } = state?.progress ?? {};
      const old = version1(story, { status: "accepted", wait: false, jobId, acceptedAt }, { watermark });
      const kept = await story.up({ ...inputs, wait: false }, old);
      assert.equal(kept.end, "accepted", kept.message);
      await story.synced(inputs, kept.state);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("that was accepted, and whose job has ended, resets nothing when another part of the pool is selected", () =>
    tell({}, async (story) => {
      const watermark = new Date(story.clock.now()).toISOString();
      const { state } = await story.up({ ...inputs, onCreate: "all", wait: false });
      const { jobId, acceptedAt } = state?.progress ?? {};
      const old = version1(story, { status: "accepted", wait: false, jobId, acceptedAt }, { watermark });
      await story.clock.sleep(600_000);
      await story.up({ ...inputs, wait: false, excludeNodeIds: [story.id(0)] }, old);
      await story.clock.sleep(600_000);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  for (const status of ["synced", "failed", "inProgress"] as const)
    it(`that is ${status} is refreshed without a request, and is no more than it was`, () =>
      tell({}, async (story) => {
        const watermark = new Date(story.clock.now()).toISOString();
        const failedNodes = status === "failed" ? [failedNode(story.id(0))] : [];
        story.restart();
        const refreshed = await story.refresh(version1(story, { status, failedNodes }, { watermark }));
        assert.equal(refreshed?.progress.status === "synced", status === "synced");
        assert.equal(story.sent.length, 0);
      }));
});
