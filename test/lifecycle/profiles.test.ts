import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import { ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

/** What must hold however the service behaves where its documentation is silent. */
for (const profile of Object.keys(profiles) as ProfileName[]) {
  describe(`a sync, on a service of profile ${profile}`, () => {
    let harness: LifecycleHarness;
    beforeEach(async () => {
      harness = await createLifecycleHarness({ profile, nodesPerPool: 5 });
    });
    afterEach(() => harness.close());

    const phases = () =>
      (harness.emulator.cluster.pools[0]?.nodes ?? []).map(({ phase, upToDate }) => `${phase} ${upToDate}`);

    it("ends when every node is back and up to date, and not before", async () => {
      harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
      const { progress } = await harness.synchronize();
      assert.equal(progress.status, "synced");
      assert.equal(progress.syncedNodeCount, 5);
      assert.deepEqual(phases(), Array(5).fill("Active true"));
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    });

    it("sends nothing when nothing has changed", async () => {
      const state = await harness.synchronize();
      const before = harness.emulator.requests.length;
      assert.equal((await harness.synchronize(harness.inputs, state)).progress.status, "synced");
      assert.equal(harness.emulator.requests.length, before);
    });

    it("names a node that failed, and repeats the sync for what is left", async () => {
      harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
      const [first] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      assert.ok(first);
      harness.emulator.cluster.failNode(first.id, {
        phase: "Error",
        reason: "the disk did not mount",
        times: 1,
      });
      const failure = await harness.synchronize().then(
        () => assert.fail("the sync should have failed"),
        (error) => error,
      );
      assert.ok(failure instanceof ResourceFailure, String(failure));
      assert.equal(failure.state.progress.status, "failed");
      assert.ok(failure.message.includes(first.name), failure.message);
      const { progress } = await harness.synchronize(harness.inputs, failure.state);
      assert.equal(progress.status, "synced");
      assert.equal(progress.syncedNodeCount, 5);
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
      // A failed sub-job that names nobody may be that of any node.
      const mayBeAny = profile === "subJobsNameNobody";
      const repeated = harness.emulator.acceptedSyncs[1]?.targets.length ?? 5;
      assert.ok(repeated < 5 || mayBeAny, `${repeated} nodes were named again`);
      assert.deepEqual(phases(), Array(5).fill("Active true"));
    });

    it("sends nothing once the user has interrupted", async () => {
      harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
      harness.interrupt.abort();
      await assert.rejects(harness.synchronize(), /interrupted; no sync was sent and no node was reset/);
      assert.equal(harness.emulator.acceptedSyncs.length, 0);
    });
  });
}
