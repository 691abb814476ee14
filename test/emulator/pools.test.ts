import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import { createEmulatorHarness, pool, synchronizing } from "../support/service/emulatorHarness.ts";

const asked = "?advanceStatus=true";

/** The condition that a sync runs. */
function condition({ status }: { status: { conditions: { type: string; lastTransitTime: string }[] } }) {
  return status.conditions.find(({ type }) => type === "ConfigurationSynchronizing");
}

describe("the emulated reads of pools", () => {
  it("show the condition with advanceStatus=true only, where the profile says so", async () => {
    await using harness = await createEmulatorHarness({ profile: "advanceStatusNeeded" });
    await harness.sync();
    assert.equal(synchronizing(await pool(harness)), undefined);
    assert.equal(synchronizing(await pool(harness, "?advanceStatus=false")), undefined);
    assert.equal(synchronizing(await pool(harness, asked)), "True");
    const list = async (query: string) =>
      (await harness.get(harness.path(`/nodepools${query}`))).json.items[0];
    assert.equal(synchronizing(await list("?showDefaultNodePool=false")), undefined);
    assert.equal(synchronizing(await list(asked)), "True");
  });

  it("refuse advanceStatus where the cloud does not know it", async () => {
    await using harness = await createEmulatorHarness({ profile: "advanceStatusRefused" });
    for (const path of ["/nodepools", `/nodepools/${harness.poolId}`]) {
      const answer = await harness.get(harness.path(`${path}${asked}`));
      assert.deepEqual([answer.status, answer.json.errorCode], [400, "CCE.01400001"]);
      assert.equal((await harness.get(harness.path(path))).status, 200);
    }
  });

  it("refuse an advanceStatus that is no boolean", async () => {
    await using harness = await createEmulatorHarness();
    assert.equal((await harness.get(harness.path("/nodepools?advanceStatus=yes"))).status, 400);
  });

  it("give the condition another time at each of its transitions", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1, resetSeconds: 100 });
    const times = [condition(await pool(harness))?.lastTransitTime];
    await harness.sync();
    times.push(condition(await pool(harness))?.lastTransitTime);
    harness.clock.pass(150);
    times.push(condition(await pool(harness))?.lastTransitTime);
    assert.deepEqual(times, [
      "2026-01-14 12:00:00.000000000 +0000 UTC",
      "2026-01-15 12:00:00.000000000 +0000 UTC",
      "2026-01-15 12:01:40.000000000 +0000 UTC",
    ]);
  });

  it("move the pool's update time when its configuration changes, and on some clouds with its status", async () => {
    for (const [poolUpdateTime, times] of [
      ["configuration", ["2026-01-14 12:00:00", "2026-01-14 12:00:00", "2026-01-15 12:05:00"]],
      ["anyChange", ["2026-01-14 12:00:00", "2026-01-15 12:02:00", "2026-01-15 12:05:00"]],
      ["absent", [undefined, undefined, undefined]],
    ] as const) {
      await using harness = await createEmulatorHarness({
        nodesPerPool: 1,
        profile: { ...profiles.standard, poolUpdateTime },
      });
      const time = async () => (await pool(harness)).metadata.updateTimestamp?.slice(0, 19);
      const seen = [await time()];
      await harness.sync();
      harness.clock.pass(300);
      seen.push(await time());
      harness.emulator.cluster.changeConfiguration(harness.poolId);
      seen.push(await time());
      assert.deepEqual(seen, times);
    }
  });

  it("count the nodes that they list", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3, defaultPoolNodes: 1 });
    const { cluster } = harness.emulator;
    const [first] = cluster.pools[0]?.nodes ?? [];
    cluster.addNode(harness.poolId, "Installing");
    cluster.setNodePhase(first?.id ?? "", "Deleting");
    const { status } = await pool(harness);
    assert.deepEqual([status.currentNode, status.activeNode, status.deletingNode], [3, 2, 1]);
    cluster.removeNode(first?.id ?? "");
    const after = (await pool(harness)).status;
    assert.deepEqual([after.currentNode, after.activeNode, after.deletingNode], [3, 2, 0]);
  });
});
