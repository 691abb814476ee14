import fc from "fast-check";
import type { Edit, Happening, Step, Up } from "./happenings.ts";

/**
 * Steps that bring about what random ones hardly ever do: several things that have to happen in one order, and at about
 * the right time.
 */

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const edit = (edit: Edit): Step => ({ kind: "edit", edit });
const triggers = (value: number): Step => edit({ kind: "triggers", value });
const manner = (inputs: Extract<Edit, { kind: "manner" }>["inputs"]): Step =>
  edit({ kind: "manner", inputs });
const happens = (what: Happening): Step => ({ kind: "happens", what });
const up = (end?: Up["end"], ...during: Up["during"]): Step => ({
  kind: "up",
  during,
  ...(end === undefined ? {} : { end }),
});
const refresh: Step = { kind: "refresh" };
const node = fc.nat(3);
const between = (min: number, max: number) => fc.integer({ min, max });

/** A run that ends when some of its nodes are done, and others are not. */
const halfway: fc.Arbitrary<NonNullable<Up["end"]>> = fc.oneof(
  fc.record({ seconds: one(30, 100, 150, 200) }),
  fc.record({ interruptAt: between(6, 25) }),
);

const failing: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 2, arbitrary: halfway.map((end) => [up(end)]) },
  fc
    .record({ afterNodes: between(1, 3), subJobs: one("unreached" as const, "stranger" as const) })
    .map((how) => [happens({ kind: "jobFails", ...how }), up()]),
  fc
    .record({ node, phase: one("Error", "Abnormal"), times: one(1, 2) })
    .map((how) => [happens({ kind: "nodeFails", ...how }), up()]),
);

/** Some nodes get another content, and then the program goes back to the first one, or on to a third. */
const thereAndBack = fc
  .record({ failing, isRefreshed: fc.boolean(), to: one(0, 0, 2), pause: one(0, 20, 900) })
  .map(({ failing, isRefreshed, to, pause }): readonly Step[] => [
    triggers(0),
    up(),
    triggers(1),
    ...failing,
    { kind: "timePasses", seconds: pause },
    ...(isRefreshed ? [refresh] : []),
    triggers(to),
    up(),
  ]);

/** A sync with a template does not come to its nodes, and somebody else's, without it, does. */
const takenOver = fc
  .record({ end: halfway, afterNodes: fc.nat(1), pause: one(0, 100), isFailing: fc.boolean() })
  .map(({ end, afterNodes, pause, isFailing }): readonly Step[] => [
    edit({ kind: "template", script: "ZWNobyAx" }),
    happens(isFailing ? { kind: "jobFails", afterNodes, subJobs: "stranger" } : { kind: "requestLost" }),
    up(end),
    { kind: "timePasses", seconds: pause },
    happens({ kind: "othersSync", nodes: [0, 1, 2, 3] }),
    up(),
  ]);

/** The request never arrives, and somebody else's sync of other nodes runs when the run looks for its own. */
const confused = fc
  .record({
    wait: fc.boolean(),
    at: between(6, 10),
    loss: one("requestLost" as const, "answerLost" as const),
    other: one("sync", "scaling", "nothing"),
  })
  .map(({ wait, at, loss, other }): readonly Step[] => {
    const what: Happening =
      other === "sync" ? { kind: "othersSync", nodes: [2, 3] } : { kind: "autoscaled", add: 1, remove: [] };
    return [
      edit({ kind: "selects", as: "nodeIds", nodes: [0, 1] }),
      manner({ wait }),
      triggers(3),
      happens({ kind: loss }),
      up(undefined, ...(other === "nothing" ? [] : [{ exchange: at, what }])),
      up(),
    ];
  });

/** Lists lack a node that is owed for so long that they are believed, and one is really gone. */
const shortLists = fc
  .record({ end: halfway, times: between(14, 40), gone: one("nodeVanishes", "nodeRemoved", "none"), node })
  .map(({ end, times, gone, node }): readonly Step[] => [
    triggers(1),
    up(end),
    ...(gone === "none" ? [] : [happens({ kind: gone as "nodeVanishes" | "nodeRemoved", node })]),
    happens({ kind: "shortList", of: "nodes", times }),
    refresh,
    up(),
  ]);

/** The list that a request is decided on lacks nodes. */
const decidedOnShort = fc
  .record({
    kind: one("emptyList" as const, "shortList" as const),
    times: between(1, 4),
    wait: fc.boolean(),
  })
  .map(({ kind, times, wait }): readonly Step[] => [
    manner({ wait }),
    triggers(1),
    happens({ kind, of: "nodes", times }),
    up(),
    up(),
  ]);

/** The service refuses the request, and the program is put back. */
const refused = fc
  .record({
    refusal: one(
      { status: 403, code: "CCE.01403003" },
      { status: 409, code: "CCE.01409001" },
      { status: 429, code: "CCE.01429002" },
      { status: 400, code: "CCE.01400001" },
    ),
    times: between(1, 3),
    to: one(0, 1),
    first: failing,
    isBegun: fc.boolean(),
  })
  .map(({ refusal, times, to, first, isBegun }): readonly Step[] => [
    triggers(0),
    up(),
    triggers(1),
    ...(isBegun ? first : []),
    happens({ kind: "refused", ...refusal, times }),
    up(),
    triggers(to),
    up(),
  ]);

/** A job fails for a reason of its own while nodes that it has not reached change. */
const failsAndChanges = fc
  .record({
    afterNodes: fc.nat(3),
    subJobs: one("unreached" as const, "stranger" as const),
    edits: fc.array(fc.record({ exchange: between(6, 40), node }), { minLength: 1, maxLength: 4 }),
  })
  .map(({ afterNodes, subJobs, edits }): readonly Step[] => [
    triggers(1),
    happens({ kind: "jobFails", afterNodes, subJobs }),
    up(
      undefined,
      ...edits.map(({ exchange, node }) => ({ exchange, what: { kind: "labelsEdited" as const, node } })),
    ),
    up(),
  ]);

/** A node fails in its turn, and is mended before anybody looks. */
const failsUnseen = fc
  .record({ node, at: between(4, 8) })
  .map(({ node, at }): readonly Step[] => [
    triggers(1),
    up(undefined, { exchange: at, what: { kind: "nodeFailsUnseen", node } }),
    up(),
  ]);

/** A node breaks before its turn and mends by itself. */
const brokenInPassing = fc
  .record({
    node,
    at: between(4, 25),
    how: one(
      { kind: "nodeDisturbed" as const, phase: "Abnormal", seconds: 40 },
      { kind: "nodeDisturbed" as const, phase: "Error", seconds: 40 },
    ),
  })
  .map(({ node, at, how }): readonly Step[] => [
    triggers(1),
    up(undefined, { exchange: at, what: { ...how, node } }),
    up(),
  ]);

/** A list from before the reset comes in the middle of it. */
const seenTooEarly = fc
  .record({ at: between(7, 14), seconds: between(20, 45), of: one("nodes" as const, "pools" as const) })
  .map(({ at, seconds, of }): readonly Step[] => [
    manner({ maxUnavailable: 4 }),
    triggers(1),
    up(undefined, { exchange: at, what: { kind: "staleLists", of, seconds, times: 1 } }),
    up(),
  ]);

export const coincidence: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 4, arbitrary: thereAndBack },
  { weight: 2, arbitrary: takenOver },
  { weight: 2, arbitrary: confused },
  shortLists,
  decidedOnShort,
  refused,
  failsAndChanges,
  brokenInPassing,
  { weight: 2, arbitrary: failsUnseen },
  seenTooEarly,
);
