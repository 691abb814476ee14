import { type PropertyMap, UNKNOWN } from "../properties.ts";
import { diffProperties, type PropertyChange, sameProperties } from "./diff.ts";
import { keepOldValues, parsePath, pathContains } from "./propertyPath.ts";
import type { ProviderClient } from "./provider.ts";
import type { ResourceState } from "./state.ts";

/** What separates a resource as it is from what it should be. */
export interface Difference {
  changed: boolean;
  /** The change takes a new resource. */
  replace: boolean;
  deleteBeforeReplace: boolean;
  /** The engine's own comparison of the inputs, for people. */
  changes: PropertyChange[];
}

type ProviderOf = (resource: ResourceState) => Promise<ProviderClient>;

/** Compares a resource with what it should be, by its provider if it has one. */
export async function compare(
  old: ResourceState,
  next: ResourceState,
  providerOf: ProviderOf,
): Promise<Difference> {
  const changes = diffProperties(old.inputs, withoutIgnored(old, next));
  if (old.custom !== next.custom)
    return { changed: true, replace: true, deleteBeforeReplace: false, changes };
  if (next.provider !== undefined) return askProvider(old, next, await providerOf(next), changes);
  const changed = !sameProperties(old.inputs, next.inputs);
  return { changed, replace: false, deleteBeforeReplace: false, changes };
}

/**
 * Whether a resource would be replaced because others are: it goes with one of them, or its provider asks for a
 * replacement once the properties that come from them are unknown.
 */
export async function followsReplacement(
  dependent: ResourceState,
  replaced: ReadonlySet<string>,
  providerOf: ProviderOf,
): Promise<boolean> {
  if (!dependent.custom || dependent.external || dependent.provider === undefined) return false;
  if (dependent.deletedWith !== undefined && replaced.has(dependent.deletedWith)) return true;
  const affected = Object.entries(dependent.propertyDependencies ?? {})
    .filter(([, urns]) => urns.some((urn) => replaced.has(urn)))
    .map(([key]) => key);
  if (affected.length === 0) return false;
  const inputs = { ...dependent.inputs, ...Object.fromEntries(affected.map((key) => [key, UNKNOWN])) };
  const changes = diffProperties(dependent.inputs, inputs);
  const next = { ...dependent, inputs };
  return (await askProvider(dependent, next, await providerOf(dependent), changes)).replace;
}

/** Puts together what the provider says, and what the options of the resource ask for. */
async function askProvider(
  old: ResourceState,
  next: ResourceState,
  provider: ProviderClient,
  changes: PropertyChange[],
): Promise<Difference> {
  const target = { urn: next.urn, id: old.id ?? "" };
  const answer = await provider.diff(target, old, next.inputs, next.ignoreChanges ?? []);
  const watched = (next.replaceOnChanges ?? []).map(parsePath);
  const covers = (path: readonly (string | number)[]) => watched.some((outer) => pathContains(outer, path));
  const changed = answer.changes ?? changes.length > 0;
  // The option is about what the engine itself compares: where a provider has decided, it has no say.
  const demanded = answer.changes === undefined && changes.some(({ path }) => covers(path));
  const unhealthy = (old.initErrors?.length ?? 0) > 0 && covers(["#initerror"]);
  const replace = (changed && (answer.replaces.length > 0 || demanded)) || unhealthy;
  return { changed: changed || replace, replace, deleteBeforeReplace: answer.deleteBeforeReplace, changes };
}

function withoutIgnored(old: ResourceState, next: ResourceState): PropertyMap {
  return keepOldValues(next.inputs, old.inputs, next.ignoreChanges ?? []).inputs;
}
