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
  /** CCE's `status.phase`: `Active`, `Installing`, `Error`, … */
  readonly phase: string;
  /** Why it is in that phase, when it was told to fail. */
  readonly reason?: string;
  /** Whether its configuration is that of its pool. */
  readonly upToDate: boolean;
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
}

/** How the next resets of a node go wrong. */
export interface NodeFailure {
  /**
   * The phase in which the reset ends in place of `Active`; default `Error`. A phase that a reset passes through, such
   * as `Installing`, makes the node stay there for as long again.
   */
  readonly phase?: string;
  /** The reason that the node and its sub-job tell. */
  readonly reason?: string;
  /** How many resets fail; default every one. */
  readonly times?: number;
}

/** An emulated cluster, and what can be done to it behind the API's back. */
export interface EmulatedCluster {
  /** The id that a program gives as `clusterId` (`metadata.uid`). */
  readonly id: string;
  /** The project that it belongs to. */
  readonly projectId: string;
  /** CCE's `status.phase` of a cluster; anything but `Available` refuses syncs. */
  readonly phase: string;
  /** The node pools, without the default pool. */
  readonly pools: readonly EmulatedPool[];
  /** The nodes that belong to no pool. */
  readonly defaultPool: EmulatedPool;
  /** Sets the phase, for example `Hibernation` or `Unavailable`. */
  setPhase(phase: string): void;
  /** Adds a pool with so many nodes. */
  addPool(name: string, nodes: number): EmulatedPool;
  /** Removes a pool with its nodes at once. @throws Error for {@link defaultPoolId}, and when there is no such pool. */
  removePool(poolId: string): void;
  /** Adds a node, `Active` unless told otherwise. @throws Error when there is no such pool. */
  addNode(poolId: string, phase?: string): EmulatedNode;
  /** Removes a node at once, in the middle of a sync too. */
  removeNode(nodeId: string): void;
  /** Puts a node into a phase, as if something had happened to it. */
  setNodePhase(nodeId: string, phase: string, reason?: string): void;
  /** Lets the pool's configuration change: its nodes are behind it until they are reset. */
  changeConfiguration(poolId: string): void;
  /** Lets the pool scale for so many seconds of the nodes' time; syncs are refused meanwhile. */
  startScaling(poolId: string, seconds: number): void;
  /** Lets the node's next resets fail. */
  failNode(nodeId: string, failure?: NodeFailure): void;
  /** Lets the node disappear at the moment at which its next reset would end. */
  vanish(nodeId: string): void;
  /** Lets the next sync be accepted and then fail as a task, with this reason and before it touches a node. */
  failNextJob(reason: string): void;
  /** Lets the service forget all jobs, as it does after a time: they are not found from now on. */
  forgetJobs(): void;
}
