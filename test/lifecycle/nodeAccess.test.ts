import assert from "node:assert/strict";
import type { Effect } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { outdate } from "../support/service/outdate.ts";

const saying = (body: object): Effect => ({ kind: "answer", status: 200, body });
const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };

describe("a refresh that sees only a part", () => {
  let harness: LifecycleHarness;
  let synced: State;
  beforeEach(async () => {
    harness = await createLifecycleHarness({ nodesPerPool: 4 });
    harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
    synced = await harness.synchronize();
    harness.restart();
  });
  afterEach(() => harness.close());

  it("asks again when the list of pools is no list, and keeps the state", async () => {
    const fault = harness.emulator.addFault({ kind: "pools", times: 2, effect: saying({}) });
    const refreshed = await harness.refresh(synced);
    assert.equal(fault.hits, 2);
    assert.equal(refreshed?.progress.status, "synced");
  });

  it("asks again when the list of nodes is no list", async () => {
    harness.emulator.addFault({ kind: "nodes", times: 2, effect: saying({ kind: "List" }) });
    assert.equal((await harness.refresh(synced))?.progress.syncedNodeCount, 4);
  });

  it("does not take a list without items for an empty pool", async () => {
    const empty = saying({ kind: "List", items: null });
    const fault = harness.emulator.addFault({ kind: "nodes", times: 2, effect: empty });
    const refreshed = await harness.refresh(synced);
    assert.equal(fault.hits, 2);
    assert.deepEqual(refreshed?.progress, synced.progress);
  });

  it("keeps a failed sync as failed when the nodes may not be listed", async () => {
    const { cluster } = harness.emulator;
    cluster.changeConfiguration(harness.inputs.nodePoolId);
    cluster.failNode(cluster.pools[0]?.nodes[0]?.id ?? "");
    const failed = (await outcomeOf(harness)).state;
    assert.ok(failed?.progress.failedNodes.length === 1);
    harness.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
    const refreshed = await harness.refresh(failed);
    assert.equal(refreshed?.progress.status, "failed");
    assert.deepEqual(refreshed?.progress.failedNodes, failed.progress.failedNodes);
  });

  it("keeps what is known of the nodes when they may not be listed", async () => {
    harness.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
    const behind = { ...synced, progress: { ...synced.progress, outdatedNodeIds: ["n1"] } };
    const refreshed = await harness.refresh(behind);
    assert.deepEqual(refreshed?.progress, behind.progress);
  });
});

describe("a pool that one list lacks", () => {
  const listWithoutPools = { kind: "answer", status: 200, body: { kind: "List", items: [] } } as const;

  it("stays in the state, since the next list has it again", async () => {
    const harness = await createLifecycleHarness();
    try {
      const state = await harness.synchronize();
      harness.emulator.addFault({ kind: "pools", effect: listWithoutPools });
      assert.equal((await harness.refresh(state))?.progress.status, "synced");
    } finally {
      await harness.close();
    }
  });

  it("does not end a sync that is watched", async () => {
    const harness = await createLifecycleHarness();
    try {
      outdate(harness);
      harness.emulator.addFault({ kind: "pools", skip: 2, effect: listWithoutPools });
      assert.equal((await harness.synchronize()).progress.status, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    } finally {
      await harness.close();
    }
  });
});

describe("credentials that may not list nodes", () => {
  it("are enough to send a sync to nodes that the inputs name, and not to wait for it", async () => {
    const harness = await createLifecycleHarness({ nodesPerPool: 4 });
    try {
      const [node] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      assert.ok(node);
      harness.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
      const inputs = { ...harness.inputs, nodeIds: [node.id] };
      const sent = await harness.synchronize({ ...inputs, wait: false });
      assert.equal(sent.progress.status, "accepted");
      assert.deepEqual(harness.emulator.acceptedSyncs[0]?.targets, [node.id]);
      harness.restart();
      assert.equal((await harness.refresh(sent))?.progress.status, "accepted");
      await assert.rejects(harness.synchronize(inputs, sent), /do not allow listing nodes/);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    } finally {
      await harness.close();
    }
  });
});
