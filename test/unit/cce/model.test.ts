import assert from "node:assert/strict";
import fc from "fast-check";
import { jobSchema } from "../../../provider/cce/jobSchema.ts";
import { type JobPart, serviceTime } from "../../../provider/cce/model.ts";
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

  it("tells the message where it has no reason", () => {
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

describe("a job of the service", () => {
  const job = (phase: string, subJobs: unknown = [], reason?: string, resourceName?: string) => ({
    metadata: { creationTimestamp: "t" },
    spec: { resourceName, subJobs },
    status: { phase, reason },
  });
  const failed = job("Failed", [], "no disk", "node-1");

  for (const [what, raw, phase, reasons] of [
    ["has succeeded with all its parts", job("Success", [job("Success", [job("Success")])]), "success", []],
    ["runs while a part of a part runs", job("Success", [job("Success", [job("Running")])]), "running", []],
    ["runs while it is being prepared", job("Initializing"), "running", []],
    ["runs in a phase that no source names", job("Paused"), "running", []],
    [
      "runs while a part has failed and it says so itself",
      job("Running", [failed]),
      "running",
      ["node-1: no disk"],
    ],
    [
      "has failed, with the reasons of its parts too",
      job("Failed", [failed, job("Success")], "some nodes failed"),
      "failed",
      ["some nodes failed", "node-1: no disk"],
    ],
    ["has failed while parts still run", job("Failed", [job("Running")], "stopped"), "failed", ["stopped"]],
    [
      "has failed when a part has, once all have ended",
      job("Success", [failed]),
      "failed",
      ["node-1: no disk"],
    ],
    ["has failed without a word", job("Failed"), "failed", []],
    ["has no parts where they are null", job("Success", null), "success", []],
    ["has no parts where its spec is null", { spec: null, status: { phase: "Success" } }, "success", []],
    ["needs no more than a phase", { metadata: null, status: { phase: "Success" } }, "success", []],
  ] as const) {
    it(what, () => {
      const read = jobSchema.parse(raw);
      assert.deepEqual([read.phase, read.reasons], [phase, reasons]);
    });
  }

  it("has its sub-jobs as parts, and theirs in them", () => {
    const part = (name: string, phase: string, subJobs: unknown = []) => job(phase, subJobs, undefined, name);
    const { parts } = jobSchema.parse(
      job("Running", [part("a", "Running", [part("b", "Success")]), part("c", "Failed")]),
    );
    const read = (names: readonly JobPart[]): unknown[] =>
      names.map(({ references, phase, createdAt, parts }) => [references, phase, createdAt, read(parts)]);
    assert.deepEqual(read(parts), [
      [["a"], "running", "t", [[["b"], "success", "t", []]]],
      [["c"], "failed", "t", []],
    ]);
  });

  it("has a part that failed when a sub-job of the part did", () => {
    const [part] = jobSchema.parse(job("Success", [job("Success", [failed])])).parts;
    assert.deepEqual([part?.phase, part?.reason], ["failed", undefined]);
    assert.deepEqual(
      part?.parts.map(({ phase, reason }) => [phase, reason]),
      [["failed", "no disk"]],
    );
  });

  it("has in a part every id and name that could be that of a node or its server", () => {
    const extendParam = {
      nodeID: "n1",
      serverId: "s1",
      serverIds: ["s1", "s2", 5],
      nodeNames: "node-1, node-2",
      clusterID: "c1",
      total: 3,
    };
    const part = {
      spec: { resourceID: "r1", resourceName: "node-1", extendParam },
      status: { phase: "Success" },
    };
    const [read] = jobSchema.parse(job("Success", [part])).parts;
    assert.deepEqual(read?.references, ["r1", "node-1", "n1", "s1", "s2", "node-2"]);
  });

  for (const extendParam of [null, "n1", [], 5]) {
    it(`has parts that name nobody, with the parameters ${JSON.stringify(extendParam)}`, () => {
      const part = { spec: { extendParam }, status: { phase: "Success" } };
      assert.deepEqual(jobSchema.parse(job("Success", [part])).parts[0]?.references, []);
    });
  }

  for (const garbage of [{}, { status: {} }, { status: { phase: 5 } }, { status: { status: "Success" } }]) {
    it(`is none: ${JSON.stringify(garbage)}`, () => {
      assert.equal(jobSchema.safeParse(garbage).success, false);
    });
  }
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

  it("tells times apart that differ by a thousandth of a millisecond", () => {
    const [a, b] = ["000001", "000002"].map((micro) => serviceTime(`2026-11-24 08:12:40.${micro} +0000 UTC`));
    assert.ok(a !== undefined && b !== undefined && a < b);
  });
});
