import assert from "node:assert/strict";
import fc from "fast-check";
import type { Node } from "../../../provider/cce/model.ts";
import type { Rollout } from "../../../provider/sync/record/declaration.ts";
import {
  amountOf,
  maxUnavailableOf,
  planWaves,
  timeForWaves,
} from "../../../provider/sync/sending/rollout.ts";
import { holds } from "../../support/properties.ts";

const node = (name: string, zone?: string): Node => ({ id: name, name, poolId: "p", phase: "Active", zone });
const nodes = (...names: readonly string[]) => names.map((name) => node(name));
const rollout = (more: Partial<Rollout> = {}): Rollout => ({
  zoneByZone: false,
  soak: 0,
  maxFailures: 0,
  ...more,
});
const options = { selected: 4, failed: new Set<string>(), begun: 0 };
const names = (waves: readonly Node[][]) => waves.map((wave) => wave.map(({ name }) => name).join(""));

describe("the waves of a rollout", () => {
  it("are one without a rollout, and none where nothing is due", () => {
    assert.deepEqual(names(planWaves(nodes("a", "b"), { ...options, rollout: undefined })), ["ab"]);
    assert.deepEqual(planWaves([], { ...options, rollout: undefined }), []);
    assert.deepEqual(planWaves([], { ...options, rollout: rollout({ canary: 1 }) }), []);
  });

  it("begin with the canary in each run, and take all that is left without a size", () => {
    const due = nodes("a", "b", "c", "d");
    const canary = { ...options, rollout: rollout({ canary: 1 }) };
    assert.deepEqual(names(planWaves(due, canary)), ["a", "bcd"]);
    assert.deepEqual(names(planWaves(due.slice(1), { ...canary, begun: 1 })), ["bcd"]);
  });

  it("take failed nodes first, and finish the zone of the wave before", () => {
    const due = [node("a", "z1"), node("b", "z2"), node("c", "z1"), node("d"), node("e", "z10")];
    const failed = new Set(["e"]);
    assert.deepEqual(names(planWaves(due, { ...options, failed, rollout: rollout({ waveSize: 2 }) })), [
      "ea",
      "bc",
      "d",
    ]);
    const byZone = { ...options, failed, rollout: rollout({ waveSize: 9, zoneByZone: true }) };
    assert.deepEqual(names(planWaves(due, byZone)), ["e", "ac", "b", "d"]);
    assert.deepEqual(names(planWaves(due, { ...byZone, begun: 1, zone: "z2" })), ["b", "e", "ac", "d"]);
  });

  it("hold each node once, none is too large, and none spans two zones where that is asked", () => {
    const amount = fc.oneof(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`),
    );
    const zones = fc.array(fc.option(fc.constantFrom("z1", "z2", "z10"), { nil: undefined }), {
      maxLength: 30,
    });
    const law = fc.property(
      zones,
      fc.option(amount, { nil: undefined }),
      fc.option(amount, { nil: undefined }),
      fc.boolean(),
      (given, canary, waveSize, zoneByZone) => {
        const due = given.map((zone, index) => node(`n${index}`, zone));
        const selected = due.length + 3;
        const waves = planWaves(due, {
          ...options,
          selected,
          rollout: rollout({ canary, waveSize, zoneByZone }),
        });
        assert.deepEqual(
          waves
            .flat()
            .map(({ id }) => id)
            .toSorted(),
          due.map(({ id }) => id).toSorted(),
        );
        for (const [index, wave] of waves.entries()) {
          const size = index === 0 ? (canary ?? waveSize) : waveSize;
          assert.ok(wave.length > 0);
          if (size !== undefined) assert.ok(wave.length <= amountOf(size, selected));
          if (zoneByZone) assert.equal(new Set(wave.map(({ zone }) => zone)).size, 1);
        }
      },
    );
    holds(law);
  });

  it("are granted 20 minutes a batch each, and the soaks between them", () => {
    const waves = [nodes("a"), nodes("b", "c", "d")];
    const minute = 60_000;
    assert.equal(timeForWaves(waves, 10 * minute, 2), (20 + 10 + 40) * minute);
    assert.equal(timeForWaves([], 10 * minute, 2), 0);
  });

  it("have percentages that are rounded down, are at least one, and never more than the service takes", () => {
    assert.deepEqual(
      [3, 4, 9, 1].map((count) => amountOf("34%", count)),
      [1, 1, 3, 1],
    );
    assert.equal(maxUnavailableOf({ maxUnavailable: "100%" }, 500), 20);
  });
});
