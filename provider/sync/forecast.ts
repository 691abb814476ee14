import type { Inputs } from "../nodePoolSync/schema.ts";
import type { LifecycleContext } from "./lifecycle.ts";
import { listNames } from "./progress.ts";
import { type LeftToDo, narrowed, partToName, targetsOf } from "./targets.ts";

/**
 * What a sync with these inputs costs, in one line: `will reset 10 of 10 nodes, 2 at a time (5 batches): node-a, …`;
 * undefined when it cannot be known (a new pool, a cluster that cannot be read). Never throws.
 * @param leftToDo what an earlier sync has left, when only that is to be repeated.
 */
export async function forecast(
  inputs: Inputs,
  leftToDo: LeftToDo | undefined,
  { reader }: LifecycleContext,
): Promise<string | undefined> {
  try {
    const view = await reader.look();
    const all = targetsOf({ ...inputs, nodeIds: undefined }, view);
    const targets = targetsOf(inputs, view);
    if (view.nodes === undefined) return undefined;
    const chosen = narrowed(targets, partToName(inputs, targets, view, leftToDo));
    const batches = Math.ceil(chosen.length / inputs.maxUnavailable);
    const pace = `${inputs.maxUnavailable} at a time (${batches} ${batches === 1 ? "batch" : "batches"})`;
    if (chosen.length === 0) return "has no nodes to reset";
    return `will reset ${chosen.length} of ${all.length} nodes, ${pace}: ${listNames(chosen.map(({ name }) => name))}`;
  } catch {
    return undefined;
  }
}
