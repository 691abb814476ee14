import type { Control } from "./control.ts";
import { deletionOrder, everythingNeededBy } from "./dependencies.ts";
import type { Executor } from "./executor.ts";
import type { ResourceState } from "./state.ts";
import type { Step } from "./step.ts";

/**
 * Carries out deletions in an order that no resource is deleted before its dependents, as many at a time as
 * that allows. What a resource needs that could not be deleted stays, too.
 */
export async function carryOutDeletions(
  steps: readonly Step[],
  all: readonly ResourceState[],
  executor: Executor,
  control: Control,
): Promise<void> {
  const byState = new Map(steps.map((step) => [step.old as ResourceState, step]));
  for (const group of deletionOrder(all, new Set(byState.keys()))) {
    const stillNeeded = new Set(
      executor.failed.flatMap(({ old }) => (old === undefined ? [] : [...everythingNeededBy(old, all)])),
    );
    const deletable = group
      .filter((state) => !stillNeeded.has(state))
      .map((state) => byState.get(state) as Step);
    await Promise.allSettled(deletable.map((step) => executor.execute([step])));
    if (control.stopped) return;
  }
}
