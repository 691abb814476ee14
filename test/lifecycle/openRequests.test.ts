import assert from "node:assert/strict";
import { type Profile, profiles } from "../../emulator/index.ts";
import type { HttpHandler } from "../../provider/cce/http.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { hanging } from "../support/lifecycle/hanging.ts";
import { withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";

const all = { onCreate: "all" } as const;
const adopt = { onCreate: "nothing" } as const;
const [a, b] = [
  { ...all, triggers: ["a"] },
  { ...all, triggers: ["b"] },
];

/** Its nodes are Active again between two looks. */
const stages: Profile["stages"] = [{ from: "begin", delay: 1, next: "Active" }];
const silent: Profile = { ...profiles.bare, stages };

function assertNothingOwed({ record }: State): void {
  assert.deepEqual([record.owed, record.off, record.request], [{}, [], undefined]);
}

describe("an unconfirmed request", () => {
  const unconfirmed = async (story: Story, inputs: Partial<Inputs>, previous?: State) => {
    const { code, state, message } = await story.up(inputs, previous);
    assert.equal(code, errorCodes.unconfirmed, message);
    return state;
  };

  it("blocks nothing once its nodes are excluded", () =>
    tell({ profile: silent }, async (story) => {
      const state = await unconfirmed(story, all);
      await story.synced({ ...all, excludeNodeIds: [...story.ids] }, state);
      assert.equal(story.sent.length, 1);
    }));

  it("blocks nothing once its nodes are gone", () =>
    tell({ profile: silent }, async (story) => {
      const state = await unconfirmed(story, all);
      for (const id of story.ids) story.emulator.cluster.replaceNode(id);
      assertNothingOwed(await story.synced(all, state));
      assert.equal(story.sent.length, 1);
    }));

  it("blocks nothing once its nodes are up to date by other means", () =>
    tell({ profile: { ...profiles.noJob, condition: "never", stages } }, async (story) => {
      const before = await story.synced(adopt);
      story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId);
      await story.clock.sleep(600_000);
      story.restart();
      const behind = await story.refresh(before);
      story.emulator.cluster.failNextJob("quota");
      const state = await unconfirmed(story, adopt, behind);
      for (const id of story.ids) story.emulator.cluster.resetNode(id);
      await story.clock.sleep(3_600_000);
      await story.synced(adopt, state);
      assert.equal(story.sent.length, 1);
    }));
});

describe("a watch of a request for earlier content that is refused", () => {
  it("does not keep the request from proving its nodes when its content is declared again", () =>
    tell({ profile: "standard" }, async (story) => {
      const first = await story.up(a, undefined, 100_000);
      assert.equal(first.end, "inProgress", first.message);
      const permit = story.intercept(refusingNodes(1));
      const refused = await story.up(b, first.state);
      assert.notEqual(refused.end, "synced");
      permit();
      assertNothingOwed(await story.synced(a, refused.state ?? first.state));
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));
});

/** Answers every list of nodes after the first `allowed` with 403. */
function refusingNodes(allowed: number): (handler: HttpHandler) => HttpHandler {
  let lists = 0;
  const body = JSON.stringify({ errorCode: "CCE.01403001", errorMessage: "not allowed" });
  return (handler) => async (request) => {
    const isRefused = request.path.endsWith("/nodes") && ++lists > allowed;
    const response = await handler(request);
    return isRefused ? { ...response, status: 403, body } : response;
  };
}

describe("a resumed request whose open nodes are excluded", () => {
  it("ends synced", () =>
    tell({ profile: "bare" }, async (story) => {
      story.emulator.cluster.failNextJob({ reason: "quota", afterNodes: 2 });
      const first = await story.up(a, undefined, 60_000);
      assert.equal(first.end, "inProgress", first.message);
      await story.clock.sleep(7_200_000);
      await story.synced({ ...a, excludeNodeIds: [...story.ids] }, first.state);
      assert.equal(story.sent.length, 1);
    }));
});

describe("a node of an open request that is excluded, and that never comes back,", () => {
  const excludedWhileOpen = async (story: Story) => {
    const [stuck = ""] = story.ids;
    const first = await story.up({ ...a, wait: false });
    const inputs = { ...a, excludeNodeIds: [stuck] };
    const { state, message } = await story.up({ ...inputs, wait: false }, first.state);
    assert.equal(state?.progress.status, "accepted", message);
    await story.clock.sleep(600_000);
    story.emulator.cluster.setNodePhase(stuck, "Installing");
    return { inputs, state };
  };

  it("does not keep an update from ending", () =>
    tell({ profile: "standard" }, async (story) => {
      const { inputs, state } = await excludedWhileOpen(story);
      await story.synced(inputs, state);
      assert.equal(story.sent.length, 1);
    }));

  it("does not keep a refresh from seeing that the sync is over", () =>
    tell({ profile: "standard" }, async (story) => {
      const { state } = await excludedWhileOpen(story);
      story.restart();
      const refreshed = await story.refresh(state);
      assert.equal(refreshed?.progress.status, "synced");
    }));
});

describe("Ctrl-C while the look-up of the project hangs", () => {
  it("ends the run within a second", () =>
    tell(
      { profile: "standard" },
      async (story) => {
        story.intercept(hanging(story.clock, ({ path }) => path === "/v3/projects"));
        const interruptedAt = story.clock.now() + 5000;
        story.after(5, () => story.interrupt.abort());
        const { code, message } = await story.up(all);
        assert.equal(code, errorCodes.interrupted, message);
        assert.ok(story.clock.now() - interruptedAt <= 1000);
        assert.equal(story.sent.length, 0);
      },
      { HW_PROJECT_ID: "" },
    ));
});

describe("a sync that nobody waited for", () => {
  it("is said to have been accepted, and how to find out how it went", () =>
    withLifecycleHarness({ nodesPerPool: 4 }, {}, async (harness) => {
      await harness.synchronize({ ...harness.inputs, onCreate: "all", wait: false });
      assert.equal(
        harness.messages.at(-1)?.message,
        "the sync of 4 nodes was accepted, and this run does not wait for it; `pulumi refresh` shows how it went",
      );
    }));

  it("is not failed by a refresh that cannot tell how it ended, and is not sent again", () =>
    withLifecycleHarness({ nodesPerPool: 4, profile: "bare" }, {}, async (harness) => {
      const inputs = { ...harness.inputs, wait: false };
      const state = await harness.synchronize(inputs);
      await harness.clock.sleep(24 * 3_600_000);
      harness.restart();
      const refreshed = await harness.refresh(state);
      assert.equal(refreshed?.progress.status, "accepted");
      await harness.synchronize(inputs, refreshed);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    }));
});
