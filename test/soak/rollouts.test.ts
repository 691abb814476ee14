import assert from "node:assert/strict";
import type { ProfileName } from "../../emulator/index.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import {
  createLifecycleHarness,
  type LifecycleHarness,
  withLifecycleHarness,
} from "../support/lifecycle/lifecycleHarness.ts";

const rollout: Inputs["rollout"] = { canary: 1, waveSize: 2, soak: "60s" };

const nodesOf = ({ emulator }: LifecycleHarness) => emulator.cluster.pools[0]?.nodes ?? [];
const resetsOf = ({ emulator }: LifecycleHarness, id: string) =>
  emulator.cluster.resetLog(id).filter(({ cause }) => cause === "sync").length;

/**
 * Lets the process die at its exchange number `exchange` in the update to a new content, and runs it again with the
 * state of before, which is all that the engine has.
 * @returns false when the rollout has fewer exchanges.
 */
async function dieInRollout(profile: ProfileName, exchange: number): Promise<boolean> {
  const harness = await createLifecycleHarness({ profile, nodesPerPool: 5 });
  try {
    const inputs: Inputs = { ...harness.inputs, onChange: "outdated", rollout };
    const before = await harness.synchronize({ ...inputs, onCreate: "nothing" });
    harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
    harness.restart();
    const changed: Inputs = { ...inputs, triggers: ["b"] };
    const died = harness.crashAt(exchange, "acted").then(() => "died" as const);
    const end = await Promise.race([died, harness.synchronize(changed, before)]);
    const isBack = new Set(
      nodesOf(harness)
        .filter(({ upToDate }) => upToDate)
        .map(({ id }) => id),
    );
    const requested = harness.emulator.acceptedSyncs.flatMap(({ targets }) => targets);
    const isWorking = (id: string) => requested.includes(id) && !isBack.has(id);
    const inTheAir = nodesOf(harness).filter(({ id }) => isWorking(id)).length;
    harness.restart();
    if (end !== "died") return false;
    const state: State = await harness.synchronize(changed, before);
    assert.equal(state.progress.status, "synced", `died at ${exchange}`);
    assert.ok(nodesOf(harness).every(({ phase, upToDate }) => phase === "Active" && upToDate));
    for (const { id } of nodesOf(harness)) {
      const resets = resetsOf(harness, id);
      assert.ok(resets >= 1, `died at ${exchange}: a node was not reset`);
      // What a lost wave was resetting when the next run looked may be in a wave once more; no node three times.
      assert.ok(resets <= 2, `died at ${exchange}: a node was reset ${resets} times`);
      if (saysEnough.has(profile) && isBack.has(id))
        assert.equal(resets, 1, `died at ${exchange}: a node that was done was reset again`);
    }
    const waves = harness.emulator.acceptedSyncs.length;
    // Where no node says what it has, the next run begins the whole rollout again.
    const most = saysEnough.has(profile) ? 4 + inTheAir : 2 * 3;
    assert.ok(waves <= most, `died at ${exchange}: ${waves} waves`);
    return true;
  } finally {
    await harness.close();
  }
}

/** Services whose nodes say truly, and recently, whether they are up to date. */
const saysEnough = new Set<ProfileName>(["standard", "noJob", "slowToBegin", "subJobsNameServers"]);
const profiles: readonly ProfileName[] = [...saysEnough, "noUpToDate", "bare"];

describe("after the death of its process at any exchange of a rollout of three waves, the next run", () => {
  for (const profile of profiles)
    it(`brings every node up to date, and spares those that say so: ${profile}`, async () => {
      let exchange = 1;
      while (await dieInRollout(profile, exchange)) exchange += 1;
      assert.ok(exchange > 30, `${exchange} exchanges`);
    });
});

describe("1,000 nodes in waves of 20", () => {
  it("are each reset once, in 50 requests, with no more requests a wave than a sync of 20 takes", () =>
    withLifecycleHarness({ nodesPerPool: 1000 }, {}, async (harness) => {
      const inputs: Inputs = { ...harness.inputs, onCreate: "all", maxUnavailable: 20 };
      const ids = nodesOf(harness).map(({ id }) => id);
      await harness.synchronize({ ...inputs, nodeIds: ids.slice(0, 20) });
      const forOne = harness.emulator.requests.length;
      harness.restart();
      const { progress } = await harness.synchronize({
        ...inputs,
        triggers: ["b"],
        rollout: { waveSize: 20, soak: "30s" },
      });
      assert.deepEqual([progress.status, progress.syncedNodeCount], ["synced", 1000]);
      const waves = harness.emulator.acceptedSyncs.slice(1);
      assert.deepEqual(
        waves.map(({ targets }) => targets.length),
        Array.from({ length: 50 }, () => 20),
      );
      assert.equal(new Set(waves.flatMap(({ targets }) => targets)).size, 1000);
      assert.ok(ids.slice(20).every((id) => resetsOf(harness, id) === 1));
      // A soak of 30 s adds a list of nodes and of pools every five seconds, and one more at either end.
      const aWave = (harness.emulator.requests.length - forOne) / waves.length;
      assert.ok(aWave <= forOne + 2 * 8, `${aWave} requests a wave, ${forOne} for one sync`);
    }));
});
