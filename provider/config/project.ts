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
 * Finds the project. A project belongs to one region: when the resource names another region than the
 * configuration, the configuration's project is not the one that is meant, and the region's own is looked up.
 * @param account the settings that speak of the account that authenticates.
 */
export function findProject(
  overrides: Overrides,
  sources: readonly ConfigSource[],
  account: readonly ConfigSource[],
  problems: string[],
): Project {
  const configured = look("region", sources).value;
  const elsewhere =
    overrides.region !== undefined && configured !== undefined && overrides.region !== configured;
  const valid = elsewhere ? [] : account;
  const id = look("projectId", valid, { value: overrides.projectId });
  const fault = id.value === undefined ? undefined : pathPartFault(id.value);
  if (fault !== undefined) {
    const source = overrides.projectId ? undefined : firstWith("projectId", valid);
    const from = source === undefined ? "the input projectId" : described("projectId", source);
    problems.push(`projectId: ${fault}; it comes from ${from}`);
  }
  const name =
    look("delegatedProject", valid).value ??
    look("projectName", valid).value ??
    overrides.region ??
    configured;
  return { id: id.value, name, lookedAt: id.lookedAt };
}
