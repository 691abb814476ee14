import type { PropertyMap } from "../properties.ts";
import { fromStruct, type monitorPb } from "./rpc.ts";
import type { ResourceState } from "./state.ts";

type RegisterRequest = InstanceType<typeof monitorPb.RegisterResourceRequest>;
type ReadRequest = InstanceType<typeof monitorPb.ReadResourceRequest>;

/** What a program wants a resource to be: a registration without the wire. */
export interface Goal {
  type: string;
  name: string;
  /** Managed by a provider; otherwise a component. */
  custom: boolean;
  inputs: PropertyMap;
  parent?: string;
  provider?: string;
  protect?: boolean;
  retainOnDelete?: boolean;
  deletedWith?: string;
  deleteBeforeReplace?: boolean;
  dependencies: string[];
  propertyDependencies: Record<string, string[]>;
  ignoreChanges: string[];
  replaceOnChanges: string[];
  additionalSecretOutputs: string[];
  hideDiff: string[];
  /** URNs the resource may have had before. */
  aliases: string[];
  customTimeouts: NonNullable<ResourceState["customTimeouts"]>;
}

/** The goal of a RegisterResource call. */
export function goalOf(request: RegisterRequest): Goal {
  const parent = request.getParent();
  const deletedWith = request.getDeletedwith();
  const replaceFirst = request.getDeletebeforereplacedefined() || request.getDeletebeforereplace();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    inputs: fromStruct(request.getObject()),
    ...(parent !== "" && { parent }),
    ...(request.hasProtect() && { protect: request.getProtect() }),
    ...(request.hasRetainondelete() && { retainOnDelete: request.getRetainondelete() }),
    ...(deletedWith !== "" && { deletedWith }),
    ...(replaceFirst && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: propertyDependenciesOf(request),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    hideDiff: request.getHidediffsList(),
    aliases: request.getAliasurnsList(),
    customTimeouts: timeoutsOf(request),
  };
}

/** The goal of a ReadResource call: a resource that the program looks up and does not manage. */
export function readGoalOf(request: ReadRequest): Goal & { id: string } {
  const parent = request.getParent();
  return {
    id: request.getId(),
    type: request.getType(),
    name: request.getName(),
    custom: true,
    inputs: fromStruct(request.getProperties()),
    ...(parent !== "" && { parent }),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: {},
    ignoreChanges: [],
    replaceOnChanges: [],
    additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    hideDiff: [],
    aliases: [],
    customTimeouts: {},
  };
}

/** A child has its parent's `protect`, `retainOnDelete` and `deletedWith` where it does not say otherwise. */
export function inheritFrom(parent: Goal | undefined, goal: Goal): Goal {
  if (parent === undefined) return goal;
  const { protect, retainOnDelete, deletedWith } = parent;
  return {
    ...(protect !== undefined && { protect }),
    ...(retainOnDelete !== undefined && { retainOnDelete }),
    ...(deletedWith !== undefined && { deletedWith }),
    ...goal,
  };
}

/** The state a resource will have when the goal is reached, as far as the goal says. */
export function goalState(urn: string, goal: Goal, old: ResourceState | undefined): ResourceState {
  return {
    urn,
    custom: goal.custom,
    type: goal.type,
    inputs: goal.inputs,
    outputs: {},
    ...(goal.parent !== undefined && { parent: goal.parent }),
    ...(goal.protect && { protect: true }),
    dependencies: goal.dependencies,
    ...(goal.provider !== undefined && { provider: goal.provider }),
    propertyDependencies: goal.propertyDependencies,
    additionalSecretOutputs: goal.additionalSecretOutputs,
    customTimeouts: goal.customTimeouts,
    ...(goal.retainOnDelete && { retainOnDelete: true }),
    ...(goal.deletedWith !== undefined && { deletedWith: goal.deletedWith }),
    ...(old?.created !== undefined && { created: old.created }),
    ...(old?.modified !== undefined && { modified: old.modified }),
    ignoreChanges: goal.ignoreChanges,
    hideDiff: goal.hideDiff,
    replaceOnChanges: goal.replaceOnChanges,
  };
}

function propertyDependenciesOf(request: RegisterRequest): Record<string, string[]> {
  const entries = [...request.getPropertydependenciesMap().entries()];
  if (entries.length > 0) {
    return Object.fromEntries(entries.map(([key, resources]) => [key, resources.getUrnsList()]));
  }
  // A request that does not tell them apart: every property may depend on everything the resource depends on.
  const all = request.getDependenciesList();
  return Object.fromEntries(Object.keys(fromStruct(request.getObject())).map((key) => [key, all]));
}

function timeoutsOf(request: RegisterRequest): Goal["customTimeouts"] {
  const timeouts = request.getCustomtimeouts();
  const seconds: Goal["customTimeouts"] = {};
  for (const [key, text] of Object.entries(timeouts?.toObject() ?? {})) {
    if (text !== "") seconds[key as keyof typeof seconds] = parseDuration(text);
  }
  return seconds;
}

const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of a duration as Go spells it: `1h30m`, `90s`, `1.5h`. */
function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(h|ms|m|s|us|µs|ns)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new Error(`unable to parse custom timeout "${text}": write it like "30m" or "1h30m"`);
  }
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (SECONDS[unit] ?? 0), 0);
}
