import fc from "fast-check";
import type { Happening, Step } from "./happenings.ts";
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
 * Steps in which what the service shows is short, old or never at rest, or comes late: that of the nodes, of the pool or
 * of a sync.
 */

/** Lists lack a node that is owed for so long that they are believed, and one is really gone. */
export const shortLists = fc
  .record({
    end: halfway,
    times: between(14, 40),
    gone: one("nodeVanishes", "nodeRemoved", "none"),
    node,
    missing: node,
  })
  .map(({ end, times, gone, node, missing }): readonly Step[] => [
    triggers(1),
    up(end),
    ...(gone === "none" ? [] : [happens({ kind: gone as "nodeVanishes" | "nodeRemoved", node })]),
    happens({ kind: "shortList", of: "nodes", times, node: missing }),
    refresh,
    up(),
  ]);

/** The list that a request is decided on lacks nodes. */
export const decidedOnShort = fc
  .record({
    kind: one("emptyList" as const, "shortList" as const),
    times: fc.oneof(between(1, 4), between(13, 20)),
    node,
    wait: fc.boolean(),
  })
  // Who does not wait sends, after twelve lists that lack a node, to those that they show, and never sees the others.
  .map((how) => ({ ...how, wait: how.wait || how.times > 12 }))
  .map(({ kind, times, node, wait }): readonly Step[] => [
    manner({ wait }),
    triggers(1),
    happens({ kind, of: "nodes", times, node }),
    up(),
    up(),
  ]);

/** A list from before the reset comes in the middle of it. */
export const seenTooEarly = fc
  .record({
    at: between(7, 14),
    seconds: between(20, 45),
    of: one("nodes" as const, "pools" as const),
    isBehind: fc.boolean(),
  })
  .map(({ at, seconds, of, isBehind }): readonly Step[] => [
    manner({ maxUnavailable: 4 }),
    ...(isBehind ? [happens({ kind: "configurationChanges", flagsLag: 0 })] : []),
    triggers(1),
    up(undefined, { exchange: at, what: { kind: "staleLists", of, seconds, times: 1 } }),
    up(),
  ]);

const short: fc.Arbitrary<Happening> = fc.record({
  kind: one("emptyList" as const, "shortList" as const),
  of: one("nodes" as const, "nodes" as const, "pools" as const),
  times: between(1, 8),
  node,
});

const change = one<Happening>(
  { kind: "nodeAdded" },
  { kind: "nodeRemoved", node: 0 },
  { kind: "nodeRemoved", node: 3 },
  { kind: "nodeDisturbed", node: 0, phase: "Error", seconds: 150 },
  { kind: "nodeDisturbed", node: 0, phase: "Abnormal", seconds: 40 },
  { kind: "configurationChanges", flagsLag: 0 },
);

/** Lists lack nodes, or the pool, or nodes change, when no sync runs: in a run's last looks, and in a rollout's soak. */
export const atRest = fc
  .record({
    rollout: fc.option(fc.record({ canary: one(1, 2), soak: one("30s", "150s"), maxFailures: one(0, 1) })),
    events: fc.array(
      fc.record({
        exchange: between(1, 20),
        of: fc.constant("rest" as const),
        what: fc.oneof({ weight: 2, arbitrary: short }, change),
      }),
      { minLength: 1, maxLength: 2 },
    ),
    next: one<Step>(refresh, up({ interruptAt: 6 }), { kind: "timePasses", seconds: 900 }),
  })
  .map(({ rollout, events, next }): readonly Step[] => [
    manner({ wait: true, rollout: rollout === null ? undefined : { ...rollout } }),
    triggers(1),
    up(undefined, ...events),
    next,
    up(),
  ]);

/** A node breaks after its reset, while its wave soaks. */
export const brokenInSoak = fc
  .record({
    exchange: between(8, 20),
    how: one({ phase: "Error", seconds: 150 }, { phase: "Abnormal", seconds: 40 }),
    maxFailures: one(0, 1),
  })
  .map(({ exchange, how, maxFailures }): readonly Step[] => [
    manner({ wait: true, rollout: { canary: 1, soak: "150s", maxFailures } }),
    triggers(1),
    up(undefined, { exchange, of: "rest", what: { kind: "nodeDisturbed", node: 0, ...how } }),
    up(),
  ]);

/** A sync begins late, or goes on when the time that it was granted has passed. */
export const slow = fc
  .record({
    beginsAfter: one(0, 400, 1500, 2500, 2500),
    resetSeconds: one(120, 700, 1500),
    ends: fc.array(fc.option(halfway, { nil: undefined }), { maxLength: 2 }),
    between: one<readonly Step[]>([], [refresh], [{ kind: "timePasses", seconds: 900 }], [triggers(2)]),
    loss: one<readonly Step[]>([], [], [happens({ kind: "answerLost" })]),
  })
  .map(({ ends, between, loss, ...pace }): readonly Step[] => [
    triggers(1),
    happens({ kind: "syncIsSlow", ...pace }),
    ...loss,
    ...ends.map((end) => up(end)),
    ...between,
    up(),
    up(),
  ]);

/** The records of nodes are written all the time, and nobody resets them. */
export const restless = fc
  .record({
    nodes: fc.uniqueArray(node, { minLength: 1 }),
    middle: fc.oneof(
      failing,
      one<readonly Step[]>([up(), refresh], [happens({ kind: "configurationChanges", flagsLag: 30 })]),
    ),
    pause: one(0, 100, 900),
  })
  .map(({ nodes, middle, pause }): readonly Step[] => [
    ...nodes.map((node) => happens({ kind: "alwaysUpdated", node, always: true })),
    triggers(1),
    ...middle,
    { kind: "timePasses", seconds: pause },
    up(),
    up(),
  ]);

/** The word of nodes is asked a moment after their pool was changed. */
export const askedTooEarly = fc
  .record({ flagsLag: one(0, 30), pause: one(0, 0, 20, 100), to: one(1, 2), isSelected: fc.boolean(), node })
  .map(({ flagsLag, pause, to, isSelected, node }): readonly Step[] => [
    manner({ onChange: "outdated" }),
    ...(isSelected ? [edit({ kind: "selects", as: "excludeNodeIds", nodes: [node] }), up()] : []),
    happens({ kind: "configurationChanges", flagsLag }),
    { kind: "timePasses", seconds: pause },
    ...(isSelected ? [edit({ kind: "selects", as: "nodeIds", nodes: [] })] : [triggers(to)]),
    up(),
    up(),
  ]);

/**
 * From before the resource is created: a sync that is not recorded, since somebody else has sent it or the run has died
 * after it, and the pool that changes about that time.
 */
export const adoption: fc.Arbitrary<readonly Step[]> = fc
  .record({
    flagsLag: one(0, 30),
    isOurs: fc.boolean(),
    death: fc.record({
      exchange: between(5, 30),
      moment: one("before" as const, "acted" as const, "answered" as const),
    }),
    slow: one<readonly Step[]>(
      [],
      [],
      [happens({ kind: "syncIsSlow", beginsAfter: 400, resetSeconds: 700 })],
    ),
    pause: one(20, 100, 200, 300),
    isChanged: fc.boolean(),
    at: between(1, 12),
  })
  .map(({ flagsLag, isOurs, death, slow, pause, isChanged, at }): readonly Step[] => {
    const changes: Happening = { kind: "configurationChanges", flagsLag };
    return [
      happens(changes),
      ...slow,
      isOurs ? up({ death }) : happens({ kind: "othersSync", nodes: [0, 1, 2, 3] }),
      { kind: "timePasses", seconds: pause },
      ...(isChanged ? [happens(changes)] : []),
      up(undefined, ...(isChanged ? [] : [{ exchange: at, what: changes }])),
      up(),
    ];
  });
