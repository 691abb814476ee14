import assert from "node:assert/strict";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const { nodeTemplate } = templateInputs;
const saying = ["standard", "noJob", "statusLags", "staleReplicas", "noProbes", "noPoolUpdateTime"] as const;

describe("the first run on a pool whose nodes say that they are up to date", () => {
  for (const profile of saying) {
    it(`resets none of them, says so, and names the way to reset them: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const { progress } = await story.synced();
        assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
        assert.equal(progress.skippedNodeCount, 4);
        const warnings = story.messages.filter(({ severity }) => severity === "warning");
        assert.match(
          warnings.map(({ message }) => message).join("\n"),
          /^4 nodes report being up to date and are not reset; .*or create the resource with `onCreate: "all"`/,
        );
      }));

    it(`resets none of those that were created minutes ago: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const pool = story.emulator.cluster.addPool("young", 3);
        await story.clock.sleep(150_000);
        await story.synced({ nodePoolId: pool.id });
        assert.equal(story.sent.length, 0);
      }));

    it(`resets only the one that says that it is behind: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const { emulator, inputs } = story;
        emulator.cluster.changeConfiguration(inputs.nodePoolId);
        await story.clock.sleep(120_000);
        emulator.cluster.syncByOthers(inputs.nodePoolId, { nodeIds: story.ids.slice(1), maxUnavailable: 3 });
        await story.clock.sleep(600_000);
        await story.synced();
        assert.deepEqual(story.resetCounts, [1, 0, 0, 0]);
      }));
  }

  it("adopts a pool as it is, and leaves it so in the runs after it", () =>
    tell({}, async (story) => {
      story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
      const adopt: Partial<Inputs> = { onCreate: "nothing" };
      const state = await story.synced(adopt);
      assert.deepEqual(state.progress.outdatedNodeIds, story.ids);
      story.restart();
      const refreshed = await story.refresh(state);
      await story.synced({ ...adopt, maxUnavailable: 3 }, refreshed);
      assert.equal(story.sent.length, 0);
      await story.synced({ ...adopt, triggers: ["go"] }, refreshed);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("adopts a pool with a node template without sending it", () =>
    tell({ profile: "bare" }, async (story) => {
      await story.synced({ onCreate: "nothing", nodeTemplate });
      assert.equal(story.sent.length, 0);
    }));
});

describe("an edit that changes no node's content", () => {
  const edits: readonly (readonly [
    string,
    (story: Story) => Partial<Inputs>,
    (story: Story) => Partial<Inputs>,
  ])[] = [
    ["another maxUnavailable", () => ({}), () => ({ maxUnavailable: 3 })],
    ["the region in use, written out", () => ({}), ({ emulator }) => ({ region: emulator.region })],
    ["the project in use, written out", () => ({}), ({ emulator }) => ({ projectId: emulator.projectId })],
    ["the endpoint in use, written out", () => ({}), ({ emulator }) => ({ endpoint: emulator.url })],
    [
      "the endpoint under another name",
      () => ({}),
      ({ emulator }) => ({ endpoint: emulator.url.replace("127.0.0.1", "localhost") }),
    ],
    ["force: false", () => ({}), () => ({ force: false })],
    ["force: true", () => ({}), () => ({ force: true })],
    ["validateStorage: false", () => ({}), () => ({ validateStorage: false })],
    ["triggers: []", () => ({}), () => ({ triggers: [] })],
    ["triggers: {}", () => ({}), () => ({ triggers: {} })],
    ["triggers: [] left out again", () => ({ triggers: [] }), () => ({})],
    [
      "the triggers' keys in another order",
      () => ({ triggers: { a: 1, b: 2 } }),
      () => ({ triggers: { b: 2, a: 1 } }),
    ],
    ["wait: false", () => ({}), () => ({ wait: false })],
    ["another onChange", () => ({}), () => ({ onChange: "outdated" })],
    ["another onCreate", () => ({}), () => ({ onCreate: "nothing" })],
    [
      "a node taken out of nodeIds",
      ({ ids }) => ({ nodeIds: ids.slice(0, 2) }),
      ({ ids }) => ({ nodeIds: ids.slice(0, 1) }),
    ],
    [
      "nodeIds in another order",
      ({ ids }) => ({ nodeIds: ids.slice(0, 2) }),
      ({ ids }) => ({ nodeIds: ids.slice(0, 2).toReversed() }),
    ],
    ["every node named in nodeIds", () => ({}), ({ ids }) => ({ nodeIds: [...ids] })],
    ["a node excluded", () => ({}), ({ id }) => ({ excludeNodeIds: [id(0)] })],
    ["an unknown node excluded", () => ({}), () => ({ excludeNodeIds: ["nobody"] })],
    ["excludeNodeIds: []", () => ({}), () => ({ excludeNodeIds: [] })],
  ];

  for (const template of [false, true])
    for (const [what, from, to] of edits)
      it(`resets nothing: ${what}${template ? ", with a node template" : ""}`, () =>
        tell({}, async (story) => {
          const common: Partial<Inputs> = { onCreate: "all", ...(template && { nodeTemplate }) };
          const state = await story.synced({ ...common, ...from(story) });
          const sent = story.sent.length;
          const counts = story.resetCounts;
          const edited = await story.up({ ...common, ...to(story) }, state);
          assert.equal(edited.end, "synced", edited.message);
          assert.equal(story.sent.length, sent);
          const again = await story.up({ ...common, ...from(story) }, edited.state);
          assert.equal(again.end, "synced", again.message);
          assert.deepEqual(story.resetCounts, counts);
        }));

  for (const profile of ["standard", "bare"] as const)
    it(`resets only the node that joins nodeIds, and none again that leaves and comes back: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const [a = "", b = "", c = ""] = story.ids;
        const onCreate = "all";
        let state = await story.synced({ onCreate, nodeIds: [a, b] });
        state = await story.synced({ onCreate, nodeIds: [a, b, c] }, state);
        assert.deepEqual(story.sent, [[a, b], [c]]);
        state = await story.synced({ onCreate, nodeIds: [a] }, state);
        await story.synced({ onCreate, nodeIds: [a, b, c] }, state);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 0]);
      }));

  it("resets only what is left, in the new manner, after a failure", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNode(story.id(2), { times: 1 });
      const failed = await story.up({ onCreate: "all" });
      assert.equal(failed.end, "failed");
      const owed = Object.keys(failed.state?.record.owed ?? {});
      await story.synced(
        { onCreate: "all", maxUnavailable: 4, force: false, endpoint: story.emulator.url },
        failed.state,
      );
      assert.deepEqual(story.sent[1]?.toSorted(), owed.toSorted());
      assert.equal(story.emulator.acceptedSyncs[1]?.maxUnavailable, 4);
      assert.deepEqual(story.resetCounts, [1, 1, 2, 1]);
    }));

  it("resets nothing when a node is taken out of nodeIds that failed", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNode(story.id(0));
      const failed = await story.up({ onCreate: "all", maxUnavailable: 4 });
      assert.equal(failed.end, "failed");
      await story.synced({ onCreate: "all", nodeIds: story.ids.slice(1) }, failed.state);
      assert.equal(story.sent.length, 1);
    }));
});

describe("an asset in triggers", () => {
  const asset = (content?: string) => ({
    "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17",
    hash: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ...(content !== undefined && { text: content }),
  });

  for (const [what, first, second] of [
    ["with its content at first and by its hash later", asset("test"), asset()],
    ["by its hash at first and with its content later", asset(), asset("test")],
  ] as const) {
    it(`is the same one, and only what is left is reset after a failure: ${what}`, () =>
      tell({}, async (story) => {
        story.emulator.cluster.failNode(story.id(1), { times: 1 });
        const failed = await story.up({ onCreate: "all", triggers: [first] });
        assert.equal(failed.end, "failed");
        await story.synced({ onCreate: "all", triggers: [second] }, failed.state);
        assert.deepEqual(story.resetCounts, [1, 2, 1, 1]);
      }));

    it(`is the same one, and a running sync is not sent again: ${what}`, () =>
      tell({ resetSeconds: 300 }, async (story) => {
        const first = await story.up({ onCreate: "all", triggers: [asset("test")] }, undefined, 60_000);
        assert.equal(first.end, "inProgress");
        await story.synced({ onCreate: "all", triggers: [second] }, first.state);
        assert.equal(story.sent.length, 1);
      }));
  }
});

describe("nodes that a refresh has found outdated and others have synchronized since", () => {
  const declared = (value: string): Partial<Inputs> => ({ triggers: [value], onChange: "outdated" });

  it("are not reset by a change that spares nodes which report being up to date", () =>
    tell({}, async (story) => {
      const { emulator, inputs } = story;
      const state = await story.synced(declared("a"));
      emulator.cluster.changeConfiguration(inputs.nodePoolId);
      story.restart();
      const refreshed = await story.refresh(state);
      assert.deepEqual(refreshed?.progress.outdatedNodeIds, story.ids);
      emulator.cluster.syncByOthers(inputs.nodePoolId, { maxUnavailable: 4 });
      await story.clock.sleep(600_000);
      await story.synced(declared("b"), refreshed);
      assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
    }));

  it("are not reset by it either when the refresh came in the middle of an update of which nothing was saved", () =>
    tell({}, async (story) => {
      const { emulator, inputs } = story;
      const state = await story.synced(declared("a"));
      emulator.cluster.changeConfiguration(inputs.nodePoolId);
      const lost = await story.up(declared("b"), state, 150_000);
      assert.equal(lost.end, "inProgress");
      story.restart();
      const refreshed = await story.refresh(state);
      assert.notDeepEqual(refreshed?.progress.outdatedNodeIds, []);
      await story.synced(declared("b"), refreshed);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));
});
