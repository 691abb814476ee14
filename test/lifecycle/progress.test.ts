import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

/** Uses a harness whose pool of 10 nodes has fallen behind its configuration. */
async function withHarness(
  options: EmulatorOptions,
  use: (harness: LifecycleHarness) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const harness = await createLifecycleHarness({ nodesPerPool: 10, ...options }, environment);
  harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
  try {
    await use(harness);
  } finally {
    await harness.close();
  }
}

/** What was reported as one would read it: seconds since the beginning, kind, text. */
async function linesOf(harness: LifecycleHarness): Promise<string[]> {
  const begun = harness.clock.now();
  await harness.synchronize();
  return harness.messages
    .filter(({ message }) => !message.startsWith("using the local endpoint"))
    .map(({ at, severity, message }) => `${(at - begun) / 1000} s, ${severity}: ${message}`);
}

describe("the user of a sync reads", () => {
  it("each change of the counts with the batch and the names, and a summary that stays", () =>
    withHarness({ resetSeconds: 60 }, async (harness) => {
      assert.deepEqual(await linesOf(harness), [
        "0 s, status: accepted 0 s ago, no sign of progress yet",
        "5 s, status: 0/10 nodes, batch 1/5: resetting pool-1-node-1, pool-1-node-2",
        "68.75 s, status: 2/10 nodes, batch 2/5: resetting pool-1-node-3, pool-1-node-4",
        "128.75 s, status: 4/10 nodes, batch 3/5: resetting pool-1-node-5, pool-1-node-6",
        "188.75 s, status: 6/10 nodes, batch 4/5: resetting pool-1-node-7, pool-1-node-8",
        "248.75 s, status: 8/10 nodes, batch 5/5: resetting pool-1-node-9, pool-1-node-10",
        "303.75 s, status: 10/10 nodes, batch 5/5",
        "303.75 s, info: 10 nodes synchronized in 5 min 4 s",
      ]);
    }));

  it("how long the sync has been accepted without a sign that it has begun", () =>
    withHarness({ profile: "slowAndBare", resetSeconds: 20 }, async (harness) => {
      assert.deepEqual((await linesOf(harness)).slice(0, 5), [
        "0 s, status: accepted 0 s ago, no sign of progress yet",
        "12.5 s, status: accepted 13 s ago, no sign of progress yet",
        "23.75 s, status: accepted 24 s ago, no sign of progress yet",
        "38.75 s, status: accepted 39 s ago, no sign of progress yet",
        "53.75 s, status: 0/10 nodes, batch 1/5: resetting pool-1-node-1, pool-1-node-2",
      ]);
    }));

  it("which node is gone and not waited for, as a warning", () =>
    withHarness({ resetSeconds: 60 }, async (harness) => {
      const { cluster } = harness.emulator;
      cluster.vanish(cluster.pools[0]?.nodes[3]?.id ?? "");
      assert.deepEqual((await linesOf(harness)).slice(-3), [
        "303.75 s, status: 9/10 nodes, batch 5/5: 1 deleted",
        "303.75 s, warning: deleted from the cluster during the sync: pool-1-node-4",
        "303.75 s, info: 9 nodes synchronized in 5 min 4 s",
      ]);
    }));

  it("that it waits for a sync which is already running, and what it left to reset", () =>
    withHarness({ resetSeconds: 60, nodesPerPool: 4 }, async (harness) => {
      await harness.synchronize({ ...harness.inputs, wait: false });
      harness.messages.length = 0;
      harness.restart();
      assert.deepEqual(await linesOf(harness), [
        "0 s, status: waiting: another sync is running (pool-1-node-1, pool-1-node-2)",
        "68.75 s, status: waiting: another sync is running (pool-1-node-3, pool-1-node-4)",
        "128.75 s, status: waiting: the pool was changed recently, and its nodes may still report their state from before",
        '173.75 s, warning: 4 nodes report being up to date and are not reset; CCE reports on the OS and the container engine only; to reset them as well, change `triggers`, or create the resource with `onCreate: "all"`',
      ]);
    }));

  it("no more than one line in 10 seconds while no count changes, however often it looks", () =>
    withHarness(
      { profile: "slowAndBare", resetSeconds: 60 },
      async (harness) => {
        await harness.synchronize();
        const waiting = harness.messages.filter(({ message }) => message.startsWith("accepted"));
        const looks = harness.emulator.requests.filter(({ kind }) => kind === "nodes").length;
        assert.ok(waiting.length > 5 && looks > 5 * waiting.length);
        const gaps = waiting.slice(1).map(({ at }, index) => at - (waiting[index]?.at ?? at));
        assert.ok(Math.min(...gaps) >= 10_000, gaps.join(", "));
      },
      { CCE_NODEPOOL_SYNC_POLL_INTERVAL: "1" },
    ));
});
