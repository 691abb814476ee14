import { providerUrnOf, type ResourceState, referencesOf } from "./state.ts";

/**
 * Sorts resources into groups in the order in which they can be deleted: the members of a group do not depend
 * on each other, and nothing depends on a group but the groups before it.
 *
 * `all` is the whole state in its own order, which tells apart old and new resources with the same URN: a
 * resource depends on what comes before it.
 */
export function deletionOrder(all: readonly ResourceState[], condemned: ReadonlySet<ResourceState>) {
  const groups: ResourceState[][] = [];
  const left = new Set(all.filter((resource) => condemned.has(resource)));
  const needs = new Map([...left].map((resource) => [resource, dependenciesOf(resource, all)]));
  while (left.size > 0) {
    const group = [...left].filter((resource) => !needs.get(resource)?.some((needed) => left.has(needed)));
    for (const resource of group) left.delete(resource);
    groups.unshift(group);
  }
  return groups;
}

/** Direct and indirect dependents of a resource in the order of the state, children not counted. */
export function dependentsOf(
  root: ResourceState,
  all: readonly ResourceState[],
  ignore: (urn: string) => boolean,
): ResourceState[] {
  const urns = new Set([root.urn]);
  return all.slice(all.indexOf(root) + 1).filter((candidate) => {
    const provider = providerUrnOf(candidate);
    const depends =
      referencesOf(candidate).some((urn) => urns.has(urn)) || (provider !== undefined && urns.has(provider));
    if (!depends || ignore(candidate.urn)) return false;
    urns.add(candidate.urn);
    return true;
  });
}

/** What the resource needs, directly or indirectly. */
export function everythingNeededBy(
  resource: ResourceState,
  all: readonly ResourceState[],
): Set<ResourceState> {
  const needed = new Set<ResourceState>();
  const visit = (current: ResourceState) => {
    for (const dependency of dependenciesOf(current, all)) {
      if (needed.has(dependency)) continue;
      needed.add(dependency);
      visit(dependency);
    }
  };
  visit(resource);
  return needed;
}

/** What the resource needs directly. To need a component is to need the component's children as well. */
function dependenciesOf(resource: ResourceState, all: readonly ResourceState[]): ResourceState[] {
  const before = all.slice(0, all.indexOf(resource));
  const urns = new Set(referencesOf(resource));
  const provider = providerUrnOf(resource);
  if (provider !== undefined) urns.add(provider);
  for (const candidate of before) {
    if (
      candidate.parent !== undefined &&
      urns.has(candidate.parent) &&
      isComponent(candidate.parent, before)
    ) {
      urns.add(candidate.urn);
    }
  }
  return before.filter((candidate) => urns.has(candidate.urn) || candidate.urn === resource.parent);
}

function isComponent(urn: string, all: readonly ResourceState[]): boolean {
  return all.some((resource) => resource.urn === urn && !resource.custom);
}
