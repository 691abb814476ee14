import assert from "node:assert/strict";
import { type Effect, profiles } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { SyncFailure } from "../../provider/sync/lifecycle.ts";
import { type Bench, openBench } from "../support/bench.ts";
import { templateInputs } from "../support/inputs.ts";

const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };

describe("what an earlier run has left for a later one", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ nodesPerPool: 4 });
  });
  afterEach(() => bench.close());

  const nodes = () => bench.emulator.cluster.pools[0]?.nodes ?? [];
  const targetsSent = () => bench.emulator.acceptedSyncs.map(({ targets }) => targets);
  const configurationChanges = () => bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
  const failed = async (run: Promise<State>): Promise<State> => {
    const failure = await run.catch((error) => error);
    assert.ok(failure instanceof SyncFailure, String(failure));
    bench.restart();
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
    const state = await bench.synchronize();
    configurationChanges();
    await bench.synchronize({ ...bench.inputs, nodeIds: others() });
    const refreshed = await bench.refresh(state);
    assert.deepEqual(refreshed?.progress.outdatedNodeIds, [first().id]);
    bench.restart();
    return refreshed;
  };

  it("is only the nodes that the request named which nobody answered and nobody took", async () => {
    const state = await drifted();
    bench.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: false } });
    const unanswered = await failed(bench.synchronize(bench.inputs, state));
    assert.equal(unanswered.progress.status, "inProgress");
    await bench.synchronize(bench.inputs, unanswered);
    assert.deepEqual(targetsSent().slice(2), [[first().id]]);
  });

  it("is nothing when somebody else has brought the nodes up to date that fell behind", async () => {
    const state = await drifted();
    await bench.synchronize({ ...bench.inputs, nodeIds: [first().id] });
    bench.restart();
    const { progress } = await bench.synchronize(bench.inputs, state);
    assert.equal(progress.status, "synced");
    assert.equal(targetsSent().length, 3);
  });

  it("is, besides the nodes that failed, those that have fallen behind since", async () => {
    bench.emulator.cluster.failNode(first().id, { times: 1 });
    const state = await failed(bench.synchronize({ ...bench.inputs, maxUnavailable: 4 }));
    configurationChanges();
    await bench.synchronize({ ...bench.inputs, maxUnavailable: 4 }, state);
    assert.ok(nodes().every(({ upToDate }) => upToDate));
  });

  it("is those that have fallen behind when the nodes that failed are gone", async () => {
    bench.emulator.cluster.failNode(first().id, { times: 1 });
    const inputs = { ...bench.inputs, maxUnavailable: 4 };
    const state = await failed(bench.synchronize(inputs));
    bench.emulator.cluster.removeNode(first().id);
    configurationChanges();
    await bench.synchronize(inputs, state);
    assert.ok(nodes().every(({ upToDate }) => upToDate));
  });

  it("is those that have fallen behind while only the nodes that were left were synchronized", async () => {
    const state = await drifted();
    bench.emulator.onRequest(({ kind }, moment) => {
      if (kind === "sync" && moment === "acted") configurationChanges();
    });
    const { progress } = await bench.synchronize(bench.inputs, state);
    assert.deepEqual(progress.outdatedNodeIds, others());
    assert.match(bench.told.at(-1)?.message ?? "", /^3 other nodes fell behind/);
  });

  it("is every node that never got its template, also when all say that they are up to date", async () => {
    const inputs = { ...bench.inputs, nodeTemplate: templateInputs.nodeTemplate };
    bench.emulator.cluster.failNextJob("quota");
    const state = await failed(bench.synchronize(inputs));
    const refreshed = await bench.refresh(state);
    assert.equal(refreshed?.progress.status, "failed");
    bench.restart();
    await bench.synchronize(inputs, refreshed);
    assert.equal(targetsSent().length, 2);
  });
});

describe("a sync whose end was not seen", () => {
  it("is not failed, in a refresh, by a node that was added after its request", async () => {
    const bench = await openBench({ nodesPerPool: 4, resetSeconds: 600, profile: "bare" });
    try {
      const { cluster } = bench.emulator;
      const failure = await bench.synchronize(bench.inputs, undefined, 60_000).catch((error) => error);
      assert.ok(failure instanceof SyncFailure, String(failure));
      assert.equal(failure.state.progress.status, "inProgress");
      await bench.clock.sleep(3_600_000);
      cluster.setNodePhase(cluster.addNode(bench.inputs.nodePoolId).id, "Error");
      bench.restart();
      const refreshed = await bench.refresh(failure.state);
      assert.equal(refreshed?.progress.status, "synced");
      assert.deepEqual(refreshed.progress.failedNodes, []);
    } finally {
      await bench.close();
    }
  });
});

describe("credentials that may not list nodes", () => {
  it("do not take a sync of somebody else for the declared one: it may have left nodes out", async () => {
    const bench = await openBench({ nodesPerPool: 4 });
    try {
      const { pools } = bench.emulator.cluster;
      bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
      const other = await bench.synchronize({
        ...bench.inputs,
        nodeIds: [pools[0]?.nodes[0]?.id ?? ""],
        wait: false,
      });
      assert.equal(other.progress.status, "accepted");
      bench.restart();
      bench.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
      assert.equal((await bench.synchronize()).progress.status, "synced");
      assert.ok(bench.emulator.cluster.pools[0]?.nodes.every(({ upToDate }) => upToDate));
    } finally {
      await bench.close();
    }
  });
});

describe("a node that is deleted during a sync, where that fails the job,", () => {
  for (const upToDateField of [true, false]) {
    it(`costs the others no second reset${upToDateField ? "" : ", though they do not say that they are up to date"}`, async () => {
      const bench = await openBench({
        nodesPerPool: 4,
        profile: { ...profiles.vanishingFailsJob, upToDateField },
      });
      try {
        bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
        bench.emulator.cluster.vanish(bench.emulator.cluster.pools[0]?.nodes[1]?.id ?? "");
        const failure = await bench.synchronize().catch((error) => error);
        assert.ok(failure instanceof SyncFailure, String(failure));
        bench.restart();
        const { progress } = await bench.synchronize(bench.inputs, failure.state);
        assert.equal(progress.status, "synced");
        assert.equal(bench.emulator.acceptedSyncs.length, 1);
      } finally {
        await bench.close();
      }
    });
  }
});
