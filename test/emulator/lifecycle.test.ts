import assert from "node:assert/strict";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  job,
  nodesOf,
  phases,
  pool,
  synchronizing,
} from "../support/service/emulatorHarness.ts";

/** The ids of the first pool's nodes; at least as many as are asked for. */
function ids(harness: EmulatorHarness): [string, string, string] {
  const [a, b, c] = harness.emulator.cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  return [a, b, c];
}

describe("a sync in the emulator", () => {
  it("resets batch after batch, each node for the time of a reset", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 5, resetSeconds: 120 });
    await harness.sync({ maxUnavailable: 2 });
    const [busy, free] = ["Installing", "Active"];
    assert.deepEqual(await phases(harness), [busy, busy, free, free, free]);
    harness.clock.pass(119);
    assert.deepEqual(await phases(harness), [busy, busy, free, free, free]);
    harness.clock.pass(1);
    assert.deepEqual(await phases(harness), [free, free, busy, busy, free]);
    harness.clock.pass(120);
    assert.deepEqual(await phases(harness), [free, free, free, free, busy]);
    harness.clock.pass(120);
    assert.deepEqual(await phases(harness), [free, free, free, free, free]);
  });

  it("ends the same way when nobody looked meanwhile", async () => {
    await using watched = await createEmulatorHarness({ nodesPerPool: 3 });
    await using unwatched = await createEmulatorHarness({ nodesPerPool: 3 });
    await watched.sync();
    await unwatched.sync();
    for (let step = 0; step < 40; step += 1) {
      watched.clock.pass(10);
      await phases(watched);
    }
    unwatched.clock.pass(400);
    const times = async (harness: EmulatorHarness) =>
      (await nodesOf(harness)).map(({ metadata, status }: Record<string, Record<string, unknown>>) => [
        metadata?.updateTimestamp,
        status?.phase,
      ]);
    assert.deepEqual(await times(unwatched), await times(watched));
  });

  it("is shown by the pool: counts, condition and job", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    cluster.changeConfiguration(harness.poolId);
    assert.equal(synchronizing(await pool(harness)), "False");
    assert.equal((await pool(harness)).status.configurationSyncedNodeCount, 0);
    const { jobid } = (await harness.sync({ maxUnavailable: 2 })).json;
    const during = await pool(harness);
    assert.equal(synchronizing(during), "True");
    assert.equal(during.status.jobId, jobid);
    assert.deepEqual([during.status.currentNode, during.status.activeNode], [3, 1]);
    harness.clock.pass(100);
    assert.equal((await pool(harness)).status.configurationSyncedNodeCount, 2);
    harness.clock.pass(100);
    const after = await pool(harness);
    assert.equal(synchronizing(after), "False");
    assert.deepEqual([after.status.activeNode, after.status.configurationSyncedNodeCount], [3, 3]);
  });

  it("keeps a node's server and moves its update time", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    harness.emulator.cluster.changeConfiguration(harness.poolId);
    const [before] = await nodesOf(harness);
    harness.clock.pass(60);
    await harness.sync();
    harness.clock.pass(120);
    const [after] = await nodesOf(harness);
    assert.equal(after.status.serverId, before.status.serverId);
    assert.deepEqual(
      [before.status.configurationUpToDate, after.status.configurationUpToDate],
      [false, true],
    );
    assert.equal(before.metadata.updateTimestamp, "2026-01-14 12:00:00.000000000 +0000 UTC");
    assert.equal(after.metadata.updateTimestamp, "2026-01-15 12:03:00.000000000 +0000 UTC");
  });

  it("resets the named nodes only, in their order, without those that are to be skipped", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 4 });
    const [a, b, c] = ids(harness);
    await harness.sync({ nodeIDs: [c, a, b], skippedNodes: [a] });
    assert.deepEqual(harness.emulator.acceptedSyncs[0]?.targets, [c, b]);
    assert.deepEqual(await phases(harness), ["Active", "Active", "Installing", "Active"]);
  });

  it("has a job that succeeds when all of its parts do", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    const { jobid } = (await harness.sync()).json;
    const during = (await job(harness, jobid)).json;
    const subPhases = (view: typeof during) =>
      view.spec.subJobs.map(({ status }: { status: { phase: string } }) => status.phase);
    assert.deepEqual([during.status.phase, ...subPhases(during)], ["Running", "Running", "Initializing"]);
    assert.equal(during.spec.resourceID, harness.poolId);
    harness.clock.pass(240);
    const after = (await job(harness, jobid)).json;
    assert.deepEqual([after.status.phase, ...subPhases(after)], ["Success", "Success", "Success"]);
  });

  it("runs as many times faster as it is configured to", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1, resetSeconds: 120, speed: 60 });
    await harness.sync();
    harness.clock.pass(1.9);
    assert.deepEqual(await phases(harness), ["Installing"]);
    harness.clock.pass(0.1);
    assert.deepEqual(await phases(harness), ["Active"]);
  });

  it("is over at once when the pool has no nodes", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 0 });
    const { jobid } = (await harness.sync()).json;
    assert.equal((await job(harness, jobid)).json.status.phase, "Success");
    assert.equal((await harness.sync()).status, 200);
  });
});

describe("a sync in the emulator that goes wrong", () => {
  it("leaves a node in the phase and with the reason that were asked for, as often as they were", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3 });
    const [a] = ids(harness);
    harness.emulator.cluster.changeConfiguration(harness.poolId);
    harness.emulator.cluster.failNode(a, { phase: "Abnormal", reason: "no disk", times: 1 });
    const { jobid } = (await harness.sync({ maxUnavailable: 3 })).json;
    harness.clock.pass(120);
    const [failed, good] = await nodesOf(harness);
    assert.deepEqual(
      [failed.status.phase, failed.status.reason, failed.status.configurationUpToDate],
      ["Abnormal", "no disk", false],
    );
    assert.equal(good.status.phase, "Active");
    const { status, spec } = (await job(harness, jobid)).json;
    assert.deepEqual(status, { phase: "Failed", reason: "1 of 3 nodes failed" });
    assert.deepEqual(spec.subJobs[0].status, { phase: "Failed", reason: "no disk" });

    await harness.sync({ nodeIDs: [a] });
    harness.clock.pass(120);
    const [repaired] = await nodesOf(harness);
    assert.deepEqual([repaired.status.phase, repaired.status.reason], ["Active", undefined]);
  });

  it("keeps a node in a phase of its reset that it is to fail in", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    const node = harness.emulator.cluster.pools[0]?.nodes[0];
    harness.emulator.cluster.failNode(node?.id ?? "", { phase: "Installing", times: 2 });
    await harness.sync();
    harness.clock.pass(359);
    assert.deepEqual(await phases(harness), ["Installing"]);
    harness.clock.pass(1);
    assert.deepEqual(await phases(harness), ["Active"]);
  });

  it("lets a node vanish at the end of its reset", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3 });
    const [, second] = ids(harness);
    harness.emulator.cluster.vanish(second);
    const { jobid } = (await harness.sync({ maxUnavailable: 3 })).json;
    assert.equal((await nodesOf(harness)).length, 3);
    harness.clock.pass(120);
    assert.equal((await nodesOf(harness)).length, 2);
    assert.equal((await job(harness, jobid)).json.status.phase, "Success");
  });

  it("goes on when a node is removed meanwhile, and fails as a job where the profile says so", async () => {
    for (const [profile, outcome] of [
      ["standard", "Success"],
      ["vanishingFailsJob", "Failed"],
    ] as const) {
      await using harness = await createEmulatorHarness({ nodesPerPool: 3, profile });
      const [a, b] = ids(harness);
      const { jobid } = (await harness.sync()).json;
      harness.emulator.cluster.removeNode(a);
      harness.emulator.cluster.removeNode(b);
      harness.clock.pass(360);
      assert.equal((await job(harness, jobid)).json.status.phase, outcome);
      assert.deepEqual(await phases(harness), ["Active"]);
    }
  });

  it("goes on without a node that was added meanwhile", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    await harness.sync();
    const added = harness.emulator.cluster.addNode(harness.poolId, "Installing");
    assert.deepEqual(await phases(harness), ["Installing", "Installing"]);
    harness.clock.pass(120);
    assert.deepEqual(await phases(harness), ["Active", "Installing"]);
    harness.emulator.cluster.setNodePhase(added.id, "Active");
    assert.deepEqual(await phases(harness), ["Active", "Active"]);
  });

  it("can fail as a task before it touches a node", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    harness.emulator.cluster.failNextJob("storage parameters are wrong");
    const { jobid } = (await harness.sync()).json;
    assert.deepEqual(await phases(harness), ["Active", "Active"]);
    harness.clock.pass(120);
    const { status, spec } = (await job(harness, jobid)).json;
    const expected = { phase: "Failed", reason: "storage parameters are wrong" };
    assert.deepEqual([status, spec.subJobs[0].status], [expected, expected]);
    await harness.sync();
    assert.deepEqual(await phases(harness), ["Installing", "Active"]);
  });

  it("forgets jobs on request", async () => {
    await using harness = await createEmulatorHarness();
    const { jobid } = (await harness.sync()).json;
    harness.emulator.cluster.forgetJobs();
    const answer = await job(harness, jobid);
    assert.deepEqual([answer.status, answer.json.errorCode], [404, "CCE.01404001"]);
  });

  it("leaves the default pool alone, which cannot be removed", async () => {
    await using harness = await createEmulatorHarness({ defaultPoolNodes: 1 });
    const { cluster } = harness.emulator;
    assert.throws(() => cluster.removePool(cluster.defaultPool.id), /^Error: DefaultPool cannot be removed/);
    assert.equal(cluster.defaultPool.nodes.length, 1);
    assert.equal(
      (await harness.get(harness.path("/nodepools?showDefaultNodePool=true"))).json.items.length,
      2,
    );
  });

  it("outlives its pool", async () => {
    await using harness = await createEmulatorHarness();
    await harness.sync();
    harness.emulator.cluster.removePool(harness.poolId);
    assert.equal((await harness.get(harness.path(`/nodepools/${harness.poolId}`))).status, 404);
    harness.clock.pass(1000);
    assert.deepEqual(await nodesOf(harness), []);
  });
});
