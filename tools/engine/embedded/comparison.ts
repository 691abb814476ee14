import { diffProperties, type PropertyChange, sameProperties } from "./diff.ts";
import type { ProviderClient } from "./provider.ts";
import type { ResourceState } from "./state.ts";

/** What separates a resource as it is from what it should be. */
export interface Difference {
  changed: boolean;
  /** The change takes a new resource. */
  replace: boolean;
  /** The engine's own comparison of the inputs, for people. */
  changes: PropertyChange[];
}

/** Compares a resource with what it should be, by its provider if it has one. */
export async function compare(
  old: ResourceState,
  next: ResourceState,
  providerOf: (resource: ResourceState) => Promise<ProviderClient>,
): Promise<Difference> {
  const changes = diffProperties(old.inputs, next.inputs);
  if (next.provider === undefined) {
    return { changed: !sameProperties(old.inputs, next.inputs), replace: false, changes };
  }
  const provider = await providerOf(next);
  const answer = await provider.diff({ urn: next.urn, id: old.id ?? "" }, old, next.inputs);
  const changed = answer.changes ?? changes.length > 0;
  return { changed, replace: changed && answer.replaces.length > 0, changes };
}
