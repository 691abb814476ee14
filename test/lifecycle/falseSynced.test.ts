import assert from "node:assert/strict";
import { type Effect, type EmulatorOptions, type ProfileName, profiles } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const { nodeTemplate } = templateInputs;
const next = { triggers: ["next"] };
const lost: Effect = { kind: "drop", acted: false };
const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };
const forEver = Number.POSITIVE_INFINITY;

describe("a POST that is lost before it reaches the service", () => {
  for (const profile of ["standard", "noJob", "noCondition", "bare", "emptyObject"] as const)
    for (const [what, change] of [
      ["a new trigger", next],
      ["a new node template", { nodeTemplate }],
    ] as const)
      for (const [event, happen] of [
        ["labels of a node are edited", (story: Story) => story.emulator.cluster.editLabels(story.id(1))],
        ["labels of all nodes are edited", (story: Story) => story.emulator.cluster.editLabels(...story.ids)],
        [
          "the autoscaler removes a node",
          ({ emulator, inputs, id }: Story) =>
            void emulator.cluster.autoscale(inputs.nodePoolId, { remove: [id(3)], seconds: 30 }),
        ],
      ] as const)
        it(`with ${what} is never a synced one when ${event} a minute later, and the next run sends it: ${profile}`, () =>
          tell({ profile }, async (story) => {
            const state = await story.synced({ onCreate: "all" });
            story.emulator.addFault({ kind: "sync", effect: lost });
            story.after(60, () => happen(story));
            const unanswered = await story.up(change, state);
            assert.equal(unanswered.code, errorCodes.outcomeUnknown, unanswered.message);
            assert.equal(unanswered.end, "inProgress");
            assert.equal(story.sent.length, 1);
            const since = story.clock.now();
            await story.synced(change, unanswered.state);
            story.assertReset(since);
          }));
});

describe("a list of nodes that is not whole", () => {
  const empty: Effect = { kind: "answer", status: 200, body: { items: [] } };
  const cut: Effect = { kind: "answer", status: 200, body: { items: [], pageInfo: { nextMarker: "x" } } };
  const lists: readonly (readonly [string, Effect])[] = [
    ["an empty one", empty],
    ["an empty one with a next page", cut],
    ["one without its last nodes", { kind: "shortList", missing: 2 }],
    ["one without items", { kind: "answer", status: 200, body: { kind: "List" } }],
    ["one whose items are null", { kind: "answer", status: 200, body: { items: null } }],
  ];
  for (const profile of ["standard", "bare"] as const)
    for (const [what, effect] of lists)
      for (const times of [1, 2]) {
        const often = times === 1 ? "once" : "twice";
        it(`makes no change synced: ${what}, ${often}: ${profile}`, () =>
          tell({ profile }, async (story) => {
            const state = await story.synced({ onCreate: "all" });
            story.emulator.addFault({ kind: "nodes", times, effect });
            const since = story.clock.now();
            await story.synced(next, state);
            story.assertReset(since);
          }));

        it(`makes no new declaration synced: ${what}, ${often}: ${profile}`, () =>
          tell({ profile }, async (story) => {
            story.emulator.addFault({ kind: "nodes", times, effect });
            await story.synced({ onCreate: "all" });
            story.assertReset(0);
          }));

        it(`makes a failed sync no synced one in a refresh: ${what}, ${often}: ${profile}`, () =>
          tell({ profile }, async (story) => {
            story.emulator.cluster.failNode(story.id(0), { times: 1 });
            const failed = await story.up({ onCreate: "all" });
            assert.equal(failed.end, "failed");
            assert.ok(failed.state);
            story.emulator.addFault({ kind: "nodes", times, effect });
            story.restart();
            const refreshed = await story.refresh(failed.state);
            assert.equal(refreshed?.progress.status, "failed");
            const since = story.clock.now();
            await story.synced({ onCreate: "all" }, refreshed);
            story.assertReset(since, [story.id(0)]);
          }));
      }
});

describe("a sync whose job fails before it touches a node", () => {
  for (const [what, change] of [
    ["a trigger", next],
    ["a node template", { nodeTemplate }],
  ] as const)
    for (const profile of ["standard", "noSubJobs", "subJobsNameNobody", "subJobsNameSome"] as const)
      for (const [event, happen] of [
        ["nothing else happens", () => undefined],
        ["the record of one is edited meanwhile", ({ emulator, id }) => emulator.cluster.editLabels(id(3))],
        [
          "the records of all are edited meanwhile",
          ({ emulator, ids }) => emulator.cluster.editLabels(...ids),
        ],
      ] as const satisfies (readonly [string, (story: Story) => void])[])
        it(`leaves every node to the next run, for ${what}, when ${event}: ${profile}`, () =>
          tell({ profile: { ...profiles[profile], beginsAfter: 0.5 } }, async (story) => {
            const state = await story.synced({ onCreate: "all" });
            story.emulator.cluster.failNextJob("quota");
            story.after(40, () => happen(story));
            const failed = await story.up(change, state);
            assert.equal(failed.end, "failed", failed.message);
            assert.match(failed.message, /quota/);
            const since = story.clock.now();
            await story.synced(change, failed.state);
            story.assertReset(since);
            assert.equal(story.sent.length, 3);
          }));

  for (const profile of ["fleetingCondition", "noJob", "advanceStatusNeeded", "bare"] as const)
    it(`is never a synced one where no job shows it: ${profile}`, () =>
      tell({ profile: { ...profiles[profile], beginsAfter: 0.5 } }, async (story) => {
        story.emulator.cluster.failNextJob("quota");
        story.after(30, () => story.emulator.cluster.editLabels(...story.ids));
        const failed = await story.up({ onCreate: "all" });
        assert.equal(failed.end, "failed", failed.message);
        assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
      }));
});

describe("where signals are few, a sync", () => {
  const silent: readonly ProfileName[] = ["bare", "slowAndBare", "noJob", "fleetingCondition"];
  for (const profile of silent)
    it(`is not synced by labels that are edited on every node after the request: ${profile}`, () =>
      tell({ profile }, async (story) => {
        for (const seconds of [10, 20, 30])
          story.after(seconds, () => story.emulator.cluster.editLabels(...story.ids));
        const since = story.clock.now();
        await story.synced({ onCreate: "all" });
        story.assertReset(since);
      }));

  for (const profile of ["bare", "noJob"] as const)
    it(`that never begins is not synced by labels that are edited: ${profile}`, () =>
      tell({ profile: { ...profiles[profile], beginsAfter: forEver } }, async (story) => {
        for (const seconds of [60, 120, 600])
          story.after(seconds, () => story.emulator.cluster.editLabels(...story.ids));
        const outcome = await story.up({ onCreate: "all" });
        assert.notEqual(outcome.end, "synced");
        assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
      }));

  for (const profile of ["standard", "noJob", "bare"] as const)
    it(`is not synced, and not sent, where the nodes may not be listed: ${profile}`, () =>
      tell({ profile }, async (story) => {
        story.emulator.cluster.failNode(story.id(1));
        story.emulator.addFault({ kind: "nodes", times: forEver, effect: forbidden });
        const { end, code, message } = await story.up({ onCreate: "all" });
        assert.equal(end, "refused");
        assert.equal(code, errorCodes.permissionDenied);
        assert.match(message, /cce:node:list/);
        assert.equal(story.sent.length, 0);
      }));

  for (const profile of ["standard", "noJob", "bare"] as const)
    it(`is not synced with a node in Error when the nodes may not be listed any more: ${profile}`, () =>
      tell({ profile }, async (story) => {
        story.emulator.cluster.failNode(story.id(1));
        story.emulator.addFault({ kind: "nodes", skip: 4, times: forEver, effect: forbidden });
        const outcome = await story.up({ onCreate: "all" });
        assert.notEqual(outcome.end, "synced");
      }));
});

describe("a resumed sync", () => {
  const slow: EmulatorOptions = { resetSeconds: 600 };
  const unfinished = async (story: Story) => {
    const first = await story.up({ onCreate: "all" }, undefined, 120_000);
    assert.equal(first.end, "inProgress", first.message);
    return first.state;
  };

  for (const profile of ["standard", "noJob", "bare"] as const) {
    it(`is not synced with a node in Error that has no update time: ${profile}`, () =>
      tell({ ...slow, profile }, async (story) => {
        story.editNodes((node) => delete node.metadata.updateTimestamp);
        const state = await unfinished(story);
        story.emulator.cluster.failNode(story.id(3));
        const { end, state: last } = await story.up({ onCreate: "all" }, state);
        assert.equal(end, "failed");
        assert.ok(last?.progress.failedNodes.some(({ id }) => id === story.id(3)));
      }));

    it(`is not synced with a node in Error whose times have whole seconds beside fractions: ${profile}`, () =>
      tell({ ...slow, profile }, async (story) => {
        story.editNodes(({ metadata }) => {
          metadata.updateTimestamp = metadata.updateTimestamp?.replace(/\.\d+/, "");
        });
        const state = await unfinished(story);
        story.emulator.cluster.failNode(story.id(3));
        const { end, state: last } = await story.up({ onCreate: "all" }, state);
        assert.equal(end, "failed");
        assert.ok(last?.progress.failedNodes.some(({ id }) => id === story.id(3)));
      }));
  }

  for (const profile of ["standard", "noJob", "statusLags", "staleReplicas"] as const)
    it(`names the node that was added after its request and fell behind: ${profile}`, () =>
      tell({ ...slow, profile }, async (story) => {
        const before = await story.synced({ onCreate: "all" });
        const first = await story.up(next, before, 120_000);
        assert.equal(first.end, "inProgress", first.message);
        const { cluster } = story.emulator;
        const added = cluster.addNode(story.inputs.nodePoolId);
        cluster.changeConfiguration(story.inputs.nodePoolId);
        const state = await story.synced(next, first.state);
        assert.ok(
          state.progress.outdatedNodeIds.includes(added.id) || story.lastReset(added.id) !== undefined,
        );
        const last = await story.synced(next, state);
        assert.deepEqual(last.progress.outdatedNodeIds, []);
        assert.ok(story.nodes.every(({ upToDate }) => upToDate));
      }));
});
