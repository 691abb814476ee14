import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { type Bench, openBench } from "../support/bench.ts";

/** Uses a bench whose pool of 10 nodes has fallen behind its configuration. */
async function withBench(
  options: EmulatorOptions,
  use: (bench: Bench) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const bench = await openBench({ nodesPerPool: 10, ...options }, environment);
  bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
  try {
    await use(bench);
  } finally {
    await bench.close();
  }
}

/** What was told as one would read it: seconds since the beginning, kind, text. */
async function linesOf(bench: Bench): Promise<string[]> {
  const begun = bench.clock.now();
  await bench.synchronize();
  return bench.told.map(({ at, kind, message }) => `${(at - begun) / 1000} s, ${kind}: ${message}`);
}

describe("the user of a sync is told", () => {
  it("each change of the counts with the batch and the names, and a summary that stays", () =>
    withBench({ resetSeconds: 60 }, async (bench) => {
      assert.deepEqual(await linesOf(bench), [
        "0 s, passing: accepted 0 s ago, no sign yet that it has begun",
        "5 s, passing: 0/10 nodes synced, 2 resetting (batch 1 of 5): pool-1-node-1, pool-1-node-2",
        "68.75 s, passing: 0/10 nodes synced, 2 resetting (batch 1 of 5): pool-1-node-3, pool-1-node-4",
        "83.75 s, passing: 2/10 nodes synced, 2 resetting (batch 2 of 5): pool-1-node-3, pool-1-node-4",
        "128.75 s, passing: 2/10 nodes synced, 2 resetting (batch 2 of 5): pool-1-node-5, pool-1-node-6",
        "143.75 s, passing: 4/10 nodes synced, 2 resetting (batch 3 of 5): pool-1-node-5, pool-1-node-6",
        "188.75 s, passing: 4/10 nodes synced, 2 resetting (batch 3 of 5): pool-1-node-7, pool-1-node-8",
        "203.75 s, passing: 6/10 nodes synced, 2 resetting (batch 4 of 5): pool-1-node-7, pool-1-node-8",
        "248.75 s, passing: 6/10 nodes synced, 2 resetting (batch 4 of 5): pool-1-node-9, pool-1-node-10",
        "263.75 s, passing: 8/10 nodes synced, 2 resetting (batch 5 of 5): pool-1-node-9, pool-1-node-10",
        "308.75 s, passing: 10/10 nodes synced (batch 5 of 5)",
        "308.75 s, note: 10 nodes synchronized in 5 min 9 s",
      ]);
    }));

  it("how long the sync has been accepted without a sign that it has begun", () =>
    withBench({ profile: "slowAndBare", resetSeconds: 20 }, async (bench) => {
      assert.deepEqual((await linesOf(bench)).slice(0, 5), [
        "0 s, passing: accepted 0 s ago, no sign yet that it has begun",
        "12.5 s, passing: accepted 13 s ago, no sign yet that it has begun",
        "23.75 s, passing: accepted 24 s ago, no sign yet that it has begun",
        "38.75 s, passing: accepted 39 s ago, no sign yet that it has begun",
        "53.75 s, passing: 0/10 nodes synced, 2 resetting (batch 1 of 5): pool-1-node-1, pool-1-node-2",
      ]);
    }));

  it("which node is gone and not waited for, as a warning", () =>
    withBench({ resetSeconds: 60 }, async (bench) => {
      const { cluster } = bench.emulator;
      cluster.vanish(cluster.pools[0]?.nodes[3]?.id ?? "");
      assert.deepEqual((await linesOf(bench)).slice(-3), [
        "308.75 s, passing: 9/10 nodes synced, 1 gone (batch 5 of 5)",
        "308.75 s, warning: not waited for, since they are gone from the cluster: pool-1-node-4",
        "308.75 s, note: 9 nodes synchronized in 5 min 9 s",
      ]);
    }));

  it("that it waits for a sync which is already running, and what came of it", () =>
    withBench({ resetSeconds: 60, nodesPerPool: 4 }, async (bench) => {
      const first = await bench.context();
      await first.cce.synchronize(bench.inputs);
      assert.deepEqual(await linesOf(bench), [
        "0 s, passing: waiting, another sync is running in the pool (pool-1-node-1, pool-1-node-2)",
        "68.75 s, passing: waiting, another sync is running in the pool (pool-1-node-3, pool-1-node-4)",
        "128.75 s, note: a sync that was already running brought every node up to date",
      ]);
    }));

  it("no more than one line in 10 seconds while no count changes, however often it looks", () =>
    withBench(
      { profile: "slowAndBare", resetSeconds: 60 },
      async (bench) => {
        await bench.synchronize();
        const waiting = bench.told.filter(({ message }) => message.startsWith("accepted"));
        const looks = bench.emulator.requests.filter(({ kind }) => kind === "nodes").length;
        assert.ok(waiting.length > 5 && looks > 5 * waiting.length);
        const gaps = waiting.slice(1).map(({ at }, index) => at - (waiting[index]?.at ?? at));
        assert.ok(Math.min(...gaps) >= 10_000, gaps.join(", "));
      },
      { CCE_NODEPOOL_SYNC_POLL_INTERVAL: "1" },
    ));
});
