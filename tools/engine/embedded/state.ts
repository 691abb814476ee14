import type { PropertyMap } from "../properties.ts";

/**
 * One resource of a stack's state, with the field names of the state file (apitype.ResourceV3). Secrets are in
 * the clear in memory; the state file encrypts them. Where the resource was declared is left out on purpose:
 * it would put paths of this machine into the state.
 */
export interface ResourceState {
  urn: string;
  custom: boolean;
  type: string;
  id?: string;
  /** Replaced already, and still to be deleted. */
  delete?: boolean;
  inputs: PropertyMap;
  outputs: PropertyMap;
  parent?: string;
  /** Read by the program with `get`, not managed by it. */
  external?: boolean;
  dependencies?: string[];
  initErrors?: string[];
  provider?: string;
  propertyDependencies?: Record<string, string[]>;
  /** In seconds. */
  customTimeouts?: { create?: number; update?: number; delete?: number; read?: number };
  created?: string;
  modified?: string;
}

/** A provider call that had begun and of which nobody knows how it ended. */
export interface PendingOperation {
  resource: ResourceState;
  type: "creating" | "updating" | "deleting" | "reading";
}

/** The state of a stack: resources in an order in which each comes after what it depends on. */
export interface Snapshot {
  resources: ResourceState[];
  pendingOperations: PendingOperation[];
}
