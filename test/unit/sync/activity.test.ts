import assert from "node:assert/strict";
import type { Node, NodePool } from "../../../provider/cce/model.ts";
import { activityOf } from "../../../provider/sync/proof/activity.ts";

const selection = { clusterId: "c", nodePoolId: "p" };

function activity(
  phases: Record<string, string>,
  pool: Partial<NodePool> = {},
  clusterUpgrading = false,
  updatedAt?: string,
) {
  const nodes = Object.entries(phases).map(
    ([id, phase]): Node => ({
      id,
      name: `node-${id}`,
      poolId: id.startsWith("x") ? "q" : "p",
      phase,
      updatedAt,
    }),
  );
  const snapshot = {
    readAt: 0,
    pools: [{ id: "p", name: "pool", scaling: false, ...pool }],
    nodes: new Map(nodes.map((node) => [node.id, node])),
  };
  return activityOf(snapshot, selection, clusterUpgrading);
}

describe("the activity of a pool", () => {
  it("is none when it is at rest, whatever has failed in it or goes on in other pools", () => {
    assert.equal(activity({ a: "Active", b: "Error", x: "Installing" }), undefined);
  });

  for (const [what, phases, pool, clusterUpgrading] of [
    ["another sync is running", { a: "Active" }, { synchronizing: true }, false],
    ["the pool is being scaled", { a: "Active" }, { scaling: true }, false],
    ["nodes are being installed or reset (node-a)", { a: "Installing" }, {}, false],
    ["another sync is running (node-a)", { a: "Installing" }, { synchronizing: true, scaling: true }, false],
    ["the cluster is being upgraded", { a: "Upgrading" }, {}, true],
    ["nodes are being installed or reset (node-a)", { a: "Upgrading" }, {}, false],
  ] as const) {
    const where = JSON.stringify([phases, pool, clusterUpgrading]);
    it(`is described: ${what}, for ${where}`, () => {
      assert.equal(activity(phases, pool, clusterUpgrading)?.text, what);
    });
  }

  it("has a text without names that stays while nodes come and go", () => {
    const one = activity({ a: "Installing", b: "Active" });
    const other = activity({ a: "Active", b: "Installing" });
    assert.equal(one?.what, other?.what);
    assert.notEqual(one?.text, other?.text);
  });

  it("is a scaling, which may stand still, unless a sync runs or the cluster is being upgraded", () => {
    assert.equal(activity({}, { scaling: true })?.isScaling, true);
    assert.equal(activity({ a: "Installing" })?.isScaling, true);
    assert.equal(activity({}, { scaling: true, synchronizing: true })?.isScaling, false);
    assert.equal(activity({}, { scaling: true }, true)?.isScaling, false);
  });

  it("has a fingerprint that changes when a node moves, and stays while none does", () => {
    const first = activity({ a: "Installing" })?.fingerprint;
    assert.equal(activity({ a: "Installing" })?.fingerprint, first);
    assert.notEqual(activity({ a: "Build" })?.fingerprint, first);
    assert.notEqual(activity({ a: "Installing" }, {}, false, "later")?.fingerprint, first);
  });
});
