import assert from "node:assert/strict";
import { tell } from "../support/lifecycle/story.ts";

const all = { onCreate: "all" } as const;

describe("a condition that shows with advanceStatus only", () => {
  it("is asked for and seen: the sync ends with it, long before its time is over", () =>
    tell({ profile: "advanceStatusNeeded" }, async (story) => {
      story.emulator.cluster.failNextJob("quota");
      const begun = story.clock.now();
      const { end } = await story.up(all);
      assert.equal(end, "failed");
      assert.ok(story.clock.now() - begun < 600_000);
      const reads = story.emulator.requests.filter(({ kind }) => kind === "pools");
      assert.ok(reads.every(({ query }) => query.includes("advanceStatus=true")));
    }));

  it("is waited for before the first request when somebody else's sync shows nothing else yet", () =>
    tell({ profile: "advanceStatusNeeded", resetSeconds: 60 }, async (story) => {
      const { cluster } = story.emulator;
      const others = cluster.syncByOthers(story.inputs.nodePoolId, { nodeIds: [story.id(0)] });
      const since = story.clock.now();
      await story.synced(all);
      story.assertReset(since);
      const [own] = story.emulator.acceptedSyncs.filter(({ origin }) => origin === "request");
      assert.ok((own?.at ?? 0) > others.at);
    }));

  it("is done without where the parameter is refused", () =>
    tell({ profile: "advanceStatusRefused" }, async (story) => {
      const since = story.clock.now();
      await story.synced(all);
      story.assertReset(since);
      const refused = story.emulator.requests.filter(
        ({ kind, status }) => kind === "pools" && status === 400,
      );
      assert.equal(refused.length, 1);
    }));
});
