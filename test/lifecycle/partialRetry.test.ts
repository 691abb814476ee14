import assert from "node:assert/strict";
import { ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

describe("what a sync has left to do", () => {
  let harness: LifecycleHarness;
  beforeEach(async () => {
    harness = await createLifecycleHarness({ nodesPerPool: 4 });
    harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
  });
  afterEach(() => harness.close());

  const nodes = () => harness.emulator.cluster.pools[0]?.nodes ?? [];

  it("is nothing when only nodes are behind that it excludes", async () => {
    const inputs = { ...harness.inputs, excludeNodeIds: [nodes()[0]?.id ?? ""] };
    const state = await harness.synchronize(inputs);
    assert.deepEqual(
      nodes().map(({ upToDate }) => upToDate),
      [false, true, true, true],
    );
    const refreshed = await harness.refresh(state);
    assert.deepEqual(refreshed?.progress.outdatedNodeIds, []);
    assert.deepEqual(refreshed?.progress.syncedNodeCount, 3);
    await harness.synchronize(inputs, refreshed);
    assert.equal(harness.emulator.acceptedSyncs.length, 1, "nothing is reset again");
  });

  it("is nothing when the nodes that failed are gone, and the others are not reset again", async () => {
    const [first] = nodes();
    assert.ok(first);
    harness.emulator.cluster.failNode(first.id, { reason: "the disk did not mount", times: 1 });
    const failure = await harness.synchronize().catch((error) => error);
    assert.ok(failure instanceof ResourceFailure, String(failure));
    harness.emulator.cluster.removeNode(first.id);
    const left = failure.state.progress.failedNodes.map(({ id }) => id);
    for (const id of left.slice(1)) harness.emulator.cluster.removeNode(id);
    harness.restart();
    const others = nodes().length;
    assert.ok(others > 0);
    const { progress } = await harness.synchronize(harness.inputs, failure.state);
    assert.equal(progress.status, "synced");
    assert.equal(progress.targetNodeCount, others);
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
    assert.match(harness.messages.at(-1)?.message ?? "", /^no node needs a reset$/);
  });

  it("is the nodes that fell behind, and of those the ones that are still there", async () => {
    const state = await harness.synchronize();
    const [gone, behind, ...others] = nodes();
    assert.ok(gone && behind);
    harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
    await harness.clock.sleep(60_000);
    await harness.synchronize({ ...harness.inputs, nodeIds: others.map(({ id }) => id) });
    await harness.clock.sleep(60_000);
    const drifted = await harness.refresh(state);
    assert.deepEqual(drifted?.progress.outdatedNodeIds, [gone.id, behind.id]);
    harness.emulator.cluster.removeNode(gone.id);
    harness.restart();
    await harness.synchronize(harness.inputs, drifted);
    assert.deepEqual(harness.emulator.acceptedSyncs[2]?.targets, [behind.id]);
  });
});
