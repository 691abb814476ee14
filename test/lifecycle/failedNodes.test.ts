import assert from "node:assert/strict";
import { tell } from "../support/lifecycle/story.ts";

describe("a job that gives no reason why it failed on nodes", () => {
  it("is said to give none, whatever phase the nodes are in", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNextJob({ reason: "", afterNodes: 2 });
      const { end, message, state } = await story.up({ onCreate: "all" });
      assert.equal(end, "failed");
      const reason = "its part of the job failed, and the service gives no reason";
      assert.ok(message.includes(`pool-1-node-3 (${reason}), pool-1-node-4 (${reason})`), message);
      assert.deepEqual(
        state?.progress.failedNodes.map(({ reason }) => reason),
        [reason, reason],
      );
    }));
});

describe("a node with a fault that says that it is up to date", () => {
  it("is named in a warning when the resource is created and leaves it as it is", () =>
    tell({}, async (story) => {
      story.emulator.cluster.setNodePhase(story.id(1), "Error", "kubelet stopped");
      await story.synced();
      const warnings = story.messages.filter(({ severity }) => severity === "warning");
      assert.match(
        warnings.map(({ message }) => message).join("\n"),
        /^1 node is not healthy, though no sync is needed: pool-1-node-2 \(Error: kubelet stopped\)$/m,
      );
      assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
    }));
});
