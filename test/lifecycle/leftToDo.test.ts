import assert from "node:assert/strict";
import { SyncFailure } from "../../provider/sync/lifecycle.ts";
import { type Bench, openBench } from "../support/bench.ts";

describe("what a sync has left to do", () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await openBench({ nodesPerPool: 4 });
    bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
  });
  afterEach(() => bench.close());

  const nodes = () => bench.emulator.cluster.pools[0]?.nodes ?? [];

  it("is nothing when only nodes fell behind that it is to skip", async () => {
    const inputs = { ...bench.inputs, skippedNodes: [nodes()[0]?.id ?? ""] };
    const state = await bench.synchronize(inputs);
    assert.deepEqual(
      nodes().map(({ upToDate }) => upToDate),
      [false, true, true, true],
    );
    const refreshed = await bench.refresh(state);
    assert.deepEqual(refreshed?.progress.outdatedNodeIds, []);
    assert.deepEqual(refreshed?.progress.syncedNodeCount, 3);
    await bench.synchronize(inputs, refreshed);
    assert.equal(bench.emulator.acceptedSyncs.length, 1, "nothing is reset again");
  });

  it("is nothing when the nodes that failed are gone, and the others are not reset again", async () => {
    const [first] = nodes();
    assert.ok(first);
    bench.emulator.cluster.failNode(first.id, { reason: "the disk did not mount", times: 1 });
    const failure = await bench.synchronize().catch((error) => error);
    assert.ok(failure instanceof SyncFailure, String(failure));
    bench.emulator.cluster.removeNode(first.id);
    const left = failure.state.progress.failedNodes.map(({ id }) => id);
    for (const id of left.slice(1)) bench.emulator.cluster.removeNode(id);
    bench.restart();
    const others = nodes().length;
    assert.ok(others > 0);
    const { progress } = await bench.synchronize(bench.inputs, failure.state);
    assert.equal(progress.status, "synced");
    assert.equal(progress.targetNodeCount, others);
    assert.equal(bench.emulator.acceptedSyncs.length, 1);
    assert.match(bench.told.at(-1)?.message ?? "", /gone from the pool/);
  });

  it("is the nodes that fell behind, and of those the ones that are still there", async () => {
    const state = await bench.synchronize();
    const [gone, behind, ...others] = nodes();
    assert.ok(gone && behind);
    bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
    await bench.synchronize({ ...bench.inputs, nodeIds: others.map(({ id }) => id) });
    const drifted = await bench.refresh(state);
    assert.deepEqual(drifted?.progress.outdatedNodeIds, [gone.id, behind.id]);
    bench.emulator.cluster.removeNode(gone.id);
    bench.restart();
    await bench.synchronize(bench.inputs, drifted);
    assert.deepEqual(bench.emulator.acceptedSyncs[2]?.targets, [behind.id]);
  });
});
