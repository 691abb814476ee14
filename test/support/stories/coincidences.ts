import fc from "fast-check";
import type { Happening, Step } from "./happenings.ts";
import {
  askedTooEarly,
  atRest,
  brokenInSoak,
  decidedOnShort,
  restless,
  seenTooEarly,
  shortLists,
  slow,
} from "./sightings.ts";
import {
  between,
  edit,
  failing,
  halfway,
  happens,
  manner,
  node,
  one,
  refresh,
  triggers,
  up,
} from "./steps.ts";

/**
 * Steps that bring about what random ones hardly ever do: several things that have to happen in one order, and at about
 * the right time.
 */

/** Some nodes, or a part that is selected, get another content, and then the program goes back to the first one, or on to a third. */
const thereAndBack = fc
  .record({
    failing: fc.oneof(failing, fc.constant([up()])),
    part: fc.option(fc.uniqueArray(node, { minLength: 1, maxLength: 2 })),
    isRefreshed: fc.boolean(),
    to: one(0, 0, 2),
    pause: one(0, 20, 900),
  })
  .map(({ failing, part, isRefreshed, to, pause }): readonly Step[] => [
    triggers(0),
    up(),
    ...(part === null ? [] : [edit({ kind: "selects", as: "nodeIds", nodes: part })]),
    triggers(1),
    ...failing,
    ...(part === null ? [] : [edit({ kind: "selects", as: "nodeIds", nodes: [] })]),
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

/** Nodes are found outdated, and somebody else, or a run that has died, brings them up to date before the next change. */
const repaired = fc
  .record({
    flagsLag: one(0, 30),
    death: fc.option(
      fc.record({ exchange: between(8, 40), moment: one("before" as const, "answered" as const) }),
    ),
    nodes: fc.uniqueArray(node, { minLength: 1 }),
    pause: one(300, 900, 1500),
  })
  .map(({ flagsLag, death, nodes, pause }): readonly Step[] => [
    manner({ onChange: "outdated", wait: true }),
    happens({ kind: "configurationChanges", flagsLag }),
    ...(death === null
      ? [refresh, happens({ kind: "othersSync", nodes })]
      : [triggers(1), up({ death }), refresh]),
    { kind: "timePasses", seconds: pause },
    triggers(death === null ? 2 : 1),
    up(),
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
  { weight: 3, arbitrary: atRest },
  brokenInSoak,
  { weight: 2, arbitrary: slow },
  restless,
  askedTooEarly,
  { weight: 2, arbitrary: repaired },
);
