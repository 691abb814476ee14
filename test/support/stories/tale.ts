import { isDeepStrictEqual } from "node:util";
import type { Profile } from "../../../emulator/index.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import type { LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";
import type { Door } from "./doors.ts";
import type { Run } from "./needless.ts";
import { createOracle, type Oracle } from "./oracle.ts";
import { createStoryPool, type StoryPool } from "./storyPool.ts";

/** What the engine keeps. */
export interface Kept {
  readonly inputs: Inputs;
  readonly state: State;
  /** What was declared when the outputs were written; where the run never entered it, what was before. */
  readonly recorded: Inputs;
}

/** A story as far as it has been told. */
export interface Tale {
  readonly harness: LifecycleHarness;
  readonly door: Door;
  readonly profile: Profile;
  readonly pool: StoryPool;
  readonly oracle: Oracle;
  readonly runs: Run[];
  /** Every node that the story has met. */
  readonly known: Set<string>;
  /** The program as it is. */
  declared: Inputs;
  kept?: Kept;
  /** Every content that was synced, in order: nodes that are created outside a run have the last one. */
  readonly synced: string[];
}

/** A story that begins with this program. */
export function beginTale(harness: LifecycleHarness, door: Door, profile: Profile, declared: Inputs): Tale {
  const pool = createStoryPool(harness, profile);
  return {
    harness,
    door,
    profile,
    pool,
    oracle: createOracle(harness.emulator),
    runs: [],
    synced: [],
    known: new Set(pool.nodes().map(({ id }) => id)),
    declared,
  };
}

/** What a sync gives to nodes, as far as stories change it. */
export function contentOf({ nodeTemplate, triggers = [] }: Inputs): string {
  return JSON.stringify([nodeTemplate?.lifeCycle.preInstall, triggers]);
}

export function isSelected({ nodeIds, excludeNodeIds }: Inputs, id: string): boolean {
  return (nodeIds?.includes(id) ?? true) && !(excludeNodeIds?.includes(id) ?? false);
}

/** Whether what the run recorded are the inputs that it was given, and not those of before. */
export function isSameProgram({ inputs }: State, given: Inputs): boolean {
  const comparable = (from: Inputs | State["inputs"]) => [
    from.nodeTemplate?.lifeCycle.preInstall,
    from.triggers ?? [],
    from.nodeIds,
    from.excludeNodeIds,
    from.onCreate,
    from.onChange,
    from.maxUnavailable,
    from.wait,
    from.rollout,
  ];
  return isDeepStrictEqual(comparable(inputs), comparable(given));
}

/** Nodes that were added since the last call have whatever was declared before them, also where a run has not entered it. */
export function meetNewNodes({ pool, known, oracle, synced, kept }: Tale, content: string | undefined): void {
  const declared = new Set([content, synced.at(-1), kept && contentOf(kept.recorded)]);
  for (const { id } of pool.nodes().filter(({ id }) => !known.has(id))) {
    known.add(id);
    for (const each of declared) if (each !== undefined) oracle.grant(id, each);
  }
}
