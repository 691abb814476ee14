import assert from "node:assert/strict";
import type { Effect } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { type Bench, openBench } from "../support/bench.ts";

const saying = (body: object): Effect => ({ kind: "answer", status: 200, body });
const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };

describe("a refresh that sees only a part", () => {
  let bench: Bench;
  let synced: State;
  beforeEach(async () => {
    bench = await openBench({ nodesPerPool: 4 });
    bench.emulator.cluster.changeConfiguration(bench.inputs.nodePoolId);
    synced = await bench.synchronize();
    bench.restart();
  });
  afterEach(() => bench.close());

  it("asks again when the list of pools is no list, and keeps the state", async () => {
    const fault = bench.emulator.addFault({ kind: "pools", times: 2, effect: saying({}) });
    const refreshed = await bench.refresh(synced);
    assert.equal(fault.hits, 2);
    assert.equal(refreshed?.progress.status, "synced");
  });

  it("asks again when the list of nodes is no list", async () => {
    bench.emulator.addFault({ kind: "nodes", times: 2, effect: saying({ kind: "List" }) });
    assert.equal((await bench.refresh(synced))?.progress.syncedNodeCount, 4);
  });

  it("takes a list without items for an empty one", async () => {
    bench.emulator.addFault({ kind: "nodes", effect: saying({ kind: "List", items: null }) });
    assert.equal((await bench.refresh(synced))?.progress.syncedNodeCount, 0);
  });

  it("keeps a failed sync as failed when the nodes may not be listed", async () => {
    const failedNodes = [{ id: "n1", name: "node-1", reason: "no disk" }];
    const failed: State = { ...synced, progress: { ...synced.progress, status: "failed", failedNodes } };
    bench.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
    const refreshed = await bench.refresh(failed);
    assert.equal(refreshed?.progress.status, "failed");
    assert.deepEqual(refreshed?.progress.failedNodes, failedNodes);
  });

  it("keeps what is known of the nodes when they may not be listed", async () => {
    bench.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
    const behind = {
      ...synced,
      progress: { ...synced.progress, outdatedNodeIds: ["n1"], syncedNodeCount: 3 },
    };
    const refreshed = await bench.refresh(behind);
    assert.deepEqual(refreshed?.progress.outdatedNodeIds, ["n1"]);
    assert.equal(refreshed?.progress.syncedNodeCount, 3);
  });
});

describe("a pool that one list lacks", () => {
  const listWithoutPools = { kind: "answer", status: 200, body: { kind: "List", items: [] } } as const;

  it("stays in the state, since the next list has it again", async () => {
    const bench = await openBench();
    try {
      const state = await bench.synchronize();
      bench.emulator.addFault({ kind: "pools", effect: listWithoutPools });
      assert.equal((await bench.refresh(state))?.progress.status, "synced");
    } finally {
      await bench.close();
    }
  });

  it("does not end a sync that is watched", async () => {
    const bench = await openBench();
    try {
      bench.emulator.addFault({ kind: "pools", skip: 2, effect: listWithoutPools });
      assert.equal((await bench.synchronize()).progress.status, "synced");
      assert.equal(bench.emulator.acceptedSyncs.length, 1);
    } finally {
      await bench.close();
    }
  });
});
