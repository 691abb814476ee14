import assert from "node:assert/strict";
import { type Profile, profiles } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { tell } from "../support/lifecycle/story.ts";

const { nodeTemplate } = templateInputs;
const all = { onCreate: "all" } as const;
const [a, b] = [
  { ...all, triggers: ["a"] },
  { ...all, triggers: ["b"] },
];

describe("a task that dies untouched", () => {
  for (const profile of [
    "standard",
    "noJob",
    "fleetingCondition",
    "bare",
    "jobNotShown",
    "noUpdateTimes",
  ] as const)
    for (const [change, inputs] of [
      ["", b],
      [" of a node template", { ...all, nodeTemplate }],
    ] as const)
      it(`is no success${change} in the next run, after labels were edited, unless that resets every node: ${profile}`, () =>
        tell({ profile }, async (story) => {
          const before = await story.synced(a);
          story.emulator.cluster.failNextJob("quota");
          const dead = await story.up(inputs, before);
          assert.equal(dead.end, "failed", dead.message);
          story.emulator.cluster.editLabels(...story.ids);
          const since = story.clock.now();
          const second = await story.up(inputs, dead.state);
          if (second.code === errorCodes.unconfirmed) return assert.equal(story.sent.length, 2);
          assert.equal(second.end, "synced", second.message);
          story.assertReset(since);
        }));
});

describe("a node that is Abnormal for a while before its turn", () => {
  for (const profile of ["standard", "noJob", "bare", "statusLags"] as const)
    it(`is proven by its own reset only: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const { cluster } = story.emulator;
        const node = story.id(3);
        story.after(30, () => cluster.setNodePhase(node, "Abnormal", "kubelet stopped"));
        story.after(34, () => cluster.setNodePhase(node, "Active"));
        const since = story.clock.now();
        const first = await story.up({ ...all, maxUnavailable: 1 });
        if (first.end !== "synced") await story.synced({ ...all, maxUnavailable: 1 }, first.state);
        story.assertReset(since);
      }));

  it("does not keep a dead task from failing it", () =>
    tell({ profile: "noJob" }, async (story) => {
      const { cluster } = story.emulator;
      cluster.failNextJob({ reason: "quota", afterNodes: 2 });
      story.after(30, () => cluster.setNodePhase(story.id(3), "Abnormal"));
      story.after(60, () => cluster.setNodePhase(story.id(3), "Active"));
      const { end, state } = await story.up(all);
      assert.equal(end, "failed");
      assert.ok(state && story.id(3) in state.record.owed && story.id(2) in state.record.owed);
    }));
});

describe("the autoscaler's job on the pool's status", () => {
  for (const subJobs of ["nodes", "nobody", "none"] as const)
    it(`proves no node of a sync whose answer held no job (sub-jobs: ${subJobs})`, () =>
      tell({ profile: { ...profiles.emptyObject, subJobs, beginsAfter: 1 } }, async (story) => {
        story.emulator.cluster.failNextJob("quota");
        story.after(20, () => {
          story.emulator.cluster.autoscale(story.inputs.nodePoolId, { add: 1, seconds: 30 });
        });
        const since = story.clock.now();
        const first = await story.up(all);
        assert.notEqual(first.end, "synced");
        assert.deepEqual(story.resetCounts.slice(0, 4), [0, 0, 0, 0]);
        const ids = story.ids.slice(0, 4);
        const second = await story.up(all, first.state);
        if (second.code !== errorCodes.unconfirmed) story.assertReset(since, ids);
      }));
});

describe("a job that fails on one node of four", () => {
  for (const subJobs of ["nodes", "extendParam", "someNodes", "servers", "nobody", "none"] as const)
    for (const failing of [0, 1])
      for (const [change, inputs] of [
        ["", all],
        [" with a node template", { ...all, nodeTemplate }],
      ] as const)
        it(`leaves that one to the next run and never calls it synced${change} (node ${failing + 1}, sub-jobs: ${subJobs})`, () =>
          tell({ profile: { ...profiles.standard, subJobs } }, async (story) => {
            const failed = story.id(failing);
            story.emulator.cluster.failNode(failed, { times: 1, reason: "no disk" });
            const since = story.clock.now();
            const first = await story.up(inputs);
            assert.equal(first.end, "failed", first.message);
            assert.ok(first.state && failed in first.state.record.owed);
            await story.synced(inputs, first.state);
            story.assertReset(since);
            if (["nodes", "extendParam", "servers"].includes(subJobs))
              assert.deepEqual(story.sent[1], [failed], "no node is reset twice that needed one reset");
          }));
});

describe("a node that is excluded while the content changes", () => {
  for (const profile of ["standard", "noJob", "bare"] as const)
    for (const onCreate of ["all", "outdated", "nothing"] as const)
      it(`is reset when it is included again (onCreate: ${onCreate}): ${profile}`, () =>
        tell({ profile }, async (story) => {
          const excluded = story.id(1);
          const before = await story.synced(a);
          const without = await story.synced({ ...b, onCreate, excludeNodeIds: [excluded] }, before);
          assert.deepEqual(story.resetCounts, [2, 1, 2, 2]);
          const since = story.clock.now();
          await story.synced({ ...b, onCreate }, without);
          story.assertReset(since, [excluded]);
          assert.deepEqual(story.resetCounts, [2, 2, 2, 2]);
        }));
});

describe("nodes that say for ever that they are behind", () => {
  for (const profile of ["standard", "noJob", "statusLags", "configurationAtStart"] as const)
    it(`are reset twice at most, and then reported in every run: ${profile}`, () =>
      tell({ profile }, async (story) => {
        for (const id of story.ids) story.emulator.cluster.alwaysOutdated(id);
        let state = await story.synced();
        for (let run = 0; run < 4; run += 1) {
          story.restart();
          state = (await story.refresh(state)) ?? state;
          state = await story.synced({}, state);
          assert.deepEqual(state.progress.outdatedNodeIds, story.ids);
        }
        assert.deepEqual(story.resetCounts, [2, 2, 2, 2]);
      }));
});

describe("a service that shows neither job nor working phases", () => {
  const silent: Profile = {
    ...profiles.bare,
    stages: [{ from: "begin", delay: 1, next: "Active" }],
  };
  for (const [change, inputs] of [
    ["", all],
    [" with a node template", { ...all, nodeTemplate }],
  ] as const)
    for (const updateTimes of [true, false])
      it(`is asked once${change}, and not again until the content changes${updateTimes ? "" : ", where no record moves either"}`, () =>
        tell({ profile: { ...silent, updateTimes } }, async (story) => {
          const first = await story.up(inputs);
          assert.equal(first.code, errorCodes.unconfirmed, first.message);
          let { state } = first;
          for (let run = 0; run < 3; run += 1) {
            story.restart();
            if (state) state = await story.refresh(state);
            const again = await story.up(inputs, state);
            assert.equal(again.code, errorCodes.unconfirmed, again.message);
            state = again.state;
          }
          assert.equal(story.sent.length, 1);
          await story.up({ ...inputs, triggers: ["again"] }, state);
          assert.equal(story.sent.length, 2);
        }));
});

describe("a pool that is changed in the same run as its sync is declared", () => {
  for (const profile of [
    "standard",
    "noJob",
    "noPoolUpdateTime",
    "poolUpdatesOften",
    "staleReplicas",
    "noProbes",
  ] as const)
    for (const lag of [5, 30, 50])
      it(`has every node reset though their flags follow ${lag} s later: ${profile}`, () =>
        tell({ profile }, async (story) => {
          await story.clock.sleep(1000);
          story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId, lag);
          const since = story.clock.now();
          await story.synced();
          story.assertReset(since);
        }));
});
