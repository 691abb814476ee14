import { isDeepStrictEqual } from "node:util";
import { type Inputs, inputsByChange } from "./schema.ts";
import type { State } from "./state.ts";

/**
 * The provider's answer to "what would change". `changes: undefined` leaves it to the engine to show its own
 * comparison of the inputs, and to honour `replaceOnChanges`; `true` forces an update that no input explains,
 * `false` suppresses one that means nothing.
 */
export interface Difference {
  readonly changes: boolean | undefined;
  readonly replaces: string[];
}

/** Compares what is recorded with what is declared. Pure. */
export function diff(state: State, inputs: Inputs): Difference {
  const replaces = changed(inputsByChange("replace"), state.inputs, inputs);
  if (replaces.length > 0) return { changes: undefined, replaces };
  if (needsResync(state.inputs, inputs)) return { changes: undefined, replaces: [] };
  return { changes: isUnfinished(state), replaces: [] };
}

/** Whether a change of these inputs asks the service for another sync. */
export function needsResync(olds: Inputs, news: Inputs): boolean {
  return changed(inputsByChange("re-sync"), olds, news).length > 0;
}

/** Whether the recorded sync has to be resumed or repeated although its inputs are unchanged. */
function isUnfinished({ progress }: State): boolean {
  return (
    progress.status === "inProgress" || progress.status === "failed" || progress.outdatedNodeIds.length > 0
  );
}

function changed(names: readonly (keyof Inputs)[], olds: Inputs, news: Inputs): string[] {
  return names.filter((name) => !isDeepStrictEqual(meaning(name, olds), meaning(name, news)));
}

/**
 * The value as it is compared: as JSON has it, in which state is recorded, so that what cannot be recorded (-0, an
 * undefined, NaN) is no difference for ever; the order of ids has no meaning, also in a state that does not sort them.
 */
function meaning(name: keyof Inputs, inputs: Inputs): unknown {
  const value = inputs[name];
  if (value === undefined) return undefined;
  const recorded: unknown = JSON.parse(JSON.stringify(value));
  return name === "nodeIds" && Array.isArray(recorded) ? recorded.sort() : recorded;
}
