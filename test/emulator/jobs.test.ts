import assert from "node:assert/strict";
import { type JobFailure, type Profile, profiles } from "../../emulator/index.ts";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  job,
  phases,
} from "../support/service/emulatorHarness.ts";

interface SubJob {
  readonly metadata: { readonly uid: string };
  readonly spec: {
    readonly resourceID: string;
    readonly resourceName: string;
    readonly extendParam: Readonly<Record<string, string>>;
  };
  readonly status: { readonly phase: string; readonly reason?: string };
}

/** The first pool's latest job as ShowJob shows it. */
async function latestJob(
  harness: EmulatorHarness,
): Promise<{ phase: string; reason?: string; subJobs: SubJob[] }> {
  const { json } = await job(harness, harness.emulator.acceptedSyncs.at(-1)?.jobId ?? "");
  return { ...json.status, subJobs: json.spec.subJobs };
}

/** An emulator with four nodes under a sync that takes them two by two. */
async function openSync(changes: Partial<Profile>, failure?: JobFailure): Promise<EmulatorHarness> {
  const harness = await createEmulatorHarness({
    nodesPerPool: 4,
    resetSeconds: 100,
    profile: { ...profiles.standard, ...changes },
  });
  if (failure !== undefined) harness.emulator.cluster.failNextJob(failure);
  await harness.sync({ maxUnavailable: 2 });
  return harness;
}

function nodesOf({ emulator }: EmulatorHarness) {
  return emulator.cluster.pools[0]?.nodes ?? [];
}

describe("the sub-jobs of a sync's job", () => {
  it("have ids of their own, and name their nodes by id and name", async () => {
    await using harness = await openSync({});
    const { subJobs } = await latestJob(harness);
    assert.equal(new Set(subJobs.map(({ metadata }) => metadata.uid)).size, 4);
    assert.deepEqual(
      subJobs.map(({ spec }) => [spec.resourceID, spec.resourceName]),
      nodesOf(harness).map(({ id, name }) => [id, name]),
    );
  });

  it("may name nodes in extendParam alone", async () => {
    await using harness = await openSync({ subJobs: "extendParam" });
    const { subJobs } = await latestJob(harness);
    assert.deepEqual(
      subJobs.map(({ spec }) => spec.extendParam),
      nodesOf(harness).map(({ id, name }) => ({ nodeID: id, nodeName: name })),
    );
    const ids = new Set(nodesOf(harness).map(({ id }) => id));
    assert.ok(subJobs.every(({ spec }) => !ids.has(spec.resourceID)));
  });

  it("may name servers in place of nodes", async () => {
    await using harness = await openSync({ subJobs: "servers" });
    const { subJobs } = await latestJob(harness);
    assert.deepEqual(
      subJobs.map(({ spec }) => [spec.resourceID, spec.resourceName]),
      nodesOf(harness).map(({ serverId }) => [serverId, ""]),
    );
    const [node] = (await harness.get(harness.path("/nodes"))).json.items;
    assert.equal(node.status.serverId, subJobs[0]?.spec.resourceID);
  });

  it("may name nobody", async () => {
    await using harness = await openSync({ subJobs: "nobody" });
    const text = JSON.stringify((await latestJob(harness)).subJobs);
    for (const { id, name, serverId } of nodesOf(harness)) {
      for (const names of [id, name, serverId]) assert.ok(!text.includes(names));
    }
    assert.equal((await latestJob(harness)).subJobs.length, 4);
  });

  it("may be there for every second node only, though all are reset", async () => {
    await using harness = await openSync({ subJobs: "someNodes" });
    harness.clock.pass(200);
    const { phase, subJobs } = await latestJob(harness);
    const [a, , c] = nodesOf(harness);
    assert.deepEqual(
      subJobs.map(({ spec }) => spec.resourceID),
      [a?.id, c?.id],
    );
    assert.equal(phase, "Success");
    assert.equal(harness.emulator.resets.length, 4);
  });

  it("may be below another one that names nobody, and fails with them", async () => {
    await using harness = await openSync({ subJobsNested: true });
    const [node] = nodesOf(harness);
    harness.emulator.cluster.failNode(node?.id ?? "");
    harness.clock.pass(200);
    const { json } = await job(harness, harness.emulator.acceptedSyncs[0]?.jobId ?? "");
    const [group, ...others] = json.spec.subJobs;
    assert.deepEqual(others, []);
    assert.equal(group.status.phase, "Failed");
    assert.deepEqual(
      group.spec.subJobs.map(({ spec, status }: SubJob) => [spec.resourceID, status.phase]),
      nodesOf(harness).map(({ id }, index) => [id, index === 0 ? "Failed" : "Success"]),
    );
    assert.equal((await latestJob(harness)).subJobs[0]?.metadata.uid, group.metadata.uid);
  });

  it("may not be there at all", async () => {
    await using harness = await openSync({ subJobs: "none" });
    assert.deepEqual((await latestJob(harness)).subJobs, []);
  });

  it("may appear only when the turn of their nodes has come", async () => {
    await using harness = await openSync({ subJobsAppear: "inTurn" });
    assert.equal((await latestJob(harness)).subJobs.length, 2);
    harness.clock.pass(100);
    assert.deepEqual(
      (await latestJob(harness)).subJobs.map(({ status }) => status.phase),
      ["Success", "Success", "Running", "Running"],
    );
  });
});

describe("a job that is planned to fail", () => {
  const reason = "the quota is used up";

  it("fails after the nodes that it is to reset first, with the sub-jobs of those that it has not reached", async () => {
    await using harness = await openSync({}, { reason, afterNodes: 2 });
    harness.clock.pass(100);
    const { phase, subJobs, ...rest } = await latestJob(harness);
    assert.deepEqual([phase, rest.reason], ["Failed", reason]);
    assert.deepEqual(
      subJobs.map(({ status }) => status.phase),
      ["Success", "Success", "Failed", "Failed"],
    );
    assert.deepEqual(await phases(harness), Array(4).fill("Active"));
    assert.equal(harness.emulator.resets.length, 2);
  });

  it("may fail by a sub-job that is about none of its nodes", async () => {
    await using harness = await openSync({}, { reason, afterNodes: 1, subJobs: "stranger" });
    harness.clock.pass(100);
    const { phase, subJobs } = await latestJob(harness);
    assert.equal(phase, "Failed");
    const states = subJobs.map(({ status }) => status.phase);
    assert.deepEqual(states, ["Success", "Initializing", "Initializing", "Initializing", "Failed"]);
    const ids = new Set(nodesOf(harness).map(({ id }) => id));
    assert.ok(!ids.has(subJobs[4]?.spec.resourceID ?? ""));
  });

  it("may fail though every node was reset", async () => {
    await using harness = await openSync({}, { reason, afterNodes: 4, subJobs: "stranger" });
    harness.clock.pass(200);
    assert.equal((await latestJob(harness)).phase, "Failed");
    assert.ok(harness.emulator.resets.every(({ outcome }) => outcome === "succeeded"));
    assert.equal(harness.emulator.resets.length, 4);
  });
});
