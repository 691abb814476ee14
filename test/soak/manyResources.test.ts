import assert from "node:assert/strict";
import type { Operation, Result } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { peakMemoryOf } from "../support/programs/processes.ts";
import {
  type StackHarness,
  type StackHarnessOptions,
  withStackHarness,
} from "../support/programs/stackHarness.ts";

const pools = 500;
const nodesPerPool = 20;

/**
 * MB. 401 to 431 were measured, and 222 to 237 for 500 resources that have nothing to do; between them are looks at
 * 10,000 nodes, two of which can be in memory, and what Node has not yet collected. How much that is depends on the
 * machine: hence the margin.
 */
const mostMemory = 700;

/** A node's reset takes 0.4 s, less than an interval: most of the time goes to the engine and its 500 resources. */
const many: StackHarnessOptions = {
  emulator: { pools, nodesPerPool, speed: 60, resetSeconds: 24 },
  environment: {
    CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000",
    CCE_NODEPOOL_SYNC_POLL_INTERVAL: "5",
  },
};

function declareAll({ syncs, args, emulator }: StackHarness): void {
  for (const { id, name } of emulator.cluster.pools)
    syncs[name] = { args: { ...args, nodePoolId: id, maxUnavailable: 10 } };
}

/** Runs an operation; returns the most memory in MB that its provider took, where that can be seen. */
async function measured(operation: Operation): Promise<{ result: Result; peak: number }> {
  let peak = 0;
  const timer = setInterval(() => {
    for (const pid of operation.providerPids()) peak = Math.max(peak, peakMemoryOf(pid) ?? 0);
  }, 20);
  try {
    return { result: await operation.result, peak };
  } finally {
    clearInterval(timer);
  }
}

async function upAtOnce(harness: StackHarness) {
  await harness.apply();
  return measured(harness.stack.up({ parallel: pools }));
}

const countOf = ({ emulator }: StackHarness, wanted: string) =>
  emulator.requests.filter(({ kind }) => kind === wanted).length;

onEveryEngine("500 syncs of one cluster in one up", (engine) => {
  it("bring 10,000 nodes up to date with one request for each pool, share their looks, and once more send nothing", () =>
    withStackHarness(engine(), many, async (harness) => {
      const { cluster, acceptedSyncs, requests } = harness.emulator;
      for (const { id } of cluster.pools) cluster.changeConfiguration(id);
      declareAll(harness);
      const { result, peak } = await upAtOnce(harness);
      assert.ok(result.ok, result.text);
      const { deployment } = await harness.stack.exportState();
      const synced = deployment.resources?.filter(({ outputs }) => outputs?.status === "synced") ?? [];
      assert.equal(synced.length, pools);
      assert.ok(cluster.pools.every(({ nodes }) => nodes.every(({ upToDate }) => upToDate)));
      assert.equal(acceptedSyncs.length, pools);
      assert.equal(countOf(harness, "sync"), pools);
      // Without sharing, each sync would cost at least one look of its own; a look at the nodes is five pages.
      assert.ok(countOf(harness, "pools") < pools / 4, `${countOf(harness, "pools")} looks`);
      assert.equal(countOf(harness, "nodes"), countOf(harness, "pools") * 5);
      assert.ok(peak < mostMemory, `${peak} MB`);

      const sent = requests.length;
      const again = await upAtOnce(harness);
      assert.ok(again.result.ok, again.result.text);
      assert.deepEqual(again.result.changes, { same: pools + 1 });
      assert.equal(requests.length, sent);
    }));

  it("cost the service one refused signature when the secret key is wrong", () =>
    withStackHarness(
      engine(),
      { ...many, environment: { ...many.environment, HW_SECRET_KEY: "canary-of-a-wrong-key" } },
      async (harness) => {
        declareAll(harness);
        const result = await harness.run("up");
        assert.equal(result.ok, false);
        assert.match(result.text, /Check the access key and the secret key/);
        assert.deepEqual(
          harness.emulator.requests.map(({ status }) => status),
          [401],
        );
      },
    ));
});
