import assert from "node:assert/strict";
import { type NodeReset, profiles } from "../../emulator/index.ts";
import { createEmulatorHarness, type EmulatorHarness } from "../support/service/emulatorHarness.ts";

/** The ids of the first pool's nodes, in their order. */
function nodeIds({ emulator }: EmulatorHarness): string[] {
  return emulator.cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
}

/** Seconds since a time, to compare resets by. */
function spans(resets: readonly NodeReset[], since: number) {
  return resets.map(({ startedAt, endedAt, outcome }) => [
    (startedAt - since) / 1000,
    endedAt === undefined ? undefined : (endedAt - since) / 1000,
    outcome,
  ]);
}

describe("the log of resets", () => {
  it("says of each node when a sync reset it, which one, and with what", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100 });
    const { emulator, clock } = harness;
    const [first = "", second = ""] = nodeIds(harness);
    const start = clock.now();
    const nodeTemplate = { lifeCycle: { preInstall: "ZWNobyAx" }, login: { sshKey: "my-key" } };
    assert.deepEqual(emulator.resets, []);
    await harness.sync({ nodeTemplate });
    clock.pass(150);
    assert.deepEqual(spans(emulator.resets, start), [
      [0, 100, "succeeded"],
      [100, undefined, undefined],
    ]);
    clock.pass(50);
    assert.deepEqual(emulator.cluster.resetLog(second), [
      {
        clusterId: emulator.cluster.id,
        poolId: harness.poolId,
        nodeId: second,
        cause: "sync",
        sync: emulator.acceptedSyncs[0]?.serial,
        startedAt: start + 100_000,
        endedAt: start + 200_000,
        outcome: "succeeded",
        reason: undefined,
        configuration: 1,
        nodeTemplate,
      },
    ]);
    await harness.sync({ nodeIDs: [first] });
    clock.pass(100);
    assert.deepEqual(
      emulator.cluster.resetLog(first).map(({ sync }) => sync),
      [1, 2],
    );
  });

  it("is the same whatever the API shows, however often somebody looked", async () => {
    const logs: unknown[] = [];
    for (const profile of [profiles.standard, profiles.bare, profiles.staleReplicas]) {
      for (const step of [400, 7]) {
        await using harness = await createEmulatorHarness({ nodesPerPool: 3, profile });
        const start = harness.clock.now();
        await harness.sync({ maxUnavailable: 2 });
        for (let passed = 0; passed < 400; passed += step) {
          harness.clock.pass(step);
          await harness.get(harness.path("/nodes"));
        }
        logs.push(spans(harness.emulator.resets, start));
      }
    }
    for (const log of logs) assert.deepEqual(log, logs[0]);
  });

  it("lists resets that failed and that never ended, because the node was gone", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    const [failing = "", vanishing = "", removed = ""] = nodeIds(harness);
    cluster.failNode(failing, { reason: "no disk", times: 1 });
    cluster.vanish(vanishing);
    const start = harness.clock.now();
    await harness.sync({ maxUnavailable: 3 });
    harness.clock.pass(40);
    cluster.removeNode(removed);
    harness.clock.pass(100);
    assert.deepEqual(spans(harness.emulator.resets, start), [
      [0, 100, "failed"],
      [0, 100, "gone"],
      [0, 40, "gone"],
    ]);
    assert.equal(cluster.resetLog(failing)[0]?.reason, "no disk");
  });

  it("holds nothing of a node that was touched by hand, relabelled or upgraded, and not reset", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    const { cluster } = harness.emulator;
    const [node = ""] = nodeIds(harness);
    cluster.setNodePhase(node, "Installing");
    cluster.setNodePhase(node, "Active");
    cluster.editLabels(node);
    cluster.upgrade(10);
    harness.clock.pass(20);
    assert.deepEqual(harness.emulator.resets, []);
  });

  it("knows resets by other causes, which belong to no sync", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    const [broken = "", other = ""] = nodeIds(harness);
    cluster.changeConfiguration(harness.poolId);
    cluster.setNodePhase(broken, "Abnormal");
    cluster.resetNode(broken, "repair");
    cluster.resetNode(other);
    assert.deepEqual(
      cluster.pools[0]?.nodes.map(({ phase }) => phase),
      ["Repairing", "Installing"],
    );
    harness.clock.pass(100);
    assert.deepEqual(
      harness.emulator.resets.map(({ cause, sync, outcome, configuration }) => [
        cause,
        sync,
        outcome,
        configuration,
      ]),
      [
        ["repair", undefined, "succeeded", 2],
        ["manual", undefined, "succeeded", 2],
      ],
    );
    assert.ok(cluster.pools[0]?.nodes.every(({ upToDate, phase }) => upToDate && phase === "Active"));
  });

  for (const [readsConfiguration, first] of [
    ["atStart", 2],
    ["atEnd", 3],
  ] as const) {
    it(`says which configuration a node was reset to: that of the time ${readsConfiguration}`, async () => {
      await using harness = await createEmulatorHarness({
        nodesPerPool: 2,
        resetSeconds: 100,
        profile: { readsConfiguration },
      });
      const { cluster } = harness.emulator;
      cluster.changeConfiguration(harness.poolId);
      await harness.sync();
      harness.clock.pass(50);
      cluster.changeConfiguration(harness.poolId);
      harness.clock.pass(150);
      assert.deepEqual(
        harness.emulator.resets.map(({ configuration }) => configuration),
        [first, 3],
      );
      assert.deepEqual(
        cluster.pools[0]?.nodes.map(({ configuration, upToDate }) => [configuration, upToDate]),
        [
          [first, first === 3],
          [3, true],
        ],
      );
      assert.equal(cluster.pools[0]?.configuration, 3);
    });
  }

  it("holds no password of a template", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1 });
    const password = "Canary-7-plain";
    harness.emulator.cluster.syncByOthers(harness.poolId, {
      nodeTemplate: { lifeCycle: {}, login: { userPassword: { password } } },
    });
    assert.ok(!JSON.stringify([harness.emulator.resets, harness.emulator.acceptedSyncs]).includes(password));
    assert.equal(harness.emulator.resets.length, 1);
  });
});
