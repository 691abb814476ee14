import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  job,
  nodesOf,
  phases,
  pool,
} from "../support/service/emulatorHarness.ts";

const hour = 3600;

/** The ids of the first pool's nodes, in their order. */
function nodeIds({ emulator }: EmulatorHarness): string[] {
  return emulator.cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
}

async function upToDate(harness: EmulatorHarness): Promise<boolean[]> {
  const nodes = await nodesOf(harness);
  return nodes.map(
    ({ status }: { status: { configurationUpToDate: boolean } }) => status.configurationUpToDate,
  );
}

describe("behind the back of the emulated API", () => {
  it("labels are edited: of a node, only its labels and its update time change", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    const before = await nodesOf(harness);
    harness.clock.pass(hour);
    harness.emulator.cluster.editLabels(...nodeIds(harness));
    for (const [index, node] of (await nodesOf(harness)).entries()) {
      const { labels, updateTimestamp, ...metadata } = node.metadata;
      assert.equal(updateTimestamp, "2026-01-15 13:00:00.000000000 +0000 UTC");
      assert.notDeepEqual(labels, before[index].metadata.labels);
      const { labels: _, updateTimestamp: __, ...unchanged } = before[index].metadata;
      assert.deepEqual(metadata, unchanged);
      assert.equal(node.status.phase, "Active");
    }
  });

  it("somebody else syncs chosen nodes, which the log of accepted syncs marks as such", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3, resetSeconds: 100 });
    const { emulator, poolId } = harness;
    const [, chosen = ""] = nodeIds(harness);
    const sync = emulator.cluster.syncByOthers(poolId, { nodeIds: [chosen], maxUnavailable: 2 });
    assert.deepEqual(await phases(harness), ["Active", "Installing", "Active"]);
    assert.equal((await harness.sync()).status, 403);
    assert.equal((await pool(harness)).status.jobId, sync.jobId);
    harness.clock.pass(100);
    await harness.sync();
    assert.deepEqual(
      emulator.acceptedSyncs.map(({ serial, origin, targets }) => [serial, origin, targets.length]),
      [
        [1, "others", 1],
        [2, "request", 3],
      ],
    );
    assert.throws(() => emulator.cluster.syncByOthers(poolId), /refuses the sync: CCE\.01403003/);
    assert.throws(
      () => emulator.cluster.syncByOthers(poolId, { nodeIds: ["x"] }),
      /node x is not in the node pool/,
    );
  });

  it("the autoscaler adds and removes nodes, with a job of its own on the pool's status", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    const { cluster } = harness.emulator;
    const [leaving = "", staying = ""] = nodeIds(harness);
    const { jobId, added } = cluster.autoscale(harness.poolId, { add: 2, remove: [leaving], seconds: 50 });
    const during = (await pool(harness)).status;
    assert.deepEqual(
      [during.jobId, during.currentNode, during.creatingNode, during.deletingNode],
      [jobId, 3, 2, 1],
    );
    assert.deepEqual(await phases(harness), ["Deleting", "Active", "Installing", "Installing"]);
    assert.equal((await job(harness, jobId)).json.status.phase, "Running");
    assert.equal((await harness.sync()).json.errorCode, "CCE.01400023");
    harness.clock.pass(50);
    const { status, spec } = (await job(harness, jobId)).json;
    assert.equal(status.phase, "Success");
    assert.deepEqual(
      spec.subJobs.map((part: { spec: { resourceID: string } }) => part.spec.resourceID),
      [...added.map(({ id }) => id), leaving],
    );
    assert.deepEqual(nodeIds(harness), [staying, ...added.map(({ id }) => id)]);
    assert.deepEqual(await phases(harness), ["Active", "Active", "Active"]);
    const after = (await pool(harness)).status;
    assert.deepEqual([after.currentNode, after.creatingNode, after.deletingNode], [3, 0, 0]);
    assert.deepEqual(harness.emulator.resets, []);
    assert.equal((await harness.sync()).status, 200);
  });

  it("the autoscaler scales during a sync, which goes on", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100 });
    const { jobid } = (await harness.sync()).json;
    const { jobId } = harness.emulator.cluster.autoscale(harness.poolId, { add: 1, seconds: 50 });
    assert.equal((await pool(harness)).status.jobId, jobId);
    harness.clock.pass(200);
    assert.equal((await job(harness, jobid)).json.status.phase, "Success");
    assert.deepEqual(await phases(harness), ["Active", "Active", "Active"]);
    assert.equal(harness.emulator.resets.length, 2);
  });

  it("a node is replaced: the same name, another id and another server", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, zones: 2 });
    const { cluster } = harness.emulator;
    const [, old] = cluster.pools[0]?.nodes ?? [];
    const replaced = cluster.replaceNode(old?.id ?? "");
    assert.deepEqual([replaced.name, replaced.zone], [old?.name, "zone-2"]);
    assert.notEqual(replaced.id, old?.id);
    assert.notEqual(replaced.serverId, old?.serverId);
    assert.equal(nodeIds(harness).length, 2);
    assert.equal((await harness.get(harness.path(`/nodes/${old?.id}`))).status, 404);
  });

  it("the configuration changes, and nodes go on for a time to say that they are up to date", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, speed: 10, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    const [first = ""] = nodeIds(harness);
    cluster.changeConfiguration(harness.poolId, 30);
    harness.clock.pass(2.9);
    assert.deepEqual(await upToDate(harness), [true, true]);
    assert.ok(cluster.pools[0]?.nodes.every((node) => !node.upToDate));
    harness.clock.pass(0.1);
    assert.deepEqual(await upToDate(harness), [false, false]);
    await harness.sync({ nodeIDs: [first] });
    harness.clock.pass(10);
    assert.deepEqual(await upToDate(harness), [true, false]);
  });

  it("a node says for ever that it is not up to date, until that ends", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    const { cluster } = harness.emulator;
    const [node = ""] = nodeIds(harness);
    cluster.alwaysOutdated(node);
    await harness.sync();
    harness.clock.pass(hour);
    assert.deepEqual(await upToDate(harness), [false]);
    assert.equal(cluster.pools[0]?.nodes[0]?.upToDate, true);
    cluster.alwaysOutdated(node, false);
    assert.deepEqual(await upToDate(harness), [true]);
  });

  it("a node's record is written all the time, and the node is as it was, until that ends", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    const { cluster } = harness.emulator;
    const [node = ""] = nodeIds(harness);
    const updateTime = async () => (await nodesOf(harness))[0].metadata.updateTimestamp;
    const before = await updateTime();
    cluster.alwaysUpdated(node);
    assert.equal(await updateTime(), "2026-01-15 12:00:00.000000000 +0000 UTC");
    harness.clock.pass(5);
    assert.equal(await updateTime(), "2026-01-15 12:00:05.000000000 +0000 UTC");
    assert.deepEqual(await phases(harness), ["Active"]);
    cluster.alwaysUpdated(node, false);
    assert.equal(await updateTime(), before);
  });

  it("the next sync begins late and takes long for each node, and no other does", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100 });
    const { emulator, clock } = harness;
    emulator.cluster.slowNextSync({ beginsAfter: 1000, resetSeconds: 500 });
    await harness.sync();
    const seen = [];
    for (const seconds of [999, 1, 499, 1, 499, 1]) {
      clock.pass(seconds);
      seen.push((await phases(harness)).join());
    }
    const [idle, first, second] = ["Active,Active", "Installing,Active", "Active,Installing"];
    assert.deepEqual(seen, [idle, first, first, second, second, idle]);
    await harness.sync();
    clock.pass(200);
    assert.deepEqual(await phases(harness), ["Active", "Active"]);
    assert.equal(emulator.resets.length, 4);
  });

  it("the cluster is upgraded, with its nodes but those that are busy", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3 });
    const { cluster } = harness.emulator;
    const [, broken = ""] = nodeIds(harness);
    cluster.setNodePhase(broken, "Error", "no disk");
    cluster.upgrade(30);
    assert.deepEqual(await phases(harness), ["Upgrading", "Error", "Upgrading"]);
    assert.equal((await harness.sync()).json.errorCode, "CCE.01403009");
    harness.clock.pass(30);
    assert.deepEqual(await phases(harness), ["Active", "Error", "Active"]);
    assert.equal(cluster.phase, "Available");
    assert.deepEqual(harness.emulator.resets, []);
  });

  it("several things happen in the order in which they are due, though nobody looked meanwhile", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    const [first = "", second = ""] = nodeIds(harness);
    await harness.sync({ nodeIDs: [first, second] });
    cluster.resetNode(second);
    cluster.upgrade(30);
    harness.clock.pass(hour);
    const log = cluster
      .resetLog(second)
      .map(({ cause, startedAt, endedAt = 0 }) => [cause, endedAt - startedAt]);
    assert.deepEqual(log, [
      ["manual", 100_000],
      ["sync", 100_000],
    ]);
    assert.deepEqual(await phases(harness), ["Active", "Active", "Active"]);
  });
});

describe("a profile of one's own", () => {
  it("has the fields of standard where it has none", async () => {
    await using harness = await createEmulatorHarness({
      nodesPerPool: 1,
      profile: { answer: "emptyObject" },
    });
    assert.deepEqual((await harness.sync()).json, {});
    assert.equal((await nodesOf(harness))[0].status.configurationUpToDate, true);
  });

  it("may mix the fields of all others, and every sync ends", async () => {
    const choices = Object.values(profiles).map((profile) => Object.entries(profile));
    for (let seed = 0; seed < 60; seed += 1) {
      const mixed = choices[0]?.map(([name], field) => {
        const from = choices[(seed * 7 + field * (seed + 3)) % choices.length];
        return [name, from?.find(([other]) => other === name)?.[1]];
      });
      const profile = Object.fromEntries(mixed ?? []);
      await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 10, profile });
      assert.equal((await harness.sync()).status, 200);
      harness.clock.pass(hour);
      assert.deepEqual(await phases(harness), ["Active", "Active"], JSON.stringify(profile));
      assert.equal(harness.emulator.resets.length, 2);
    }
  });
});
