import type { PropertyMap } from "../properties.ts";
import { PlanError } from "./planError.ts";
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
  dependencies?: string[];
  propertyDependencies?: Record<string, string[]>;
  customTimeouts?: NonNullable<ResourceState["customTimeouts"]>;
}

/** Resource options that the embedded engine does not carry out, and whether a registration has them. */
const unsupportedOptions: Readonly<Record<string, (request: RegisterRequest) => boolean>> = {
  additionalSecretOutputs: (request) => request.getAdditionalsecretoutputsList().length > 0,
  aliases: (request) => request.getAliasurnsList().length + request.getAliasesList().length > 0,
  deleteBeforeReplace: (request) => request.getDeletebeforereplace(),
  deletedWith: (request) => request.getDeletedwith() !== "",
  hideDiffs: (request) => request.getHidediffsList().length > 0,
  ignoreChanges: (request) => request.getIgnorechangesList().length > 0,
  import: (request) => request.getImportid() !== "",
  protect: (request) => request.getProtect() === true,
  replaceOnChanges: (request) => request.getReplaceonchangesList().length > 0,
  retainOnDelete: (request) => request.getRetainondelete() === true,
};

/** The goal of a RegisterResource call. @throws PlanError when it has an option that is not carried out. */
export function goalOf(request: RegisterRequest): Goal {
  const unsupported = Object.keys(unsupportedOptions).filter((name) => unsupportedOptions[name]?.(request));
  if (unsupported.length > 0) {
    throw new PlanError(
      `resource '${request.getName()}': the embedded engine does not support ${unsupported.join(", ")}; ` +
        "run this program with a Pulumi CLI",
    );
  }
  const parent = request.getParent();
  return {
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    ...(request.getCustom() && request.getProvider() !== "" && { provider: request.getProvider() }),
    inputs: fromStruct(request.getObject()),
    ...(parent !== "" && { parent }),
    dependencies: [...request.getDependenciesList()].sort(),
    propertyDependencies: propertyDependenciesOf(request),
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
    ...(request.getProvider() !== "" && { provider: request.getProvider() }),
    inputs: fromStruct(request.getProperties()),
    ...(parent !== "" && { parent }),
    dependencies: [...request.getDependenciesList()].sort(),
  };
}

/** The state a resource will have when the goal is reached, as far as the goal says. */
export function goalState(urn: string, goal: Goal, old: ResourceState | undefined): ResourceState {
  const { name: _name, ...rest } = goal;
  return {
    urn,
    ...rest,
    outputs: {},
    ...(old?.created !== undefined && { created: old.created }),
    ...(old?.modified !== undefined && { modified: old.modified }),
  };
}

function propertyDependenciesOf(request: RegisterRequest): Record<string, string[]> {
  const entries = [...request.getPropertydependenciesMap().entries()];
  return Object.fromEntries(entries.map(([key, resources]) => [key, resources.getUrnsList()]));
}

function timeoutsOf(request: RegisterRequest): NonNullable<Goal["customTimeouts"]> {
  const texts = Object.entries(request.getCustomtimeouts()?.toObject() ?? {}).filter(
    ([, text]) => text !== "",
  );
  return Object.fromEntries(texts.map(([key, text]) => [key, parseDuration(text)]));
}

const SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1 };

/** Seconds of a duration as Go spells it: `1h30m`, `90s`, `1.5h`. */
function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d+\.?\d*|\.\d+)(h|m|s)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw new Error(`unable to parse custom timeout "${text}": write it like "30m" or "1h30m"`);
  }
  return parts.reduce((sum, [, number, unit = ""]) => sum + Number(number) * (SECONDS[unit] ?? 0), 0);
}
