import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import { ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { until } from "../support/until.ts";

const template = { login: { userPassword: { username: "root", password: "Canary-7-plain" } } };

describe("what stories of random happenings have found", () => {
  it("a node that somebody else's sync brings up to date while the run waits for it is not reset again", async () => {
    await withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      const { cluster, acceptedSyncs } = harness.emulator;
      const { nodePoolId } = harness.inputs;
      const created = await harness.synchronize();
      cluster.changeConfiguration(nodePoolId);
      const [first, ...others] = cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
      cluster.syncByOthers(nodePoolId, { nodeIds: [first ?? ""] });
      harness.restart();
      const refreshed = await harness.refresh(created);
      harness.restart();
      const state = await harness.synchronize(harness.inputs, refreshed);
      assert.deepEqual(acceptedSyncs.at(-1)?.targets, others);
      assert.equal(state.progress.status, "synced");
      assert.equal(state.progress.targetNodeCount, 3);
    });
  });

  it("a list that still shows the end of the cluster's upgrade is no sign of a reset", async () => {
    await withLifecycleHarness({ nodesPerPool: 4, profile: "noJob" }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      let endOfUpgrade = Number.POSITIVE_INFINITY;
      harness.emulator.onRequest(({ kind, at }, moment) => {
        if (moment === "acted" && kind === "sync") {
          cluster.upgrade(20);
          endOfUpgrade = at + 20_000;
        }
        if (moment !== "arrived" || kind !== "nodes" || at <= endOfUpgrade) return;
        endOfUpgrade = Number.POSITIVE_INFINITY;
        harness.emulator.addFault({ kind: "nodes", effect: { kind: "stale", seconds: 30 } });
      });
      const end = await outcomeOf(harness, {
        inputs: { ...harness.inputs, onCreate: "all" },
        timeout: 100_000,
      });
      assert.equal(Object.keys(end.state?.record.owed ?? {}).length, 4, end.message);
    });
  });

  it("a sync whose only failed node is gone by now is synced by the next run", async () => {
    await withLifecycleHarness({ nodesPerPool: 4, profile: "vanishingFailsJob" }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      cluster.vanish(cluster.pools[0]?.nodes[3]?.id ?? "");
      const failed = await outcomeOf(harness, { inputs });
      assert.equal(failed.end, "failed");
      harness.restart();
      const { end, state, message } = await outcomeOf(harness, { inputs, previous: failed.state });
      assert.equal(end, "synced", message);
      assert.equal(diff(state as State, inputs).changes, false);
    });
  });

  it("a node that was proven, and is deleted before the run that goes on with its request, is not waited for", async () => {
    await withLifecycleHarness({ nodesPerPool: 4, profile: "noJob" }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      const { state: previous } = await outcomeOf(harness, { inputs, timeout: 200_000 });
      assert.equal(Object.keys(previous?.record.owed ?? {}).length, 2);
      cluster.removeNode(cluster.pools[0]?.nodes[0]?.id ?? "");
      harness.restart();
      const { end, message } = await outcomeOf(harness, { inputs, previous });
      assert.equal(end, "synced", message);
    });
  });

  it("a node that is taken out while its sync runs, and back in when it has ended, is not reset again", async () => {
    await withLifecycleHarness({ nodesPerPool: 3 }, {}, async (harness) => {
      const { acceptedSyncs, cluster } = harness.emulator;
      const [first = "", second = ""] = cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      const created = await harness.synchronize({ ...inputs, wait: false });
      const without = await harness.synchronize({ ...inputs, wait: false, excludeNodeIds: [first] }, created);
      const last = { ...inputs, excludeNodeIds: [second] };
      const state = await harness.synchronize(last, without);
      assert.equal(state.progress.status, "synced");
      assert.deepEqual(state.record.owed, {});
      assert.equal(diff(state, last).changes, false);
      assert.equal(acceptedSyncs.length, 1);
    });
  });

  it("somebody else's sync long after a request that never arrived is not taken for the request's", async () => {
    await withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      const { emulator, inputs } = harness;
      emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: false } });
      const declared = {
        ...inputs,
        nodeTemplate: { ...template, lifeCycle: { preInstall: "ZWNobyAx" } },
      };
      const lost = await outcomeOf(harness, { inputs: declared, timeout: 150_000 });
      emulator.cluster.syncByOthers(inputs.nodePoolId, {});
      harness.restart();
      const resumed = await outcomeOf(harness, { inputs: declared, previous: lost.state });
      const nodes = emulator.cluster.pools[0]?.nodes ?? [];
      const owed = resumed.state?.record.owed ?? {};
      const targets = emulator.acceptedSyncs
        .filter(({ origin }) => origin === "request")
        .flatMap((s) => s.targets);
      for (const { id } of nodes) assert.ok(id in owed || targets.includes(id), resumed.message);
    });
  });

  it("a group of sub-jobs that fails with one node does not send again those that no sub-job names", async () => {
    const profile = { ...profiles.standard, subJobs: "someNodes" as const, subJobsNested: true };
    await withLifecycleHarness({ nodesPerPool: 4, profile }, {}, async (harness) => {
      const { cluster, acceptedSyncs } = harness.emulator;
      const [first = ""] = cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
      cluster.failNode(first, { times: 1 });
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      const failed = await outcomeOf(harness, { inputs });
      assert.equal(failed.end, "failed");
      harness.restart();
      const { end, message } = await outcomeOf(harness, { inputs, previous: failed.state });
      assert.equal(end, "synced", message);
      assert.deepEqual(acceptedSyncs.at(-1)?.targets, [first]);
    });
  });

  it("nodes that were spared when they were selected are not counted once they are not, nor one that is reset since", async () => {
    await withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      const [first = ""] = cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
      const created = await harness.synchronize();
      assert.equal(created.progress.skippedNodeCount, 4);
      cluster.changeConfiguration(harness.inputs.nodePoolId);
      harness.restart();
      const { progress } = await harness.synchronize({ ...harness.inputs, nodeIds: [first] }, created);
      const { targetNodeCount, syncedNodeCount, skippedNodeCount } = progress;
      assert.deepEqual([targetNodeCount, syncedNodeCount, skippedNodeCount], [1, 1, 0]);
    });
  });

  it("nodes that report being up to date after a sync that shows nothing else are not counted as still to be reset", async () => {
    const { fleetingCondition } = profiles;
    const profile = { ...fleetingCondition, updateTimes: false };
    await withLifecycleHarness({ nodesPerPool: 4, profile }, {}, async (harness) => {
      const inputs = { ...harness.inputs, onCreate: "nothing" as const };
      const created = await harness.synchronize(inputs);
      harness.emulator.cluster.changeConfiguration(inputs.nodePoolId);
      harness.restart();
      const behind = await harness.refresh(created);
      const accepted = await harness.synchronize({ ...inputs, wait: false }, behind);
      assert.deepEqual([accepted.progress.status, accepted.progress.targetNodeCount], ["accepted", 4]);
      await harness.clock.sleep(600_000);
      harness.restart();
      const { progress } = await harness.synchronize(inputs, accepted);
      assert.deepEqual(
        [progress.status, progress.targetNodeCount, progress.syncedNodeCount],
        ["synced", 0, 0],
      );
    });
  });

  for (const profile of ["standard", "noJob", "bare"] as const)
    it(`a node that fails in its reset, and that somebody repairs while others are reset, is not proven: ${profile}`, async () => {
      await withLifecycleHarness({ nodesPerPool: 4, profile }, {}, async (harness) => {
        const { emulator, clock } = harness;
        const [first = ""] = emulator.cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
        emulator.cluster.failNode(first, { phase: "Error", times: 1 });
        const repaired = until(() => harness.messages.some(({ message }) => /1 failed/.test(message))).then(
          () => emulator.cluster.setNodePhase(first, "Active"),
        );
        const inputs = { ...harness.inputs, onCreate: "all" as const };
        const failure = await harness.synchronize(inputs, undefined, 200_000).catch((error) => error);
        await repaired;
        assert.ok(failure instanceof ResourceFailure, String(failure));
        assert.ok(first in failure.state.record.owed);
        await clock.sleep(600_000);
        harness.restart();
        // Where the job says that it failed, the next run ends with that, and the one after it resets the node.
        let { state } = failure;
        for (let runs = 0; runs < 2 && state.progress.status !== "synced"; runs += 1)
          state = await harness.synchronize(inputs, state).catch((error: ResourceFailure) => error.state);
        const resets = emulator.cluster.resetLog(first).map(({ outcome }) => outcome);
        assert.deepEqual(resets, ["failed", "succeeded"]);
      });
    });

  it("a node that is in Error already, and whose record moves all the time, has not failed by a request before its turn", async () => {
    await withLifecycleHarness({ nodesPerPool: 2, profile: "slowAndBare" }, {}, async (harness) => {
      const { cluster } = harness.emulator;
      const [first = ""] = cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      cluster.alwaysUpdated(first);
      cluster.failNode(first, { phase: "Error", times: 1 });
      const failure = await harness.synchronize(inputs).catch((error) => error);
      assert.ok(failure instanceof ResourceFailure, String(failure));
      await harness.synchronize(inputs, failure.state);
      assert.equal(cluster.resetLog(first).length, 2);
    });
  });

  it("a node that a later run sees being reset is not reset again where update times stand still", async () => {
    const profile = { ...profiles.standard, subJobs: "someNodes" as const, updateTimes: false };
    await withLifecycleHarness({ nodesPerPool: 2, profile }, {}, async (harness) => {
      const { acceptedSyncs } = harness.emulator;
      const inputs = { ...harness.inputs, onCreate: "all" as const };
      const first = await outcomeOf(harness, { inputs, timeout: 60_000 });
      assert.equal(first.end, "inProgress", first.message);
      harness.restart();
      const { end, message } = await outcomeOf(harness, { inputs, previous: first.state });
      assert.equal(end, "synced", message);
      assert.equal(acceptedSyncs.length, 1);
    });
  });
});
