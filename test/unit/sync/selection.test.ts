import assert from "node:assert/strict";
import { defaultPool, type Node } from "../../../provider/cce/model.ts";
import type { ClusterSnapshot } from "../../../provider/session/snapshot.ts";
import type { Selection } from "../../../provider/sync/record/declaration.ts";
import {
  assertPoolExists,
  hasPool,
  isSameSelection,
  isSelected,
  strangersError,
  strangersIn,
} from "../../../provider/sync/record/selection.ts";

const all = { clusterId: "c", nodePoolId: "p" };
const node = (id: string, poolId = "p"): Node => ({ id, name: `node-${id}`, poolId, phase: "Active" });
const list = [node("a"), node("b"), node("x", "q")];
const snapshot: ClusterSnapshot = {
  readAt: 0,
  pools: [
    { id: "p", name: "workers", scaling: false },
    { id: "q", name: "q", scaling: false },
  ],
  nodes: new Map(list.map((one) => [one.id, one])),
};
const idsOf = (selection: Selection) =>
  list.filter((each) => isSelected(selection, each)).map(({ id }) => id);

describe("a selection", () => {
  it("holds every node of its pool, and none of another", () => {
    assert.deepEqual(idsOf(all), ["a", "b"]);
  });

  it("holds the named nodes only", () => {
    assert.deepEqual(idsOf({ ...all, nodeIds: ["b", "x"] }), ["b"]);
  });

  it("holds no excluded node, and takes no notice of unknown ids among them", () => {
    assert.deepEqual(idsOf({ ...all, excludeNodeIds: ["a", "unknown"] }), ["b"]);
  });

  it("may name a node that is not listed", () => {
    assert.ok(isSelected({ ...all, nodeIds: ["new"] }, { id: "new", poolId: "p" }));
  });

  it("is the same in whatever order it names nodes, and with an empty list of excluded ones", () => {
    assert.ok(isSameSelection({ ...all, nodeIds: ["a", "b"] }, { ...all, nodeIds: ["b", "a"] }));
    assert.ok(isSameSelection(all, { ...all, excludeNodeIds: [] }));
  });

  it("is another one with another node, pool or exclusion, and when it names all nodes that there are", () => {
    assert.ok(!isSameSelection({ ...all, nodeIds: ["a"] }, { ...all, nodeIds: ["b"] }));
    assert.ok(!isSameSelection(all, { ...all, nodePoolId: "q" }));
    assert.ok(!isSameSelection(all, { ...all, excludeNodeIds: ["a"] }));
    assert.ok(!isSameSelection(all, { ...all, nodeIds: ["a", "b"] }));
  });
});

describe("a pool", () => {
  it("is there when it is listed; the default pool always is", () => {
    assert.ok(hasPool(snapshot, "p"));
    assert.ok(hasPool(snapshot, defaultPool));
    assert.doesNotThrow(() => assertPoolExists(snapshot, all));
  });

  it("that is not listed is an error that says which there are", () => {
    assert.throws(
      () => assertPoolExists(snapshot, { ...all, nodePoolId: "r" }),
      /nodePoolId: the cluster has no such node pool; it has p \(workers\), q$/,
    );
  });
});

describe("a named node that is not in the pool", () => {
  it("is found, and the error says where it is", () => {
    const selection = { ...all, nodeIds: ["a", "x", "unknown"] };
    const strangers = strangersIn(snapshot, selection);
    assert.deepEqual(strangers, ["x", "unknown"]);
    assert.equal(
      strangersError(snapshot, strangers).message,
      "nodeIds: not in this node pool: x (node-x, in pool q), unknown (not in the cluster)",
    );
  });

  it("is not known where nodes may not be listed", () => {
    const { nodes: _unlisted, ...withoutNodes } = snapshot;
    assert.deepEqual(strangersIn(withoutNodes, { ...all, nodeIds: ["x"] }), []);
  });
});
