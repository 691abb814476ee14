import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { tell } from "../support/lifecycle/story.ts";
import { until } from "../support/until.ts";

describe("a run that is killed in create after its sync had ended", () => {
  for (const profile of ["standard", "noJob", "statusLags", "staleReplicas", "jobNotShown"] as const)
    it(`costs no second reset of nodes that say that they are up to date: ${profile}`, () =>
      tell({ profile: { ...profiles[profile] } }, async (story) => {
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        await story.synced();
        const unrecorded: State | undefined = undefined;
        await story.synced({}, unrecorded);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

  for (const profile of ["standard", "noJob", "statusLags"] as const)
    it(`costs none either when it was killed while the sync ran: ${profile}`, () =>
      tell({ profile }, async (story) => {
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        const died = story.crashAt(18, "answered");
        void story.synchronize().catch(() => undefined);
        await died;
        assert.equal(story.sent.length, 1);
        await story.synced();
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

  for (const profile of ["noUpToDate", "oldProbes", "subJobsNameServers"] as const)
    it(`costs none of the nodes that the running job names as done, whatever they say: ${profile}`, () =>
      tell({ profile: { ...profiles[profile], upToDateField: profile === "oldProbes" } }, async (story) => {
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        void story.synchronize().catch(() => undefined);
        await until(() => story.emulator.resets.some(({ endedAt }) => endedAt !== undefined));
        assert.equal(story.sent.length, 1);
        await story.synced();
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

  it("costs none where nothing but phases shows the sync, when it was killed before the first node's turn", () =>
    tell({ profile: "slowAndBare" }, async (story) => {
      const { cluster, resets } = story.emulator;
      cluster.changeConfiguration(story.inputs.nodePoolId);
      void story.synchronize().catch(() => undefined);
      await until(() => story.sent.length === 1);
      assert.equal(resets.length, 0);
      story.restart();
      await story.synced();
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      assert.ok(story.nodes.every(({ upToDate }) => upToDate));
    }));

  it("spares no node that such a sync reset before the pool was changed once more", () =>
    tell({ profile: { ...profiles.slowAndBare, readsConfiguration: "atStart" } }, async (story) => {
      const { cluster } = story.emulator;
      const { nodePoolId } = story.inputs;
      cluster.changeConfiguration(nodePoolId);
      void story.synchronize().catch(() => undefined);
      await until(() => story.sent.length === 1);
      story.restart();
      const changed = until(() => story.emulator.resets.some(({ endedAt }) => endedAt !== undefined)).then(
        () => cluster.changeConfiguration(nodePoolId),
      );
      await story.synced();
      await changed;
      assert.ok(story.nodes.every(({ upToDate }) => upToDate));
    }));
});

describe("somebody's sync that began before the pool was changed", () => {
  for (const profile of ["noUpToDate", "oldProbes", "bare", "standard"] as const)
    it(`proves none of its nodes for a resource that is created after the change: ${profile}`, () =>
      tell({ profile: { ...profiles[profile], readsConfiguration: "atStart" } }, async (story) => {
        const { cluster } = story.emulator;
        const { nodePoolId } = story.inputs;
        cluster.changeConfiguration(nodePoolId);
        await story.clock.sleep(600_000);
        cluster.syncByOthers(nodePoolId, { maxUnavailable: 4 });
        await story.clock.sleep(2000);
        cluster.changeConfiguration(nodePoolId);
        await story.synced();
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
        assert.ok(story.nodes.every(({ upToDate }) => upToDate));
      }));

  it("proves none of them where the pool does not say when it was changed", () =>
    tell(
      { profile: { ...profiles.noUpToDate, poolUpdateTime: "absent", readsConfiguration: "atStart" } },
      async (story) => {
        const { cluster } = story.emulator;
        cluster.syncByOthers(story.inputs.nodePoolId, { maxUnavailable: 4 });
        await story.clock.sleep(20_000);
        cluster.changeConfiguration(story.inputs.nodePoolId);
        await story.clock.sleep(5000);
        await story.synced();
        assert.ok(story.nodes.every(({ upToDate }) => upToDate));
      },
    ));

  it("proves none of them where only their later phases are of after the change", () =>
    tell(
      {
        profile: {
          ...profiles.noUpToDate,
          readsConfiguration: "atStart",
          stages: profiles.upgradingPhase.stages,
        },
      },
      async (story) => {
        const { cluster } = story.emulator;
        for (const id of story.ids) cluster.resetNode(id, "manual");
        await story.clock.sleep(20_000);
        cluster.changeConfiguration(story.inputs.nodePoolId);
        await story.clock.sleep(30_000);
        await story.synced();
        assert.ok(story.nodes.every(({ upToDate }) => upToDate));
      },
    ));
});
