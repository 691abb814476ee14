import assert from "node:assert/strict";
import { type Story, tell } from "../support/lifecycle/story.ts";
import { until } from "../support/until.ts";

const all = { onCreate: "all", triggers: ["a"] } as const;
const changed = { ...all, triggers: ["b"] };

const said = (story: Story, words: RegExp) => () => story.messages.some(({ message }) => words.test(message));

describe("a node that lists do not show at first", () => {
  it("is reset when it appears while a wave soaks", () =>
    tell({}, async (story) => {
      const first = await story.synced(all);
      const since = story.clock.now();
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const shown = until(said(story, /soaking/)).then(() => {
        isHidden = false;
      });
      await story.synced({ ...changed, rollout: { canary: 1, soak: "1m" } }, first);
      await shown;
      story.assertReset(since);
    }));

  it("is reset when it appears in a look that does not show the pool", () =>
    tell({ profile: "noUpToDate" }, async (story) => {
      const { emulator } = story;
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const shown = until(() => story.sent.length === 1).then(() => {
        isHidden = false;
        emulator.addFault({ kind: "pools", times: 1, effect: { kind: "shortList" } });
      });
      await story.synced(all);
      await shown;
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("is reset when it appears in a list that lacks another one, before the next request", () =>
    tell({ profile: "noUpToDate" }, async (story) => {
      const { cluster } = story.emulator;
      let hidden = [story.id(3)];
      story.hideNodes((id) => hidden.includes(id));
      const changing = until(said(story, /wave 1\/3, 1\/3 nodes/)).then(() => {
        cluster.startScaling(story.inputs.nodePoolId, 90);
        hidden = [story.id(1)];
        story.after(31, () => {
          hidden = [];
        });
      });
      await story.synced({ ...all, rollout: { canary: 1, waveSize: 1, soak: "1m" } });
      await changing;
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));

  it("is left alone when an earlier run of the same sync has proven it", () =>
    tell({}, async (story) => {
      const synced = await story.synced(all);
      const [first, last] = [story.id(0), story.id(3)];
      story.emulator.cluster.failNode(last, { times: 1 });
      const failed = await story.up(changed, synced);
      assert.equal(failed.end, "failed");
      assert.ok(failed.state);
      story.emulator.cluster.setNodePhase(last, "Active");
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === first);
      const before = story.sent.length;
      const shown = until(() => story.sent.length > before).then(() => {
        isHidden = false;
      });
      await story.synced(changed, failed.state);
      await shown;
      assert.deepEqual(story.resetCounts, [2, 2, 2, 3]);
    }));
});

describe("a list that is believed although the pool says that it has more nodes", () => {
  it("ends with a warning, and going back to the content of before resets only those that have left it", () =>
    tell({}, async (story) => {
      const first = await story.synced(all);
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const state = await story.synced(changed, first);
      const warnings = story.messages.filter(({ severity }) => severity === "warning");
      assert.match(
        warnings.map(({ message }) => message).join("\n"),
        /the pool has 4 nodes, but the service lists 3; nodes that are not listed were not reset/,
      );
      isHidden = false;
      await story.synced(all, state);
      assert.deepEqual(story.resetCounts, [3, 3, 3, 1]);
    }));

  it("leaves a node that never left that content alone, also when it appears in the middle of going back", () =>
    tell({}, async (story) => {
      const first = await story.synced(all);
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const state = await story.synced(changed, first);
      const before = story.sent.length;
      const shown = until(() => story.sent.length > before).then(() => {
        isHidden = false;
      });
      await story.synced(all, state);
      await shown;
      assert.deepEqual(story.resetCounts, [3, 3, 3, 1]);
    }));

  it("lets a refresh that sees the sync's end forget no node with the content of before either", () =>
    tell({}, async (story) => {
      const first = await story.synced(all);
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(3));
      const interrupted = await story.up(changed, first, 300_000);
      assert.equal(interrupted.end, "inProgress");
      assert.ok(interrupted.state);
      await story.clock.sleep(600_000);
      story.restart();
      const refreshed = await story.refresh(interrupted.state);
      assert.equal(refreshed?.progress.status, "synced");
      isHidden = false;
      await story.synced(all, refreshed);
      assert.deepEqual(story.resetCounts, [3, 3, 3, 1]);
    }));

  it("owes the new content to a node that is known to have left the content of before", () =>
    tell({}, async (story) => {
      const { cluster } = story.emulator;
      const first = await story.synced(all);
      const last = story.id(3);
      cluster.failNode(last, { times: 1 });
      const half = await story.up(changed, first);
      assert.equal(half.end, "failed");
      cluster.setNodePhase(last, "Active");
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === story.id(0));
      const others = { ...all, triggers: ["c"] };
      const blind = await story.up(others, half.state, 1_800_000);
      assert.notEqual(blind.end, "synced", blind.message);
      isHidden = false;
      await story.synced(others, blind.state);
      assert.deepEqual(story.resetCounts, [3, 3, 3, 3]);
    }));

  it("does not take a node for deleted that may not be looked up", () =>
    tell({ profile: "noUpToDate" }, async (story) => {
      const last = story.id(3);
      const { cluster } = story.emulator;
      cluster.failNode(last, { times: 1 });
      const failed = await story.up(all);
      assert.equal(failed.end, "failed");
      cluster.setNodePhase(last, "Active");
      let isHidden = true;
      story.hideNodes((id) => isHidden && id === last);
      story.intercept((handler) => async (request) => {
        if (!request.path.endsWith(`/nodes/${last}`)) return handler(request);
        return { status: 403, headers: {}, body: JSON.stringify({ errorCode: "CCE.01403001" }) };
      });
      const blind = await story.up(all, failed.state, 900_000);
      assert.notEqual(blind.end, "synced", blind.message);
      isHidden = false;
      await story.synced(all, blind.state ?? failed.state);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 2]);
    }));
});
