// Generated from provider/nodePoolSync/poolLookUp.ts by `npm run generate`; do not edit.

import type { Input } from "@pulumi/pulumi";

/** The arguments of getNodePool. */
export interface GetNodePoolArgs {
  /** ID of the cluster. */
  clusterId: string;
  /** ID of the node pool, or `DefaultPool` for the nodes that belong to no other pool. */
  nodePoolId: string;
  /** Region of the cluster. Default: the provider configuration's region. */
  region?: string;
  /** ID of the project that holds the cluster. Default: the provider configuration's, or the region's own project. */
  projectId?: string;
  /** URL of the CCE service. Plain http is accepted for loopback addresses only (the emulator). Default: made from the region. */
  endpoint?: string;
}

/** The arguments of getNodePoolOutput. */
export interface GetNodePoolOutputArgs {
  /** ID of the cluster. */
  clusterId: Input<string>;
  /** ID of the node pool, or `DefaultPool` for the nodes that belong to no other pool. */
  nodePoolId: Input<string>;
  /** Region of the cluster. Default: the provider configuration's region. */
  region?: Input<string>;
  /** ID of the project that holds the cluster. Default: the provider configuration's, or the region's own project. */
  projectId?: Input<string>;
  /** URL of the CCE service. Plain http is accepted for loopback addresses only (the emulator). Default: made from the region. */
  endpoint?: Input<string>;
}

/** A node of a pool. */
export interface PoolNode {
  /** The node's ID. */
  id: string;
  /** The node's name. */
  name: string;
  /** What the service says of its state, such as `Active`, `Installing` or `Error`; empty where it says nothing. */
  phase: string;
  /** Whether the node reports that its OS and container engine are those of its pool; left out where the service does not say. After a change of the pool it may take a moment to follow. */
  upToDate?: boolean;
  /** Its availability zone. */
  zone?: string;
  /** Why it is in its phase, where the service says so. */
  reason?: string;
}

/** A node pool, as the service shows it. */
export interface GetNodePoolResult {
  /** ID by which a NodePoolSync of this pool is looked up or imported: `<clusterId>/<nodePoolId>`. */
  id: string;
  /** ID of the cluster. */
  clusterId: string;
  /** ID of the node pool. */
  nodePoolId: string;
  /** The pool's name. */
  name: string;
  /** The nodes of the pool, in the order of their names. */
  nodes: PoolNode[];
  /** IDs of the nodes that report being outdated, in the order of the nodes' names. */
  outdatedNodeIds: string[];
  /** Whether a sync is running, whoever sent it: the pool's condition `ConfigurationSynchronizing` says so. Where the service shows no such condition: whether nodes are being installed or reset while the pool is not scaled and the cluster not upgraded. */
  synchronizing: boolean;
}
