/** What an emulated cluster consists of, as tests and users see it. */

/** The pool of the nodes that belong to no other; a class of nodes rather than a pool (CCE, "Node Pool Overview"). */
export const defaultPoolId = "DefaultPool";

/**
 * A node of an emulated cluster. It is the node itself, no copy: it changes with the clock whenever somebody looks at
 * the cluster, through the API or through {@link EmulatedCluster}.
 */
export interface EmulatedNode {
  /** The id that a sync's `nodeIDs` names (`metadata.uid`). */
  readonly id: string;
  /** The node's name (`metadata.name`). */
  readonly name: string;
  /** The pool it belongs to, {@link defaultPoolId} for a node outside pools. */
  readonly poolId: string;
  /** The server below it, which stays the same through a reset. */
  readonly serverId: string;
  /** Its availability zone (`spec.az`). */
  readonly zone: string;
  /** CCE's `status.phase`: `Active`, `Installing`, `Error`, … */
  readonly phase: string;
  /** Why it is in that phase, when a failure was requested. */
  readonly reason?: string;
  /** Whether its configuration is that of its pool, whatever it says of itself through the API. */
  readonly upToDate: boolean;
  /** The configuration that it has, as {@link EmulatedPool.configuration} of the time at which it got it. */
  readonly configuration: number;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** A node pool of an emulated cluster. */
export interface EmulatedPool {
  /** The id that a program gives as `nodePoolId` (`metadata.uid`). */
  readonly id: string;
  /** The pool's name (`metadata.name`). */
  readonly name: string;
  /** In the order in which they were added. */
  readonly nodes: readonly EmulatedNode[];
  /** Which configuration it has: 1 at first, one more with each {@link EmulatedCluster.changeConfiguration}. */
  readonly configuration: number;
}

/** How the next resets of a node go wrong. */
export interface NodeFailure {
  /**
   * The phase in which the reset ends in place of `Active`; default `Error`. A phase that a reset passes through, such
   * as `Installing`, makes the node stay there for as long again.
   */
  readonly phase?: string;
  /** The reason that the node and its sub-job show. */
  readonly reason?: string;
  /** How many resets fail; default every one. */
  readonly times?: number;
}

/** A sync that somebody else starts. */
export interface OthersSync {
  /** The nodes, in the order of the batches; all of the pool when left out. */
  readonly nodeIds?: readonly string[];
  /** How many nodes are reset at a time; default 1. */
  readonly maxUnavailable?: number;
  /** What is sent as `nodeTemplate`. */
  readonly nodeTemplate?: unknown;
}

/** How slow a sync is; all in seconds of the nodes' time. */
export interface SyncPace {
  /** How much later than usual it begins; default 0. */
  readonly beginsAfter?: number;
  /** What the reset of each of its nodes takes; default what it always takes. */
  readonly resetSeconds?: number;
}

/** What the autoscaler does to a pool. */
export interface Scaling {
  /** How many nodes it adds: `Installing` at once, `Active` at the end; default 0. */
  readonly add?: number;
  /** The ids of nodes that it removes: `Deleting` at once, gone at the end; default none. */
  readonly remove?: readonly string[];
  /** How long it takes, in seconds of the nodes' time; default 60. */
  readonly seconds?: number;
}

/** A scaling that has begun. */
export interface StartedScaling {
  /** The job that the pool's status names, where the profile lets it; it succeeds when the scaling ends. */
  readonly jobId: string;
  /** The nodes that are added. */
  readonly added: readonly EmulatedNode[];
}
