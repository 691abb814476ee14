import assert from "node:assert/strict";
import { withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import {
  count,
  mostInSlot,
  mostWritesInMinute,
  refusedWrites,
  states,
  synchronizeAll,
} from "../support/lifecycle/requestRates.ts";
import { outdate } from "../support/service/outdate.ts";

describe("200 pools of 10 nodes each", () => {
  const many = { pools: 200, nodesPerPool: 10 };

  it("finish in one go within 10 requests a minute, none of which is refused", () =>
    withLifecycleHarness(
      { ...many, limits: { writesPerMinute: 10, readsPerSecond: 20 } },
      {},
      async (harness) => {
        outdate(harness);
        assert.deepEqual(states(await synchronizeAll(harness)), ["synced"]);
        const { cluster, acceptedSyncs, requests } = harness.emulator;
        assert.ok(cluster.pools.every(({ nodes }) => nodes.every(({ upToDate }) => upToDate)));
        assert.equal(acceptedSyncs.length, 200);
        assert.equal(count(harness, "sync"), 200);
        assert.equal(mostWritesInMinute(harness), 10);
        assert.ok(mostInSlot(harness, "nodes") <= 2);
        assert.ok(requests.every(({ status }) => status === 200));
      },
    ));

  it("finish without a storm of refused requests when the service allows fewer than expected", () =>
    withLifecycleHarness(
      { ...many, limits: { writesPerMinute: 3, retryAfterShare: 0 } },
      {},
      async (harness) => {
        outdate(harness);
        assert.deepEqual(states(await synchronizeAll(harness)), ["synced"]);
        assert.equal(harness.emulator.acceptedSyncs.length, 200);
        assert.ok(refusedWrites(harness) <= 40, `${refusedWrites(harness)} refused`);
      },
    ));
});
