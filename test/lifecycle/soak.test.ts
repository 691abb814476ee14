import assert from "node:assert/strict";
import { errorCodes } from "../../provider/errors/codes.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { canary, inWaves, minutes, once, said } from "../support/lifecycle/rolloutStory.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";
import { until } from "../support/until.ts";

describe("the soak of a wave", () => {
  const faults: [what: string, act: (story: Story) => void, reason: RegExp][] = [
    [
      "leaves Active",
      (story) => story.emulator.cluster.setNodePhase(story.id(0), "Abnormal"),
      /left the phase Active while soaking: Abnormal/,
    ],
    [
      "falls behind",
      (story) => story.emulator.cluster.alwaysOutdated(story.id(0)),
      /reported being outdated while soaking/,
    ],
    ["disappears", (story) => story.emulator.cluster.removeNode(story.id(0)), /disappeared while soaking/],
  ];
  for (const [what, act, reason] of faults) {
    it(`stops the rollout when a node ${what}, and names it`, () =>
      tell({ nodesPerPool: 4 }, async (story) => {
        const [first = "", ...others] = story.ids;
        once(story, /soaking pool-1-node-1, 5 min left/, () => act(story));
        const { end, message, state } = await story.up(inWaves(canary));
        assert.equal(end, "failed");
        assert.match(message, /pool-1-node-1/);
        assert.match(message, reason);
        assert.deepEqual(story.sent, [[first]]);
        assert.deepEqual(
          state?.progress.failedNodes.map(({ id }) => id),
          [first],
        );
        assert.deepEqual(
          others.filter((id) => !(id in (state?.record.owed ?? {}))),
          [],
        );
        assert.equal(first in (state?.record.owed ?? {}), what !== "disappears");
      }));
  }

  it("is not failed by one read", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      let reads = 0;
      once(story, /5 min left/, () =>
        story.editNodes((node) => {
          reads += 1;
          if (reads === 1) node.status.phase = "Abnormal";
        }),
      );
      await story.synced(inWaves(canary));
      assert.ok(reads > 1, "there was no soak");
      assert.deepEqual(story.resetCounts, [1, 1, 1]);
    }));

  it("is not failed by the end of the cluster's upgrade in a list of nodes that is a moment old", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      let upgrading = 0;
      story.editNodes(({ status }) => {
        if (status.phase === "Upgrading") upgrading += 1;
      });
      once(story, /soaking/, () => {
        story.emulator.cluster.upgrade(30);
        const stale = { kind: "stale", seconds: 20 } as const;
        story.after(26, () => story.emulator.addFault({ kind: "nodes", times: 4, effect: stale }));
      });
      await story.synced(inWaves(canary));
      assert.ok(upgrading > 0, "no list showed the upgrade");
      assert.deepEqual(story.resetCounts, [1, 1, 1]);
    }));

  it("takes in a node that no list had shown before", () =>
    tell({ nodesPerPool: 4, profile: "noUpToDate" }, async (story) => {
      const short = { kind: "shortList", missing: 1 } as const;
      const fault = story.emulator.addFault({
        kind: "nodes",
        times: Number.POSITIVE_INFINITY,
        effect: short,
      });
      once(story, /soaking/, () => fault.remove());
      const { progress } = await story.synced(inWaves(canary));
      assert.match(said(story), /wave 1\/\d, 1\/3 nodes: soaking/);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      assert.equal(progress.targetNodeCount, 4);
    }));

  it("that no list shows the end of says which node is not listed", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const [first] = story.ids;
      let isHidden = false;
      story.hideNodes((id) => isHidden && id === first);
      once(story, /5 min left/, () => {
        isHidden = true;
      });
      const { end, message } = await story.up(inWaves(canary));
      assert.equal(end, "inProgress");
      assert.match(
        message,
        /the time was too short while soaking pool-1-node-1: the service does not list pool-1-node-1, but does not report it deleted either; 1 node synchronized/,
      );
      assert.deepEqual(story.resetCounts, [1, 0, 0, 0]);
    }));

  it("waits for a node that the inputs name and that no list shows for some minutes", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      const [first] = story.ids;
      let isHidden = false;
      story.hideNodes((id) => isHidden && id === first);
      once(story, /5 min left/, () => {
        isHidden = true;
        story.after(180, () => {
          isHidden = false;
        });
      });
      await story.synced(inWaves(canary, { nodeIds: [...story.ids] }));
      assert.deepEqual(story.resetCounts, [1, 1, 1]);
    }));

  it("ends when the pool is deleted, and says so in place of nodes that failed", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      once(story, /5 min left/, () => story.emulator.cluster.removePool(story.inputs.nodePoolId));
      const { end, code, message, state } = await story.up(inWaves(canary));
      assert.deepEqual([end, code], ["failed", errorCodes.notFound]);
      assert.match(message, /the cluster has no such node pool/);
      assert.deepEqual(state?.progress.failedNodes, []);
    }));

  it("does not pass while nobody can see the nodes", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      let began = 0;
      let fault: { remove(): void } | undefined;
      once(story, /soaking/, () => {
        began = story.clock.elsewhere();
        fault = story.emulator.addFault({
          kind: "nodes",
          times: Number.POSITIVE_INFINITY,
          effect: { kind: "answer", status: 500, text: "" },
        });
        story.after(900, () => fault?.remove());
      });
      await story.synced(inWaves({ ...canary, waveSize: 2 }));
      assert.ok(began > 0, "there was no soak");
      const [, second] = story.emulator.acceptedSyncs;
      assert.ok((second?.at ?? 0) - began >= minutes(15 + 9), "the wave began although the soak was blind");
    }));

  it("ends within a second of Ctrl-C; the next run soaks the nodes anew and resets none of them again", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      let interruptedAt = 0;
      once(story, /5 min left/, () => {
        interruptedAt = story.clock.now();
        story.interrupt.abort();
      });
      const { end, code, message, state } = await story.up(inWaves(canary));
      assert.deepEqual([end, code], ["inProgress", errorCodes.interrupted]);
      assert.ok(story.clock.now() - interruptedAt <= 1000);
      assert.match(message, /soaking pool-1-node-1, 5 min left; 1 node synchronized; 3 nodes not begun/);
      assert.deepEqual(state?.record.soaking, [story.id(0)]);
      assert.ok(state);
      story.restart();
      const { text } = await story.forecast({ ...story.inputs, ...inWaves(canary) }, state);
      assert.match(text, /^will soak pool-1-node-1 for 10 min again; then will reset 3 of 4 nodes/);
      const resumedAt = story.clock.elsewhere();
      const done = await story.synced(inWaves(canary), state);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      assert.deepEqual(
        story.sent.map(({ length }) => length),
        [1, 1, 2],
      );
      assert.ok((story.emulator.acceptedSyncs[1]?.at ?? 0) - resumedAt >= minutes(10));
      assert.equal(done.record.soaking, undefined);
    }));

  it("begins anew in the next run for the nodes of all waves before", () =>
    tell({ nodesPerPool: 5 }, async (story) => {
      const inputs = inWaves({ canary: 1, waveSize: 1, soak: "5m" });
      once(story, /wave 2\/5, 2\/5 nodes: soaking/, () => story.interrupt.abort());
      const { state } = await story.up(inputs);
      assert.deepEqual(state?.record.soaking, story.ids.slice(0, 2));
      assert.ok(state);
      story.messages.length = 0;
      story.emulator.cluster.setNodePhase(story.id(0), "Abnormal", "kubelet stopped");
      const { end, message, state: failed } = await story.up(inputs, state);
      assert.equal(end, "failed");
      assert.match(said(story), /soaking pool-1-node-1, pool-1-node-2, 5 min left/);
      assert.match(
        message,
        /pool-1-node-1 \(left the phase Active while soaking: Abnormal: kubelet stopped\)/,
      );
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0, 0]);
      assert.deepEqual(failed?.record.soaking, [story.id(1)]);
    }));

  it("looks in the next run, wave after wave, at the nodes that an earlier run has reset", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const inputs = inWaves({ canary: 1, waveSize: 1, soak: "5m" });
      once(story, /wave 1\/4, 1\/4 nodes: soaking/, () => story.interrupt.abort());
      const { state } = await story.up(inputs);
      once(story, /wave 1\/3, 1\/3 nodes: soaking/, () =>
        story.emulator.cluster.setNodePhase(story.id(0), "Abnormal", "kubelet stopped"),
      );
      const { end, message } = await story.up(inputs, state);
      assert.equal(end, "failed");
      assert.match(
        message,
        /pool-1-node-1 \(left the phase Active while soaking: Abnormal: kubelet stopped\)/,
      );
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0]);
    }));

  it("begins anew in the run after a wave that failed, before that run's first wave", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const inputs = inWaves({ canary: 1, waveSize: 1, soak: "5m" });
      story.emulator.cluster.failNode(story.id(1), { times: 1 });
      const { end, state } = await story.up(inputs);
      assert.equal(end, "failed");
      story.emulator.cluster.setNodePhase(story.id(1), "Active");
      story.emulator.cluster.setNodePhase(story.id(0), "Abnormal", "kubelet stopped");
      const { message } = await story.up(inputs, state);
      assert.match(
        message,
        /pool-1-node-1 \(left the phase Active while soaking: Abnormal: kubelet stopped\)/,
      );
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0]);
    }));

  it("counts a node that fails in it, in a later run, as not synchronized, and not as one not begun", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      once(story, /5 min left/, () => story.interrupt.abort());
      const { state } = await story.up(inWaves(canary));
      assert.deepEqual([state?.progress.targetNodeCount, state?.progress.syncedNodeCount], [4, 1]);
      story.emulator.cluster.setNodePhase(story.id(0), "Abnormal");
      const { end, message, state: failed } = await story.up(inWaves(canary), state);
      assert.equal(end, "failed");
      assert.match(message, /, 3 nodes not begun: pool-1-node-2, pool-1-node-3, pool-1-node-4;/);
      assert.deepEqual([failed?.progress.targetNodeCount, failed?.progress.syncedNodeCount], [4, 0]);
    }));

  it("that the time is too short for is reported to begin anew, and not to send anything again", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const { end, code, message } = await story.up(inWaves(canary), undefined, minutes(6));
      assert.deepEqual([end, code], ["inProgress", errorCodes.timedOut]);
      assert.match(
        message,
        /the time was too short while soaking pool-1-node-1, .* Run `pulumi up` again: it soaks/,
      );
      assert.doesNotMatch(message, /change triggers/);
      assert.deepEqual(story.resetCounts, [1, 0, 0, 0]);
    }));

  it("is forgotten when the content changes", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      once(story, /5 min left/, () => story.interrupt.abort());
      const { state } = await story.up(inWaves(canary));
      const from = story.clock.elsewhere();
      await story.synced(inWaves({ canary: 1 }, { triggers: ["b"] }), state);
      assert.ok((story.emulator.acceptedSyncs[1]?.at ?? 0) - from < minutes(5));
    }));
});

describe("the soak of a wave of two", () => {
  const oneByOne = { onCreate: "all", triggers: ["x"], maxUnavailable: 1 } as const;
  const rollout = { canary: 2, waveSize: 2, soak: "10m" };

  it("is made up for when a refresh has proven its nodes", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      story.after(30, () => story.interrupt.abort());
      const { state } = await story.up({ ...oneByOne, rollout });
      story.restart();
      await story.clock.sleep(600_000);
      const refreshed = await story.refresh(state as State);
      story.emulator.cluster.setNodePhase(story.id(0), "Abnormal");
      const { end, message } = await story.up({ ...oneByOne, rollout }, refreshed);
      assert.equal(end, "failed");
      assert.match(message, /pool-1-node-1 \(left the phase Active while soaking: Abnormal\)/);
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0]);
    }));

  it("is made up for when the wave was interrupted after some of its nodes", () =>
    tell({ nodesPerPool: 4 }, async (story) => {
      const said = (words: RegExp) => () => story.messages.some(({ message }) => words.test(message));
      const interrupted = until(said(/1\/4 nodes/)).then(() => story.interrupt.abort());
      const { state } = await story.up({ ...oneByOne, rollout });
      await interrupted;
      const broken = until(said(/soaking/)).then(() =>
        story.emulator.cluster.setNodePhase(story.id(0), "Abnormal"),
      );
      const { end, message } = await story.up({ ...oneByOne, rollout }, state);
      await broken;
      assert.equal(end, "failed");
      assert.match(message, /pool-1-node-1 \(left the phase Active while soaking: Abnormal\)/);
      assert.deepEqual(story.resetCounts, [1, 1, 0, 0]);
    }));

  it("fails a node that leaves the phase Active again and again, though never in two reads in a row", () =>
    tell({ nodesPerPool: 3 }, async (story) => {
      let reads = 0;
      story.editNodes(({ metadata, status }) => {
        const { uid } = metadata as { uid?: string };
        if (uid !== story.id(0) || !story.messages.some(({ message }) => /soaking/.test(message))) return;
        reads += 1;
        if (reads % 2 === 1) status.phase = "Abnormal";
      });
      const { end, message } = await story.up({
        ...oneByOne,
        rollout: { canary: 1, waveSize: 1, soak: "10m" },
      });
      assert.equal(end, "failed");
      assert.match(message, /pool-1-node-1 \(left the phase Active while soaking: Abnormal\)/);
      assert.deepEqual(story.resetCounts, [1, 0, 0]);
    }));
});
