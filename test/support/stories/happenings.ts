import fc from "fast-check";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { coincidence } from "./coincidences.ts";
import { type Edit, edit, rollout } from "./edits.ts";
import { adoption } from "./sightings.ts";

/** Something that happens to the pool or to the line, before a run or in the middle of it. Nodes are named by place. */
export type Happening =
  | { readonly kind: "configurationChanges"; readonly flagsLag: number }
  | { readonly kind: "jobsForgotten" | "nodeAdded" | "nodesMended" | "clusterUpgraded" }
  | { readonly kind: "nodeRemoved" | "nodeReplaced" | "nodeVanishes" | "labelsEdited"; readonly node: number }
  | { readonly kind: "nodeReset"; readonly node: number; readonly cause: "manual" | "repair" }
  | { readonly kind: "nodeFails"; readonly node: number; readonly times: number; readonly phase: string }
  /** The node's next reset fails, and the node is active again before anybody looks. */
  | { readonly kind: "nodeFailsUnseen"; readonly node: number }
  | {
      readonly kind: "nodeDisturbed";
      readonly node: number;
      readonly phase: string;
      readonly seconds: number;
    }
  | { readonly kind: "alwaysOutdated" | "alwaysUpdated"; readonly node: number; readonly always: boolean }
  /** The next sync begins so much later, and takes so long for each node. */
  | { readonly kind: "syncIsSlow"; readonly beginsAfter: number; readonly resetSeconds: number }
  | {
      readonly kind: "jobFails";
      readonly afterNodes: number;
      readonly subJobs: "unreached" | "stranger";
    }
  | { readonly kind: "othersSync"; readonly nodes: readonly number[] }
  | { readonly kind: "autoscaled"; readonly add: number; readonly remove: readonly number[] }
  | { readonly kind: "answerLost" | "requestLost" }
  /** Lists lack all nodes, or one; or the pool. */
  | {
      readonly kind: "emptyList" | "shortList";
      readonly of: "nodes" | "pools";
      readonly times: number;
      readonly node: number;
    }
  | {
      readonly kind: "staleLists";
      readonly of: "nodes" | "pools";
      readonly seconds: number;
      readonly times: number;
    }
  | { readonly kind: "readsFail"; readonly times: number }
  | { readonly kind: "refused"; readonly status: number; readonly code: string; readonly times: number }
  | { readonly kind: "clockSet"; readonly minutes: number };

/** How the process dies: see `crashAt` of the harness. */
interface Death {
  readonly exchange: number;
  readonly moment: "before" | "acted" | "answered";
}

/** One `pulumi up`. */
export interface Up {
  readonly kind: "up";
  /**
   * What happens during it, each when so many exchanges have begun: of all, or of those after its first request while
   * no sync runs, as in its last looks and in the soak of a rollout.
   */
  readonly during: readonly {
    readonly exchange: number;
    readonly of?: "all" | "rest";
    readonly what: Happening;
  }[];
  readonly end?: { readonly death: Death } | { readonly interruptAt: number } | { readonly seconds: number };
}

/** What a story is made of. */
export type Step =
  | Up
  | { readonly kind: "refresh" }
  | { readonly kind: "timePasses"; readonly seconds: number }
  | { readonly kind: "happens"; readonly what: Happening }
  | { readonly kind: "edit"; readonly edit: Edit };

const node = fc.nat(4);
const one = <K extends string>(...kinds: readonly K[]) => fc.constantFrom(...kinds);
const nodes = fc.uniqueArray(node, { minLength: 1, maxLength: 3 });
const lists = one("nodes", "pools");

const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: one("configurationChanges"), flagsLag: one("0", "30").map(Number) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: one("jobsForgotten", "nodeAdded", "nodesMended", "clusterUpgraded") }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: one("nodeRemoved", "nodeReplaced", "nodeVanishes", "labelsEdited"), node }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one("nodeReset"), node, cause: one("manual", "repair") }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: one("nodeFails"),
      node,
      times: fc.integer({ min: 1, max: 3 }),
      phase: one("Error", "Error", "Abnormal"),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: one("nodeDisturbed"),
      node,
      phase: one("Installing", "Abnormal", "Error"),
      seconds: one("5", "40", "150").map(Number),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: one("alwaysOutdated", "alwaysUpdated"), node, always: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one("syncIsSlow"),
      beginsAfter: one("0", "400", "2500").map(Number),
      resetSeconds: one("120", "700", "1500").map(Number),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: one("jobFails"),
      afterNodes: fc.nat(3),
      subJobs: one("unreached", "stranger"),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: one("othersSync"), nodes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one("autoscaled"),
      add: fc.nat(1),
      remove: fc.uniqueArray(node, { maxLength: 1 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: one("answerLost", "requestLost") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one("emptyList", "shortList"),
      of: lists,
      times: fc.integer({ min: 1, max: 3 }),
      node,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: one("staleLists"),
      of: lists,
      seconds: fc.integer({ min: 5, max: 45 }),
      times: fc.integer({ min: 1, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: one("readsFail"), times: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: one("clockSet"), minutes: one("-10", "0", "10").map(Number) }) },
);

/** Most of what matters happens around the first exchanges of a run, in which the request is decided on and sent. */
const exchange = fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 70 }));

const end: fc.Arbitrary<NonNullable<Up["end"]>> = fc.oneof(
  fc.record({ death: fc.record({ exchange, moment: one("before", "acted", "answered") }) }),
  fc.record({ interruptAt: exchange }),
  fc.record({ seconds: one("30", "100", "250").map(Number) }),
);

const during = fc.array(fc.record({ exchange, of: one("all", "all", "rest"), what: happening }), {
  maxLength: 2,
});

const up: fc.Arbitrary<Up> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: one("up"), during }) },
  { weight: 2, arbitrary: fc.record({ kind: one("up"), during, end }) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: up },
  { weight: 2, arbitrary: fc.record({ kind: one("refresh") }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: one("timePasses"), seconds: one("20", "100", "900").map(Number) }),
  },
  { weight: 5, arbitrary: fc.record({ kind: one("happens"), what: happening }) },
  { weight: 5, arbitrary: fc.record({ kind: one("edit"), edit }) },
);

/** A story of one resource, from the program that declares it first; its first `up` creates it. */
export interface Story {
  readonly declared: Pick<Inputs, "onCreate" | "onChange" | "wait" | "rollout">;
  readonly steps: readonly Step[];
}

const declared = fc
  .record({
    onCreate: one("outdated", "outdated", "all", "nothing"),
    onChange: one("all", "all", "outdated"),
    wait: one("yes", "yes", "yes", "no").map((wait) => wait === "yes"),
    rollout: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: rollout }),
  })
  // Only who waits can go on with the next wave.
  .map((declared) => (declared.wait ? declared : { ...declared, rollout: undefined }));

const quiet: readonly Step[] = [{ kind: "up", during: [] }];

/** Most resources are created while nothing happens. */
const creation: fc.Arbitrary<readonly Step[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant(quiet) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.record({ kind: one("happens"), what: happening }), up),
  },
);

/** Half of the stories hold steps that make a rare coincidence likely; in the others, anything happens. */
export const story: fc.Arbitrary<Story> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ declared, first: creation, rest: fc.array(step, { minLength: 3, maxLength: 12 }) })
      .map(({ declared, first, rest }) => ({ declared, steps: [...first, ...rest] })),
  },
  {
    weight: 4,
    arbitrary: fc
      .record({ declared, first: coincidence, rest: fc.array(step, { maxLength: 4 }) })
      .map(({ declared, first, rest }) => ({
        declared: { ...declared, onChange: "all" as const },
        steps: [...quiet, ...first, ...rest],
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ declared, first: adoption, rest: fc.array(step, { maxLength: 4 }) })
      .map(({ declared, first, rest }) => ({
        declared: { ...declared, onCreate: "outdated" as const },
        steps: [...first, ...rest],
      })),
  },
);
