import { passwordDigest } from "../nodePoolSync/declaration.ts";
import { changedClasses, type Difference, meaning } from "../nodePoolSync/diff.ts";
import { type Inputs, inputNames, inputsOfClass } from "../nodePoolSync/inputs/schema.ts";
import { passwordPath } from "../nodePoolSync/inputs/secretInputs.ts";
import { canonical, equal } from "../nodePoolSync/state/content.ts";
import { type State, withoutPassword } from "../nodePoolSync/state/state.ts";
import { pathText } from "../util/path.ts";

/** What differs at one path of the properties. */
export interface PropertyChange {
  readonly kind: "add" | "delete" | "update";
  readonly isReplacing: boolean;
  /** Whether it is an input that has changed, and not what is recorded. */
  readonly isInput: boolean;
}

/**
 * Why the engine will call: each changed input by its path, and, for an update that no input explains, the output that
 * does. Empty where nothing can be said.
 */
export function detailedDiff(
  state: State,
  inputs: Inputs,
  { changes, replaces }: Difference,
): ReadonlyMap<string, PropertyChange> {
  const found = new Map<string, PropertyChange>();
  const add = (path: readonly PropertyKey[], kind: PropertyChange["kind"]) =>
    found.set(pathText(path), { kind, isReplacing: replaces.includes(String(path[0])), isInput: true });
  const content: readonly string[] = inputsOfClass("content");
  for (const name of inputNames) {
    const [old, now] = [meaning(name, state.inputs), meaning(name, inputs)];
    if (!content.includes(name) && !equal(old, now)) add([name], kindOf(state.inputs[name], inputs[name]));
  }
  if (changedClasses(state, inputs).includes("content")) addContent(state, inputs, add);
  if (changes === true) {
    const { status, outdatedNodeIds } = state.progress;
    const path = status === "synced" && outdatedNodeIds.length > 0 ? "outdatedNodeIds" : "status";
    found.set(path, { kind: "update", isReplacing: false, isInput: false });
  }
  return found;
}

type Add = (path: readonly PropertyKey[], kind: PropertyChange["kind"]) => void;

function addContent(state: State, inputs: Inputs, add: Add): void {
  const now = withoutPassword(inputs);
  for (const name of ["nodeTemplate", "triggers"] as const)
    compare(canonical(state.inputs[name]), canonical(now[name]), [name], add);
  const password = passwordDigest(inputs, state.record);
  if (password !== state.record.password) add(passwordPath, kindOf(state.record.password, password));
}

function compare(old: unknown, now: unknown, path: readonly PropertyKey[], add: Add): void {
  if (equal(old, now)) return;
  const [before, after] = [entriesOf(old), entriesOf(now)];
  if (before === undefined || after === undefined || Array.isArray(old) !== Array.isArray(now)) {
    add(path, kindOf(old, now));
    return;
  }
  for (const key of new Set([...before.keys(), ...after.keys()]))
    compare(before.get(key), after.get(key), [...path, Array.isArray(now) ? Number(key) : key], add);
}

function entriesOf(value: unknown): Map<string, unknown> | undefined {
  return typeof value === "object" && value !== null ? new Map(Object.entries(value)) : undefined;
}

function kindOf(old: unknown, now: unknown): PropertyChange["kind"] {
  if (old === undefined) return "add";
  return now === undefined ? "delete" : "update";
}
