import assert from "node:assert/strict";
import { jobSchema } from "../../../provider/cce/jobSchema.ts";
import type { JobPart } from "../../../provider/cce/model.ts";

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
