import assert from "node:assert/strict";
import { withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import {
  anyNumberOfWrites,
  count,
  interval,
  minute,
  mostInSlot,
  states,
  synchronizeAll,
} from "../support/lifecycle/requestRates.ts";
import { outdate } from "../support/service/outdate.ts";

describe("syncs of one cluster in one process", () => {
  for (const pools of [1, 30]) {
    it(`that wait cost one node list and one pool list in each interval, with ${pools} of them`, () =>
      withLifecycleHarness({ pools, nodesPerPool: 10 }, anyNumberOfWrites, async (harness) => {
        outdate(harness);
        assert.deepEqual(states(await synchronizeAll(harness)), ["synced"]);
        assert.equal(harness.emulator.acceptedSyncs.length, pools);
        assert.equal(mostInSlot(harness, "nodes"), 1);
        assert.equal(mostInSlot(harness, "pools"), 1);
      }));
  }

  it("share those looks also when they begin at different times, and look once more before a request", () =>
    withLifecycleHarness({ pools: 30, nodesPerPool: 10 }, anyNumberOfWrites, async (harness) => {
      outdate(harness);
      await synchronizeAll(harness, 1700);
      const { requests } = harness.emulator;
      for (const kind of ["nodes", "pools"] as const) {
        const bySlot = Map.groupBy(
          requests.filter((request) => request.kind === kind || request.kind === "sync"),
          ({ at }) => Math.floor(at / interval),
        );
        for (const inSlot of bySlot.values()) {
          const looks = inSlot.filter((request) => request.kind === kind).length;
          assert.ok(looks <= 1 + inSlot.length - looks, `${looks} looks at the ${kind} in one interval`);
        }
      }
    }));

  it("share them also while they wait for pools at which others are at work", () =>
    withLifecycleHarness({ pools: 30, nodesPerPool: 2 }, anyNumberOfWrites, async (harness) => {
      const { cluster } = harness.emulator;
      outdate(harness);
      for (const { id } of cluster.pools) cluster.startScaling(id, 600);
      const begun = harness.clock.now();
      const scaledAt = begun + 600_000;
      const apart = 700;
      assert.deepEqual(states(await synchronizeAll(harness, apart)), ["synced"]);
      const waits = harness.emulator.requests.filter(({ at }) => at < scaledAt);
      assert.ok(waits.length > 100);
      const slotOf = (at: number) => Math.floor(at / interval);
      const beginnings = cluster.pools.map((_, index) => slotOf(begun + index * apart));
      for (const [key, inSlot] of Map.groupBy(waits, ({ at, kind }) => `${kind} ${slotOf(at)}`)) {
        // The first look of each must show what the program changed just before it.
        const own = beginnings.filter((slot) => key.endsWith(` ${slot}`)).length;
        assert.ok(inSlot.length <= 1 + own, `${inSlot.length} looks in the slot ${key}`);
      }
    }));

  it("begin each with a look of its own: a node that the program has just added is known", () =>
    withLifecycleHarness({ nodesPerPool: 2 }, {}, async (harness) => {
      await harness.synchronize();
      await harness.clock.sleep(100);
      const { id } = harness.emulator.cluster.addNode(harness.inputs.nodePoolId);
      const { progress } = await harness.synchronize({ ...harness.inputs, nodeIds: [id], onCreate: "all" });
      assert.deepEqual([progress.status, progress.syncedNodeCount], ["synced", 1]);
    }));

  it("share one look when all of them are refreshed", () =>
    withLifecycleHarness({ pools: 30 }, anyNumberOfWrites, async (harness) => {
      const recorded = await synchronizeAll(harness);
      await harness.clock.sleep(minute);
      const before = count(harness, "nodes");
      for (const state of recorded) {
        await harness.refresh(state);
        await harness.clock.sleep(20);
      }
      assert.equal(count(harness, "nodes") - before, 1);
    }));

  it("look their project up once", () =>
    withLifecycleHarness({ pools: 30 }, { ...anyNumberOfWrites, HW_PROJECT_ID: "" }, async (harness) => {
      assert.deepEqual(states(await synchronizeAll(harness)), ["synced"]);
      assert.equal(count(harness, "projects"), 1);
    }));
});

describe("a sync of a pool that is being scaled", () => {
  it("is sent afterwards, where its nodes are behind", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      outdate(harness);
      const scaledAt = harness.clock.now() + minute;
      harness.emulator.cluster.startScaling(harness.inputs.nodePoolId, 60);
      const { progress } = await harness.synchronize();
      assert.equal(progress.status, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
      assert.ok((harness.emulator.acceptedSyncs[0]?.at ?? 0) >= scaledAt);
    }));

  it("is not sent where its nodes say that they are up to date: a scaling does not put them behind", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      harness.emulator.cluster.startScaling(harness.inputs.nodePoolId, 60);
      const { progress } = await harness.synchronize();
      assert.deepEqual([progress.status, progress.skippedNodeCount], ["synced", 4]);
      assert.equal(harness.emulator.acceptedSyncs.length, 0);
    }));
});

describe("two syncs of the same pool", () => {
  const nodeTemplate = { lifeCycle: {}, login: { sshKey: "key" } };

  it("are one request when both ask for the same: what the first proves counts for the second", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      const all = await Promise.all([harness.synchronize(inputs), harness.synchronize(inputs)]);
      assert.deepEqual(states(all), ["synced"]);
      assert.equal(count(harness, "sync"), 1);
    }));

  it("are two requests, the second sent after the end of the first, when the second has a nodeTemplate", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      outdate(harness);
      const first = harness.synchronize();
      const endOfFirst = first.then(() => harness.clock.now());
      const all = await Promise.all([first, harness.synchronize({ ...harness.inputs, nodeTemplate })]);
      assert.deepEqual(states(all), ["synced"]);
      assert.equal(count(harness, "sync"), 2, "none was refused");
      const [, second] = harness.emulator.acceptedSyncs;
      assert.ok((second?.at ?? 0) >= (await endOfFirst));
    }));

  it("do not share a failure: the second repeats what the first could not do", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      cluster.changeConfiguration(harness.inputs.nodePoolId);
      cluster.failNode(cluster.pools[0]?.nodes[0]?.id ?? "", { times: 1 });
      const ends = await Promise.allSettled([harness.synchronize(), harness.synchronize()]);
      assert.deepEqual(
        ends.map(({ status }) => status),
        ["rejected", "fulfilled"],
      );
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
      assert.ok(cluster.pools[0]?.nodes.every(({ phase, upToDate }) => phase === "Active" && upToDate));
    }));
});
