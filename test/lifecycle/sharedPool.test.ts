import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";
import { until } from "../support/until.ts";

const all = { onCreate: "all" } as const;
const [a, b] = [
  { ...all, triggers: ["a"] },
  { ...all, triggers: ["b"] },
];
const template = (sshKey: string): Partial<Inputs> => ({
  ...all,
  nodeTemplate: { lifeCycle: {}, login: { sshKey } },
});

/** Another resource of the same process on the story's pool; it has to end as synced. */
async function synced(story: Story, inputs: Partial<Inputs>, previous?: State): Promise<void> {
  const { end, message } = await outcomeOf(story, { inputs: { ...story.inputs, ...inputs }, previous });
  assert.equal(end, "synced", message);
}

describe("two resources for one pool in one process", () => {
  for (const profile of ["standard", "noJob"] as const)
    it(`take no proof from a request that was sent before they were declared: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const first = synced(story, a);
        await story.clock.sleep(100_000);
        assert.equal(story.sent.length, 1);
        const since = story.clock.now();
        await Promise.all([first, synced(story, b)]);
        story.assertReset(since);
      }));

  it("leave no node behind when the pool is changed between their declarations", () =>
    tell({ profile: { ...profiles.noUpToDate, readsConfiguration: "atStart" } }, async (story) => {
      const first = synced(story, all);
      await story.clock.sleep(100_000);
      story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
      await story.clock.sleep(1000);
      const since = story.clock.now();
      await Promise.all([first, synced(story, all)]);
      story.assertReset(since);
      assert.deepEqual(
        story.nodes.map(({ upToDate }) => upToDate),
        [true, true, true, true],
      );
    }));

  it("share a request that was sent after both were declared", () =>
    tell({ profile: "standard" }, async (story) => {
      await Promise.all([synced(story, a), synced(story, b)]);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("do not share the proof of a node that has broken since", () =>
    tell({ profile: "standard" }, async (story) => {
      const { cluster } = story.emulator;
      const first = synced(story, { ...a, rollout: { canary: 1, waveSize: 3, soak: "1m" } });
      const second = synced(story, b);
      await until(() => story.sent.length === 2);
      cluster.setNodePhase(story.id(0), "Abnormal");
      await Promise.all([first, second]);
      assert.deepEqual(story.resetCounts, [2, 1, 1, 1]);
    }));

  it("do not share what a resumed request of an earlier process proves", () =>
    tell({ profile: "standard" }, async (story) => {
      const { state } = await story.up({ ...a, excludeNodeIds: [story.id(3)] }, undefined, 100_000);
      assert.ok(state?.record.request);
      await story.clock.sleep(600_000);
      story.restart();
      const since = story.clock.now();
      await Promise.all([synced(story, a, state), synced(story, b)]);
      story.assertReset(since);
    }));

  it("do not share what a request that still runs from an earlier process proves", () =>
    tell({ profile: "standard" }, async (story) => {
      const { state } = await story.up(a, undefined, 100_000);
      assert.ok(state?.record.request);
      story.restart();
      const since = story.clock.now();
      await Promise.all([synced(story, a, state), synced(story, b)]);
      story.assertReset(since);
    }));
});

describe("three resources for one pool in one process", () => {
  it("let a request with another node template end what an earlier one proved", () =>
    tell({ profile: "standard" }, async (story) => {
      const since = story.clock.now();
      // They take their turns in the order in which they begin.
      const resources = ["key", "other", "key"].map((sshKey) => synced(story, template(sshKey)));
      await Promise.all(resources);
      story.assertReset(since);
      const keys = story.ids.map((id) => story.lastReset(id)?.nodeTemplate);
      assert.deepEqual(
        keys,
        story.ids.map(() => template("key").nodeTemplate),
      );
      assert.equal(story.sent.length, 3);
    }));
});
