import { pathPartFault } from "../util/address.ts";
import { type ConfigSource, look, type Overrides } from "./sources.ts";

/** The project that holds the cluster, as far as it is known before anything is asked. */
export interface Project {
  readonly id?: string;
  /** Its name, by which its id can be looked up. */
  readonly name?: string;
  /** The places where an id was looked for, in words. */
  readonly lookedAt: string;
}

/**
 * Finds the project. A project belongs to one region: when the resource names another region than the
 * configuration, the configuration's project is not the one that is meant, and the region's own is looked up.
 */
export function findProject(
  overrides: Overrides,
  places: readonly ConfigSource[],
  problems: string[],
): Project {
  const configured = look("region", places).value;
  const elsewhere =
    overrides.region !== undefined && configured !== undefined && overrides.region !== configured;
  const valid = elsewhere ? [] : places;
  const id = look("projectId", valid, { value: overrides.projectId });
  const fault = id.value === undefined ? undefined : pathPartFault(id.value);
  if (fault !== undefined) problems.push(`projectId: ${fault} (looked at: ${id.lookedAt})`);
  const name =
    look("delegatedProject", valid).value ??
    look("projectName", valid).value ??
    overrides.region ??
    configured;
  return { id: id.value, name, lookedAt: id.lookedAt };
}
