import { pathPartFault } from "../util/address.ts";
import { type ConfigSource, described, firstWith, look, type Overrides } from "./sources.ts";

/** The project that holds the cluster, as far as it is known before anything is asked. */
export interface Project {
  readonly id?: string;
  /** Its name, by which its id can be looked up. */
  readonly name?: string;
  /** Everything that was searched for an id, in words. */
  readonly lookedAt: string;
}

/**
 * Finds the project. A project belongs to one region: where settings name another region than the one that holds, their
 * project is not the one that is meant, and the region's own is looked up.
 * @param account the settings that speak of the account that authenticates.
 */
export function findProject(
  overrides: Overrides,
  sources: readonly ConfigSource[],
  account: readonly ConfigSource[],
  problems: string[],
): Project {
  const configured = look("region", sources).value;
  const region = overrides.region ?? configured;
  const isOfRegion = (source: ConfigSource) =>
    [undefined, region].includes(source.get("region") ?? configured);
  const valid = account.filter(isOfRegion);
  const id = look("projectId", valid, { value: overrides.projectId });
  const fault = id.value === undefined ? undefined : pathPartFault(id.value);
  if (fault !== undefined) {
    const source = overrides.projectId ? undefined : firstWith("projectId", valid);
    const from = source === undefined ? "the input projectId" : described("projectId", source);
    problems.push(`projectId: ${fault}; it comes from ${from}`);
  }
  const name = look("delegatedProject", valid).value ?? look("projectName", valid).value ?? region;
  return { id: id.value, name, lookedAt: id.lookedAt };
}
