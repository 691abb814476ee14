import assert from "node:assert/strict";
import fc from "fast-check";
import { jobSchema } from "../../../provider/cce/jobSchema.ts";
import { serviceTime } from "../../../provider/cce/model.ts";
import { nodePoolSchema, nodeSchema } from "../../../provider/cce/schemas.ts";

const fullNode = {
  kind: "Node",
  metadata: {
    uid: "n1",
    name: "node-1",
    creationTimestamp: "2020-02-02 08:12:40.124294439 +0000 UTC",
    updateTimestamp: "2020-02-02 09:12:40.124294439 +0000 UTC",
    annotations: { "kubernetes.io/node-pool.id": "p1" },
    ownerReferences: { nodepoolName: "pool", nodepoolID: "p1" },
  },
  spec: { flavor: "s1.medium", az: "eu-de-01" },
  status: {
    phase: "Error",
    reason: "no disk",
    message: "more",
    configurationUpToDate: false,
    jobID: "j",
    serverId: "s1",
    lastProbeTime: "2020-02-02 09:13:00 +0000 UTC",
  },
};

/** A node with these parts in place of the full one's; undefined takes a part out. */
const node = (metadata: object, status?: unknown) =>
  nodeSchema.parse({
    ...fullNode,
    metadata: { ...fullNode.metadata, ...metadata },
    status: status === undefined ? fullNode.status : status,
  });

describe("a node of the service", () => {
  it("is read in full", () => {
    assert.deepEqual(nodeSchema.parse(fullNode), {
      id: "n1",
      name: "node-1",
      poolId: "p1",
      phase: "Error",
      createdAt: "2020-02-02 08:12:40.124294439 +0000 UTC",
      updatedAt: "2020-02-02 09:12:40.124294439 +0000 UTC",
      upToDate: false,
      reason: "no disk",
      serverId: "s1",
      probedAt: "2020-02-02 09:13:00 +0000 UTC",
      zone: "eu-de-01",
    });
  });

  it("needs no more than an id", () => {
    const { phase, poolId, name, ...rest } = nodeSchema.parse({ metadata: { uid: "n1" } });
    assert.deepEqual([name, phase, poolId], ["n1", "", "DefaultPool"]);
    assert.ok(Object.values(rest).every((value) => value === undefined || value === "n1"));
  });

  for (const uid of [undefined, null, 5]) {
    it(`is none with the id ${uid}`, () => {
      assert.equal(nodeSchema.safeParse({ metadata: { uid } }).success, false);
    });
  }

  for (const [what, metadata, poolId] of [
    ["its annotation", { ownerReferences: undefined }, "p1"],
    ["its owner, where it has no annotation", { annotations: undefined }, "p1"],
    ["its owner, where the annotation is empty", { annotations: { "kubernetes.io/node-pool.id": "" } }, "p1"],
    ["the annotation before the owner", { ownerReferences: { nodepoolID: "p2" } }, "p1"],
    [
      "the default pool, for zone#flavor#os",
      { annotations: { "kubernetes.io/node-pool.id": "eu-de-01#s1.medium#EulerOS 2.5" } },
      "DefaultPool",
    ],
    ["the default pool, for nothing at all", { annotations: {}, ownerReferences: {} }, "DefaultPool"],
    ["the default pool, for parts of other types", { annotations: "x", ownerReferences: [] }, "DefaultPool"],
  ] as const) {
    it(`belongs to the pool of ${what}`, () => assert.equal(node(metadata).poolId, poolId));
  }

  for (const status of [null, "Active", [], { phase: 5, configurationUpToDate: "false", reason: {} }]) {
    it(`has no phase with the status ${JSON.stringify(status)}`, () => {
      const { phase, upToDate, reason } = node({}, status);
      assert.deepEqual([phase, upToDate, reason], ["", undefined, undefined]);
    });
  }

  it("has the message as its reason where it has none", () => {
    assert.equal(node({}, { phase: "Error", message: "more" }).reason, "more");
  });
});

describe("a node pool of the service", () => {
  const pool = (status: unknown, metadata: object = { uid: "p1", name: "pool" }) =>
    nodePoolSchema.parse({ metadata, status });
  const syncing = (status: string) => ({ type: "ConfigurationSynchronizing", status });

  for (const [what, conditions, synchronizing] of [
    ["synchronizes", [{ type: "Scalable", status: "True" }, syncing("True")], true],
    ["does not synchronize", [syncing("False")], false],
    ["does not say whether it synchronizes, without conditions", undefined, undefined],
    ["does not say whether it synchronizes, with other conditions", [{ type: "Error" }], undefined],
    ["does not say whether it synchronizes, with conditions of another type", "True", undefined],
    ["synchronizes, whatever stands beside the condition", [null, 5, {}, syncing("True")], true],
  ] as const) {
    it(what, () => assert.equal(pool({ conditions }).synchronizing, synchronizing));
  }

  for (const [status, scaling] of [
    [{ creatingNode: 1 }, true],
    [{ deletingNode: 2 }, true],
    [{ creatingNode: 0, deletingNode: 0 }, false],
    [{ phase: "Synchronizing" }, false],
    [{ creatingNode: "1" }, false],
    [null, false],
    [undefined, false],
  ] as const) {
    it(`is ${scaling ? "" : "not "}scaling with the status ${JSON.stringify(status)}`, () => {
      assert.equal(pool(status).scaling, scaling);
    });
  }

  it("names the job of an operation on it, if any", () => {
    assert.deepEqual(
      [{ jobId: "j" }, { jobId: "" }, { jobId: 5 }, {}].map((status) => pool(status).jobId),
      ["j", undefined, undefined, undefined],
    );
  });

  it("is read in full", () => {
    const condition = { ...syncing("True"), lastTransitTime: "2020-02-02 08:00:00 +0000 UTC" };
    const status = { conditions: [condition], currentNode: 4, creatingNode: 1, jobId: "j" };
    const metadata = { uid: "p1", name: "pool", updateTimestamp: "2020-02-02 07:00:00 +0000 UTC" };
    assert.deepEqual(pool(status, metadata), {
      id: "p1",
      name: "pool",
      synchronizing: true,
      transition: "2020-02-02 08:00:00 +0000 UTC",
      scaling: true,
      jobId: "j",
      nodeCount: 4,
      updatedAt: "2020-02-02 07:00:00 +0000 UTC",
    });
  });

  it("is none without an id and a name", () => {
    for (const metadata of [{}, { uid: "", name: "" }, { uid: 5 }])
      assert.equal(nodePoolSchema.safeParse({ metadata, status: {} }).success, false);
  });

  it("is known by its name where it has no id, such as the default pool", () => {
    const { id, name } = pool({}, { name: "DefaultPool" });
    assert.deepEqual([id, name], ["DefaultPool", "DefaultPool"]);
  });
});

describe("what the service says", () => {
  it("never makes the reading of it throw, whatever it is", () => {
    const keys = [
      "metadata",
      "status",
      "spec",
      "uid",
      "name",
      "phase",
      "conditions",
      "subJobs",
      "annotations",
    ];
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        fc.constantFrom(null, 5, true, "", "Success", [], {}),
        tie("object"),
        fc.array(tie("object"), { maxLength: 3 }),
      ),
      object: fc.dictionary(fc.constantFrom(...keys), tie("value"), { maxKeys: 4 }),
    }));
    fc.assert(
      fc.property(value, (anything) => {
        for (const schema of [nodeSchema, nodePoolSchema, jobSchema]) schema.safeParse(anything);
      }),
      { numRuns: 5000 },
    );
  });

  for (const [text, same] of [
    ["2020-02-02 16:12:40 +0800 CST", "2020-02-02T08:12:40Z"],
    ["2020-02-02T03:12:40-05:00", "2020-02-02T08:12:40Z"],
    ["2020-02-02T08:12:40", "2020-02-02T08:12:40Z"],
  ] as const) {
    it(`is a time in whatever zone it names: ${text}`, () =>
      assert.equal(serviceTime(text), Date.parse(same)));
  }

  for (const text of ["2020-13-45 08:12:40 +0000 UTC", "2020-02-02", "", "08:12:40"]) {
    it(`is no time: "${text}"`, () => assert.equal(serviceTime(text), undefined));
  }

  it("distinguishes times that differ by a thousandth of a millisecond", () => {
    const [a, b] = ["000001", "000002"].map((micro) => serviceTime(`2026-11-24 08:12:40.${micro} +0000 UTC`));
    assert.ok(a !== undefined && b !== undefined && a < b);
  });
});
