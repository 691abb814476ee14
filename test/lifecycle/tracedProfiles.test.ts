import assert from "node:assert/strict";
import { type Profile, type ProfileName, profiles } from "../../emulator/index.ts";
import { compare } from "../../tools/replay/comparison.ts";
import { inferProfile } from "../../tools/replay/profile.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { recordTrace } from "../support/lifecycle/traces.ts";
import { outdate } from "../support/service/outdate.ts";

/** How far a share of a reset's time may be off: looks are up to 15 seconds apart. */
const tolerance = 0.2;

const isAlike = (seen: unknown, real: unknown) =>
  typeof seen === "number" && typeof real === "number"
    ? Math.abs(seen - real) <= tolerance
    : JSON.stringify(seen) === JSON.stringify(real);

describe("a trace of a sync", () => {
  for (const [name, profile] of Object.entries(profiles) as [ProfileName, Profile][]) {
    it(`replays to the same decisions, and shows nothing of the profile that is not so: ${name}`, async () => {
      const trace = await recordTrace({ profile, nodesPerPool: 4 }, async (harness) => {
        outdate(harness);
        assert.equal((await outcomeOf(harness)).end, "synced");
      });
      const recordings = readTrace(trace);
      for (const recording of recordings)
        for (const { differences } of compare(recording, await replay(recording)))
          assert.deepEqual(differences, []);
      const { profile: seen, resetSeconds = 0 } = inferProfile(recordings);
      const wrong = Object.entries(seen).filter(
        ([field, value]) => !isAlike(value, profile[field as keyof Profile]),
      );
      assert.deepEqual(wrong, []);
      assert.ok(Object.keys(seen).length >= 9, Object.keys(seen).join());
      assert.ok(Math.abs(resetSeconds - 120) <= 15, `a reset seemed to take ${resetSeconds} s`);
    });
  }

  it("replays to the same decisions where nodes are reset in waves", async () => {
    const rollout = { canary: 1, waveSize: "50%", soak: "2m", zoneByZone: false, maxFailures: 1 };
    const trace = await recordTrace({ nodesPerPool: 4 }, async (harness) => {
      outdate(harness);
      const inputs = { ...harness.inputs, maxUnavailable: "50%", rollout };
      assert.equal((await outcomeOf(harness, { inputs })).end, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 3);
    });
    for (const recording of readTrace(trace))
      for (const { differences } of compare(recording, await replay(recording)))
        assert.deepEqual(differences, []);
    assert.match(trace, /"canary":1,"waveSize":"50%"/);
  });
});
