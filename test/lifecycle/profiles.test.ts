import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import { SyncFailure } from "../../provider/sync/lifecycle.ts";
import { type Bench, openBench } from "../support/bench.ts";

/** What must hold however the service behaves where its documentation is silent. */
for (const profile of Object.keys(profiles) as ProfileName[]) {
  describe(`a sync, on a service of profile ${profile}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await openBench({ profile, nodesPerPool: 5 });
    });
    afterEach(() => bench.close());

    const phases = () =>
      (bench.emulator.cluster.pools[0]?.nodes ?? []).map(({ phase, upToDate }) => `${phase} ${upToDate}`);

    it("ends when every node is back and up to date, and not before", async () => {
      bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
      const { progress } = await bench.synchronize();
      assert.equal(progress.status, "synced");
      assert.equal(progress.syncedNodeCount, 5);
      assert.deepEqual(phases(), Array(5).fill("Active true"));
      assert.equal(bench.emulator.acceptedSyncs.length, 1);
    });

    it("sends nothing when nothing has changed", async () => {
      const state = await bench.synchronize();
      const before = bench.emulator.requests.length;
      assert.equal((await bench.synchronize(bench.inputs, state)).progress.status, "synced");
      assert.equal(bench.emulator.requests.length, before);
    });

    it("names a node that failed, and repeats the sync for what is left", async () => {
      const [first] = bench.emulator.cluster.pools[0]?.nodes ?? [];
      assert.ok(first);
      bench.emulator.cluster.failNode(first.id, {
        phase: "Error",
        reason: "the disk did not mount",
        times: 1,
      });
      const failure = await bench.synchronize().then(
        () => assert.fail("the sync should have failed"),
        (error) => error,
      );
      assert.ok(failure instanceof SyncFailure, String(failure));
      assert.equal(failure.state.progress.status, "failed");
      assert.ok(failure.message.includes(first.name), failure.message);
      const { progress } = await bench.synchronize(bench.inputs, failure.state);
      assert.equal(progress.status, "synced");
      assert.equal(progress.syncedNodeCount, 5);
      assert.equal(bench.emulator.acceptedSyncs.length, 2);
      assert.ok((bench.emulator.acceptedSyncs[1]?.targets.length ?? 5) < 5);
      assert.deepEqual(phases(), Array(5).fill("Active true"));
    });

    it("sends nothing once the user has interrupted", async () => {
      bench.interrupt.abort();
      await assert.rejects(bench.synchronize(), /interrupted before the sync was sent; nothing was reset/);
      assert.equal(bench.emulator.acceptedSyncs.length, 0);
    });
  });
}
