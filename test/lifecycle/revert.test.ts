import assert from "node:assert/strict";
import { errorCodes } from "../../provider/errors/codes.ts";
import { diff } from "../../provider/nodePoolSync/diff.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const all = { onCreate: "all" } as const;
const adopt = { onCreate: "nothing" } as const;
const [a, b] = [
  { ...all, triggers: ["a"] },
  { ...all, triggers: ["b"] },
];

function assertNothingOwed({ record }: State): void {
  assert.deepEqual([record.owed, record.off, record.request], [{}, [], undefined]);
}

describe("going back to the content of before", () => {
  for (const profile of ["standard", "noJob", "bare", "statusLags"] as const)
    for (const refreshes of [false, true])
      it(`resets the half that had left it, and no other where a job shows it${refreshes ? ", after a refresh" : ""}: ${profile}`, () =>
        tell({ profile }, async (story) => {
          const before = await story.synced(a);
          story.emulator.cluster.failNextJob({ reason: "quota", afterNodes: 2 });
          const half = await story.up(b, before);
          assert.equal(
            half.end,
            half.code === errorCodes.interrupted ? "inProgress" : "failed",
            half.message,
          );
          assert.ok(half.state);
          story.restart();
          const state = refreshes ? await story.refresh(half.state) : half.state;
          const since = story.clock.now();
          await story.synced(a, state);
          story.assertReset(since, story.ids.slice(0, 2));
          // Only a job shows that it never reached the others.
          const others = profile === "standard" ? 1 : 2;
          assert.deepEqual(story.resetCounts, [3, 3, others, others]);
        }));

  for (const profile of ["standard", "noSubJobs"] as const)
    it(`is a change when a refresh has found the other content's interrupted sync finished: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const before = await story.synced(a);
        story.after(100, () => story.interrupt.abort());
        const interrupted = await story.up(b, before);
        assert.ok(interrupted.state);
        await story.clock.sleep(3_600_000);
        story.restart();
        const state = await story.refresh(interrupted.state);
        assert.equal(state?.progress.status, "synced");
        // The engine still holds the inputs of before: left to itself, it would see no change.
        assert.equal(diff(state, { ...story.inputs, ...a }).changes, true);
        const since = story.clock.now();
        await story.synced(a, state);
        story.assertReset(since);
      }));

  for (const profile of ["standard", "bare"] as const) {
    it(`resets only the bad canary: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const canary = story.id(0);
        const before = await story.synced(a);
        const tried = await story.synced({ ...b, nodeIds: [canary] }, before);
        await story.synced(a, tried);
        assert.deepEqual(story.resetCounts, [3, 1, 1, 1]);
      }));

    it(`resets only the bad canary that failed: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const canary = story.id(0);
        const before = await story.synced(a);
        story.emulator.cluster.failNode(canary, { times: 1 });
        const tried = await story.up({ ...b, nodeIds: [canary] }, before);
        assert.equal(tried.end, "failed");
        await story.synced(a, tried.state);
        assert.deepEqual(story.resetCounts, [3, 1, 1, 1]);
      }));
  }
});

describe("going back to the content of before while more nodes are selected", () => {
  for (const onCreate of ["all", "outdated"] as const)
    it(`resets the nodes that never had it (onCreate: ${onCreate}): bare`, () =>
      tell({ profile: "bare" }, async (story) => {
        const nodeIds = [story.id(0)];
        const first = await story.synced({ onCreate, nodeIds, triggers: ["a"] });
        story.emulator.cluster.failNode(story.id(0), { times: 1 });
        const failed = await story.up({ onCreate, nodeIds, triggers: ["b"] }, first);
        await story.synced({ onCreate, triggers: ["a"] }, failed.state);
        story.assertReset(0);
      }));
});

describe("going back to the content of before with nodes that were never selected under it", () => {
  const narrow = (story: Story) => ({ nodeIds: [story.id(0)] });

  it("resets one too that no list had shown when the resource was created", () =>
    tell({ profile: "standard" }, async (story) => {
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const before = await story.synced({ ...a, ...narrow(story) });
      isHidden = false;
      const tried = await story.synced({ ...b, ...narrow(story) }, before);
      await story.synced(a, tried);
      assert.deepEqual(story.resetCounts, [3, 1, 1, 1]);
    }));

  it("resets one too that has joined the pool since, as when it is selected without going back", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced({ ...a, ...narrow(story) });
      story.emulator.cluster.addNode(story.inputs.nodePoolId);
      const tried = await story.synced({ ...b, ...narrow(story) }, before);
      await story.synced(a, tried);
      assert.deepEqual(story.resetCounts, [3, 1, 1, 1, 1]);
    }));

  it("leaves those alone that had it before the selection was narrowed, and one that has joined them then", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced(a);
      story.emulator.cluster.addNode(story.inputs.nodePoolId);
      const narrowed = await story.synced({ ...a, ...narrow(story) }, before);
      const tried = await story.synced({ ...b, ...narrow(story) }, narrowed);
      await story.synced(a, tried);
      assert.deepEqual(story.resetCounts, [3, 1, 1, 1, 0]);
    }));
});

describe("a canary that is deleted before its content is taken back", () => {
  it("keeps no other canary from being reset, and is owed no more", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced(a);
      const [gone, other] = [story.id(0), story.id(1)];
      const tried = await story.synced({ ...b, nodeIds: [gone, other] }, before);
      story.emulator.cluster.removeNode(gone);
      const back = await story.synced(a, tried);
      assert.deepEqual(story.sent.slice(2), [[other]]);
      assert.deepEqual(story.resetCounts, [3, 1, 1]);
      assertNothingOwed(back);
    }));

  it("leaves nothing owed when it was the only one", () =>
    tell({ profile: "standard" }, async (story) => {
      const before = await story.synced(a);
      const tried = await story.synced({ ...b, nodeIds: [story.id(0)] }, before);
      story.emulator.cluster.removeNode(story.id(0));
      const back = await story.synced(a, tried);
      assert.equal(story.sent.length, 2);
      assertNothingOwed(back);
      assert.equal(diff(back, { ...story.inputs, ...a }).changes, false);
    }));
});

describe("taking back a canary of a pool that was adopted behind", () => {
  for (const fails of [false, true])
    it(`resets no other node${fails ? " after the canary's job failed" : ""}`, () =>
      tell({ profile: "standard" }, async (story) => {
        story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
        const adopted = await story.synced({ ...adopt, triggers: ["a"] });
        assert.deepEqual(adopted.record.tolerated, story.ids);
        if (fails) story.emulator.cluster.failNextJob("quota");
        const canary = { ...adopt, triggers: ["b"], nodeIds: [story.id(0)] };
        const tried = await story.up(canary, adopted);
        assert.equal(tried.end, fails ? "failed" : "synced", tried.message);
        await story.synced({ ...adopt, triggers: ["a"] }, tried.state);
        assert.deepEqual(story.resetCounts.slice(1), [0, 0, 0]);
        if (!fails) assert.deepEqual(story.sent, [[story.id(0)], [story.id(0)]]);
      }));
});

describe("going back after a job that died", () => {
  const goBack = async (story: Story, afterNodes: number) => {
    const before = await story.synced(a);
    story.emulator.cluster.failNextJob({ reason: "quota", afterNodes });
    const dead = await story.up(b, before);
    assert.equal(dead.end, "failed", dead.message);
    const since = story.clock.now();
    assertNothingOwed(await story.synced(a, dead.state));
    return since;
  };

  it("resets only the half that the job had reset, where its sub-jobs appear in turn", () =>
    tell({ profile: "subJobsInTurn" }, async (story) => {
      const since = await goBack(story, 2);
      story.assertReset(since, story.ids.slice(0, 2));
      assert.deepEqual(story.resetCounts, [3, 3, 1, 1]);
    }));

  it("does not reset the nodes that it did not reach, where its sub-jobs name only some", () =>
    tell({ profile: "subJobsNameSome" }, async (story) => {
      await goBack(story, 0);
      assert.deepEqual([story.resetCounts[1], story.resetCounts[3]], [1, 1]);
    }));
});
