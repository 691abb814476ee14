import assert from "node:assert/strict";
import type { CallKind, EmulatorOptions } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { type Bench, openBench } from "../support/bench.ts";

const interval = 5000;
const minute = 60_000;
const anyNumberOfWrites = { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000" };

async function withBench(
  options: EmulatorOptions,
  environment: Record<string, string>,
  use: (bench: Bench) => Promise<void>,
): Promise<void> {
  const bench = await openBench(options, environment);
  try {
    await use(bench);
  } finally {
    await bench.close();
  }
}

/** One sync for each pool, all begun at once or one after the other. */
function synchronizeAll(bench: Bench, apart = 0): Promise<State[]> {
  const { clock, emulator, inputs } = bench;
  return Promise.all(
    emulator.cluster.pools.map(async ({ id }, index) => {
      if (apart > 0) await clock.sleep(index * apart);
      return bench.synchronize({ ...inputs, nodePoolId: id });
    }),
  );
}

function count(bench: Bench, kind: CallKind): number {
  return bench.emulator.requests.filter((request) => request.kind === kind).length;
}

/** The largest number of requests of a kind in any slot of time. */
function mostInSlot(bench: Bench, kind: CallKind, length = interval): number {
  const slots = new Map<number, number>();
  for (const { kind: its, at } of bench.emulator.requests) {
    const slot = Math.floor(at / length);
    if (its === kind) slots.set(slot, (slots.get(slot) ?? 0) + 1);
  }
  return Math.max(0, ...slots.values());
}

/** The largest number of requests that change something in any minute, wherever it begins. */
function mostWritesInMinute(bench: Bench): number {
  const times = bench.emulator.requests.filter(({ kind }) => kind === "sync").map(({ at }) => at);
  return Math.max(
    0,
    ...times.map((end, index) => times.slice(0, index + 1).filter((at) => at > end - minute).length),
  );
}

function refusedWrites(bench: Bench): number {
  return bench.emulator.requests.filter(({ kind, status }) => kind === "sync" && status === 429).length;
}

const states = (all: readonly State[]) => [...new Set(all.map(({ progress }) => progress.status))];

describe("syncs of one cluster in one process", () => {
  for (const pools of [1, 30]) {
    it(`that wait cost one node list and one pool list in each interval, with ${pools} of them`, () =>
      withBench({ pools, nodesPerPool: 10 }, anyNumberOfWrites, async (bench) => {
        assert.deepEqual(states(await synchronizeAll(bench)), ["synced"]);
        assert.equal(bench.emulator.acceptedSyncs.length, pools);
        assert.equal(mostInSlot(bench, "nodes"), 1);
        assert.equal(mostInSlot(bench, "pools"), 1);
      }));
  }

  it("share those looks also when they begin at different times, and look once more before a request", () =>
    withBench({ pools: 30, nodesPerPool: 10 }, anyNumberOfWrites, async (bench) => {
      await synchronizeAll(bench, 1700);
      const { requests } = bench.emulator;
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
    withBench({ pools: 30, nodesPerPool: 2 }, anyNumberOfWrites, async (bench) => {
      const { cluster } = bench.emulator;
      for (const { id } of cluster.pools) cluster.startScaling(id, 600);
      const scaledAt = bench.clock.now() + 600_000;
      assert.deepEqual(states(await synchronizeAll(bench, 700)), ["synced"]);
      const waits = bench.emulator.requests.filter(({ at }) => at < scaledAt);
      assert.ok(waits.length > 100);
      const bySlot = Map.groupBy(waits, ({ at, kind }) => `${kind} ${Math.floor(at / interval)}`);
      assert.equal(Math.max(...[...bySlot.values()].map(({ length }) => length)), 1);
    }));

  it("share one look when all of them are refreshed", () =>
    withBench({ pools: 30 }, anyNumberOfWrites, async (bench) => {
      const recorded = await synchronizeAll(bench);
      await bench.clock.sleep(minute);
      const before = count(bench, "nodes");
      for (const state of recorded) {
        await bench.refresh(state);
        await bench.clock.sleep(20);
      }
      assert.equal(count(bench, "nodes") - before, 1);
    }));

  it("look their project up once", () =>
    withBench({ pools: 30 }, { ...anyNumberOfWrites, HW_PROJECT_ID: "" }, async (bench) => {
      assert.deepEqual(states(await synchronizeAll(bench)), ["synced"]);
      assert.equal(count(bench, "projects"), 1);
    }));
});

describe("a sync of a pool that is being scaled", () => {
  it("is sent afterwards, also when every node says that it is up to date: no sync has run", () =>
    withBench({ nodesPerPool: 4 }, {}, async (bench) => {
      bench.emulator.cluster.startScaling(bench.inputs.nodePoolId, 60);
      const { progress } = await bench.synchronize();
      assert.equal(progress.status, "synced");
      assert.equal(bench.emulator.acceptedSyncs.length, 1);
    }));
});

describe("two syncs of the same pool", () => {
  const nodeTemplate = { lifeCycle: {}, login: { sshKey: "key" } };

  it("are one request when nothing but the pool's configuration is asked for: the second adopts the first", () =>
    withBench({ nodesPerPool: 4 }, {}, async (bench) => {
      bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
      const all = await Promise.all([bench.synchronize(), bench.synchronize()]);
      assert.deepEqual(states(all), ["synced"]);
      assert.equal(count(bench, "sync"), 1);
      const adopted = bench.told.filter(({ message }) =>
        message.startsWith("a sync that was already running"),
      );
      assert.deepEqual(
        adopted.map(({ kind }) => kind),
        ["note"],
      );
    }));

  it("are two requests, the second sent after the end of the first, when the second has a nodeTemplate", () =>
    withBench({ nodesPerPool: 4 }, {}, async (bench) => {
      const first = bench.synchronize();
      const endOfFirst = first.then(() => bench.clock.now());
      const all = await Promise.all([first, bench.synchronize({ ...bench.inputs, nodeTemplate })]);
      assert.deepEqual(states(all), ["synced"]);
      assert.equal(count(bench, "sync"), 2, "none was refused");
      const [, second] = bench.emulator.acceptedSyncs;
      assert.ok((second?.at ?? 0) >= (await endOfFirst));
    }));

  it("do not share a failure: the second repeats what the first could not do", () =>
    withBench({ nodesPerPool: 4 }, {}, async (bench) => {
      const { cluster } = bench.emulator;
      cluster.changeConfiguration(bench.inputs.nodePoolId);
      cluster.failNode(cluster.pools[0]?.nodes[0]?.id ?? "", { times: 1 });
      const ends = await Promise.allSettled([bench.synchronize(), bench.synchronize()]);
      assert.deepEqual(
        ends.map(({ status }) => status),
        ["rejected", "fulfilled"],
      );
      assert.equal(bench.emulator.acceptedSyncs.length, 2);
      assert.ok(cluster.pools[0]?.nodes.every(({ phase, upToDate }) => phase === "Active" && upToDate));
    }));
});

describe("200 pools of 10 nodes each", () => {
  const many = { pools: 200, nodesPerPool: 10 };

  it("finish in one go within 10 requests a minute, none of which is refused", () =>
    withBench({ ...many, limits: { writesPerMinute: 10, readsPerSecond: 20 } }, {}, async (bench) => {
      for (const { id } of bench.emulator.cluster.pools) bench.emulator.cluster.changeConfiguration(id);
      assert.deepEqual(states(await synchronizeAll(bench)), ["synced"]);
      const { cluster, acceptedSyncs, requests } = bench.emulator;
      assert.ok(cluster.pools.every(({ nodes }) => nodes.every(({ upToDate }) => upToDate)));
      assert.equal(acceptedSyncs.length, 200);
      assert.equal(count(bench, "sync"), 200);
      assert.equal(mostWritesInMinute(bench), 10);
      assert.ok(mostInSlot(bench, "nodes") <= 2);
      assert.ok(requests.every(({ status }) => status === 200));
    }));

  it("finish without a storm of refused requests when the service allows fewer than expected", () =>
    withBench({ ...many, limits: { writesPerMinute: 3, retryAfterShare: 0 } }, {}, async (bench) => {
      assert.deepEqual(states(await synchronizeAll(bench)), ["synced"]);
      assert.equal(bench.emulator.acceptedSyncs.length, 200);
      assert.ok(refusedWrites(bench) <= 40, `${refusedWrites(bench)} refused`);
    }));
});
