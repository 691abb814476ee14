import assert from "node:assert/strict";
import { type Effect, profiles } from "../../emulator/index.ts";
import { ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const minute = 60_000;

describe("what an earlier run has left for a later one", () => {
  let harness: LifecycleHarness;
  beforeEach(async () => {
    harness = await createLifecycleHarness({ nodesPerPool: 4 });
  });
  afterEach(() => harness.close());

  const nodes = () => harness.emulator.cluster.pools[0]?.nodes ?? [];
  const targetsSent = () => harness.emulator.acceptedSyncs.map(({ targets }) => targets);
  const configurationChanges = () => harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
  const failed = async (run: Promise<State>): Promise<State> => {
    const failure = await run.catch((error) => error);
    assert.ok(failure instanceof ResourceFailure, String(failure));
    harness.restart();
    return failure.state;
  };
  const first = () => {
    const [node] = nodes();
    assert.ok(node);
    return node;
  };
  const others = () =>
    nodes()
      .slice(1)
      .map(({ id }) => id);
  /** A synchronized pool of which only the first node has fallen behind, as a refresh found it. */
  const drifted = async (): Promise<State> => {
    const state = await harness.synchronize();
    await harness.clock.sleep(minute);
    configurationChanges();
    await harness.synchronize({ ...harness.inputs, nodeIds: others() });
    await harness.clock.sleep(minute);
    const refreshed = await harness.refresh(state);
    assert.deepEqual(refreshed?.progress.outdatedNodeIds, [first().id]);
    harness.restart();
    return refreshed;
  };

  it("is only the nodes that the request named which nobody answered and nobody took", async () => {
    const state = await drifted();
    harness.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: false } });
    const unanswered = await failed(harness.synchronize(harness.inputs, state));
    assert.equal(unanswered.progress.status, "inProgress");
    await harness.synchronize(harness.inputs, unanswered);
    assert.deepEqual(targetsSent().slice(1), [[first().id]]);
  });

  it("is nothing when somebody else has brought the nodes up to date that fell behind", async () => {
    const state = await drifted();
    await harness.synchronize({ ...harness.inputs, nodeIds: [first().id] });
    harness.restart();
    const { progress } = await harness.synchronize(harness.inputs, state);
    assert.equal(progress.status, "synced");
    assert.equal(targetsSent().length, 2);
  });

  it("is, besides the nodes that failed, those that have fallen behind since", async () => {
    configurationChanges();
    harness.emulator.cluster.failNode(first().id, { times: 1 });
    const state = await failed(harness.synchronize({ ...harness.inputs, maxUnavailable: 4 }));
    configurationChanges();
    const { progress } = await harness.synchronize({ ...harness.inputs, maxUnavailable: 4 }, state);
    assert.ok(nodes().every(({ upToDate }) => upToDate));
    assert.deepEqual([progress.targetNodeCount, progress.syncedNodeCount], [4, 4]);
  });

  it("is those that have fallen behind when the nodes that failed are gone", async () => {
    configurationChanges();
    harness.emulator.cluster.failNode(first().id, { times: 1 });
    const inputs = { ...harness.inputs, maxUnavailable: 4 };
    const state = await failed(harness.synchronize(inputs));
    harness.emulator.cluster.removeNode(first().id);
    configurationChanges();
    await harness.synchronize(inputs, state);
    assert.ok(nodes().every(({ upToDate }) => upToDate));
  });

  it("is those that have fallen behind while only the nodes that were left were synchronized", async () => {
    const state = await drifted();
    harness.emulator.onRequest(({ kind }, moment) => {
      if (kind === "sync" && moment === "acted") configurationChanges();
    });
    const { progress } = await harness.synchronize(harness.inputs, state);
    assert.deepEqual(progress.outdatedNodeIds, others());
    assert.match(
      harness.messages.at(-1)?.message ?? "",
      /^3 nodes still outdated: .*; the next `pulumi up` resets them$/,
    );
  });

  it("is every node that never got its template, also when all say that they are up to date", async () => {
    const inputs = { ...harness.inputs, nodeTemplate: templateInputs.nodeTemplate };
    harness.emulator.cluster.failNextJob("quota");
    const state = await failed(harness.synchronize(inputs));
    const refreshed = await harness.refresh(state);
    assert.equal(refreshed?.progress.status, "failed");
    harness.restart();
    await harness.synchronize(inputs, refreshed);
    assert.equal(targetsSent().length, 2);
  });
});

describe("a sync whose end was not seen", () => {
  it("is not failed, in a refresh, by a node that was added after its request", async () => {
    const harness = await createLifecycleHarness({ nodesPerPool: 4, resetSeconds: 600, profile: "bare" });
    try {
      const { cluster } = harness.emulator;
      const failure = await harness.synchronize(harness.inputs, undefined, 60_000).catch((error) => error);
      assert.ok(failure instanceof ResourceFailure, String(failure));
      assert.equal(failure.state.progress.status, "inProgress");
      await harness.clock.sleep(3_600_000);
      cluster.setNodePhase(cluster.addNode(harness.inputs.nodePoolId).id, "Error");
      harness.restart();
      const refreshed = await harness.refresh(failure.state);
      assert.equal(refreshed?.progress.status, "inProgress", "what nobody saw is not taken for done");
      assert.deepEqual(refreshed.progress.failedNodes, []);
    } finally {
      await harness.close();
    }
  });
});

describe("a node that is deleted during a sync, where that fails the job,", () => {
  for (const upToDateField of [true, false]) {
    it(`costs the others no second reset${upToDateField ? "" : ", though they do not say that they are up to date"}`, async () => {
      const harness = await createLifecycleHarness({
        nodesPerPool: 4,
        profile: { ...profiles.vanishingFailsJob, upToDateField },
      });
      try {
        harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
        harness.emulator.cluster.vanish(harness.emulator.cluster.pools[0]?.nodes[1]?.id ?? "");
        const failure = await harness.synchronize().catch((error) => error);
        assert.ok(failure instanceof ResourceFailure, String(failure));
        harness.restart();
        const { progress } = await harness.synchronize(harness.inputs, failure.state);
        assert.equal(progress.status, "synced");
        assert.equal(harness.emulator.acceptedSyncs.length, 1);
      } finally {
        await harness.close();
      }
    });
  }
});

describe("a resumed sync that leaves a node to another request", () => {
  const inputs = { onCreate: "all" } as const;
  const interrupted = async (story: Story) => {
    story.emulator.cluster.failNextJob({ reason: "quota exceeded", afterNodes: 3 });
    const { state } = await story.up(inputs, undefined, 30_000);
    return state;
  };

  it("is not said to have reset no node when that request cannot be sent", () =>
    tell({ profile: "noJob" }, async (story) => {
      const state = await interrupted(story);
      const busy: Effect = { kind: "answer", status: 409, body: { errorCode: "CCE.01409002" } };
      story.emulator.addFault({ kind: "sync", times: Number.POSITIVE_INFINITY, effect: busy });
      const { end, message, state: left } = await story.up(inputs, state, 15 * minute);
      assert.equal(end, "failed");
      assert.equal(left?.progress.syncedNodeCount, 3);
      assert.match(
        message,
        /the next sync could not be sent before the deadline: .*\. No further node was reset/,
      );
    }));

  it("is not said so either when that node is not listed", () =>
    tell({ profile: "noJob" }, async (story) => {
      const state = await interrupted(story);
      const last = story.id(3);
      story.hideNodes((id) => id === last);
      const { end, message, state: left } = await story.up(inputs, state, 15 * minute);
      assert.equal(end, "failed");
      assert.equal(left?.progress.syncedNodeCount, 3);
      assert.match(message, /but does not report it deleted either\. No further node was reset/);
    }));
});

describe("a resumed sync that failed on a node before it reached the others", () => {
  it("is said to have left out all of them when the run stops there", () =>
    tell({ profile: "noJob" }, async (story) => {
      const { cluster } = story.emulator;
      cluster.failNextJob({ reason: "quota exceeded", afterNodes: 1 });
      cluster.failNode(story.id(0), { reason: "the image does not boot", times: 1 });
      const interrupted = await story.up({ onCreate: "all" }, undefined, 40_000);
      await story.clock.sleep(20 * minute);
      const { end, message, state } = await story.up({ onCreate: "all" }, interrupted.state);
      assert.equal(end, "failed");
      assert.equal(story.sent.length, 1);
      assert.match(message, /4 of 4 nodes not synchronized/);
      assert.equal(state?.progress.failedNodes.length, 4);
    }));

  it("is said, by a refresh, to have left out all of them", () =>
    tell({ profile: "noSubJobs" }, async (story) => {
      story.emulator.cluster.failNextJob({ reason: "quota exceeded", afterNodes: 1 });
      const interrupted = await story.up({ onCreate: "all" }, undefined, 30_000);
      await story.clock.sleep(10 * minute);
      assert.ok(interrupted.state);
      story.restart();
      const refreshed = await story.refresh(interrupted.state);
      assert.equal(refreshed?.progress.status, "failed");
      assert.deepEqual(
        refreshed.progress.failedNodes.map(({ id }) => id),
        Object.keys(refreshed.record.owed),
      );
    }));

  it("is followed by a request for those when more nodes may fail", () =>
    tell({ profile: "noJob" }, async (story) => {
      const { cluster } = story.emulator;
      const inputs = { onCreate: "all", rollout: { maxFailures: 1 } } as const;
      cluster.failNextJob({ reason: "quota exceeded", afterNodes: 1 });
      cluster.failNode(story.id(0), { reason: "the image does not boot", times: 1 });
      const interrupted = await story.up(inputs, undefined, 40_000);
      await story.clock.sleep(20 * minute);
      const { end, message } = await story.up(inputs, interrupted.state);
      assert.equal(end, "failed");
      assert.deepEqual(story.sent.slice(1), [story.ids.slice(1)]);
      assert.match(message, /1 of 4 nodes not synchronized: pool-1-node-1 /);
    }));
});
