import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

/** Seconds between two looks during the last batch. */
const lastPause = 5;

/** Runs a sync of 4 nodes, each reset for 20 s, and returns how many seconds after the last of them it was done. */
async function secondsToEnd(
  options: EmulatorOptions,
  prepare: (harness: LifecycleHarness) => void = () => undefined,
): Promise<{ seconds: number; jobsRead: number }> {
  const harness = await createLifecycleHarness({ nodesPerPool: 4, resetSeconds: 20, ...options });
  try {
    const { inputs, emulator } = harness;
    emulator.cluster.changeConfiguration(inputs.nodePoolId);
    prepare(harness);
    const { progress } = await harness.synchronize();
    assert.equal(progress.status, "synced");
    const nodes = emulator.cluster.pools[0]?.nodes ?? [];
    const lastNode = Math.max(...nodes.map(({ updatedAt }) => updatedAt));
    return {
      seconds: (Date.parse(progress.finishedAt ?? "") - lastNode) / 1000,
      jobsRead: emulator.requests.filter(({ kind }) => kind === "job").length,
    };
  } finally {
    await harness.close();
  }
}

/** ShowJob's answer while the job of a sync runs. */
const running = { kind: "Job", apiVersion: "v3", metadata: { uid: "j" }, status: { phase: "Running" } };

describe("the end of a sync", () => {
  it("is seen in the look at which every node is back, when the pool says so", async () => {
    const { seconds } = await secondsToEnd({ profile: "standard" });
    assert.ok(seconds <= lastPause, `${seconds} s`);
  });

  it("is seen in that look too when the pool says nothing: the job is asked, once", async () => {
    const { seconds, jobsRead } = await secondsToEnd({ profile: "noCondition" });
    assert.ok(seconds <= lastPause, `${seconds} s`);
    assert.equal(jobsRead, 1);
  });

  it("is confirmed by one look more when there is no job either", async () => {
    const { seconds } = await secondsToEnd({ profile: "bare" });
    assert.ok(seconds > lastPause && seconds <= 3 * lastPause, `${seconds} s`);
  });

  it("is seen one look later when the job lags behind the nodes, and not before the job says so", async () => {
    const lagging = (harness: LifecycleHarness) =>
      void harness.emulator.addFault({
        kind: "job",
        times: 1,
        effect: { kind: "answer", status: 200, body: running },
      });
    const { seconds, jobsRead } = await secondsToEnd({ profile: "noCondition" }, lagging);
    assert.ok(seconds > lastPause && seconds <= 3 * lastPause, `${seconds} s`);
    assert.equal(jobsRead, 2);
  });

  it("is not delayed by a job that was read while the nodes were still to come", async () => {
    const { seconds } = await secondsToEnd({ profile: "noCondition", resetSeconds: 600 });
    assert.ok(seconds <= lastPause, `${seconds} s`);
  });
});
