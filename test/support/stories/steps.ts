import fc from "fast-check";
import type { Edit } from "./edits.ts";
import type { Happening, Step, Up } from "./happenings.ts";

/** What coincidences are put together from. */

export const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);
export const edit = (edit: Edit): Step => ({ kind: "edit", edit });
export const triggers = (value: number): Step => edit({ kind: "triggers", value });
export const manner = (inputs: Extract<Edit, { kind: "manner" }>["inputs"]): Step =>
  edit({ kind: "manner", inputs });
export const happens = (what: Happening): Step => ({ kind: "happens", what });
export const up = (end?: Up["end"], ...during: Up["during"]): Step => ({
  kind: "up",
  during,
  ...(end === undefined ? {} : { end }),
});
export const refresh: Step = { kind: "refresh" };
export const node = fc.nat(3);
export const between = (min: number, max: number) => fc.integer({ min, max });

/** A run that ends when some of its nodes are done, and others are not. */
export const halfway: fc.Arbitrary<NonNullable<Up["end"]>> = fc.oneof(
  fc.record({ seconds: one(30, 100, 150, 200) }),
  fc.record({ interruptAt: between(6, 25) }),
);

export const failing: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 2, arbitrary: halfway.map((end) => [up(end)]) },
  fc
    .record({ afterNodes: between(1, 3), subJobs: one("unreached" as const, "stranger" as const) })
    .map((how) => [happens({ kind: "jobFails", ...how }), up()]),
  fc
    .record({ node, phase: one("Error", "Abnormal"), times: one(1, 2) })
    .map((how) => [happens({ kind: "nodeFails", ...how }), up()]),
);
