import type { JobFailure } from "./jobs.ts";
import type {
  EmulatedNode,
  EmulatedPool,
  NodeFailure,
  OthersSync,
  Scaling,
  StartedScaling,
  SyncPace,
} from "./model.ts";
import type { AcceptedSync } from "./requestLog.ts";
import type { NodeReset } from "./resetLog.ts";

/**
 * An emulated cluster, and what can be done to it behind the API's back. Everything can be called at any time, during a
 * sync too.
 */
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
  /**
   * What really happened to the node, or to every node, in the order in which it began: each reset with its cause, its
   * start and its end. It does not depend on what the API shows, and holds resets of nodes that are gone.
   */
  resetLog(nodeId?: string): readonly NodeReset[];
  /** Sets the phase, for example `Hibernation` or `Unavailable`. */
  setPhase(phase: string): void;
  /**
   * Upgrades the cluster: it and its active nodes are in phase `Upgrading` for so many seconds of the nodes' time,
   * default 60, and none of them is reset.
   */
  upgrade(seconds?: number): void;
  /** Adds a pool with so many nodes. */
  addPool(name: string, nodes: number): EmulatedPool;
  /** Removes a pool with its nodes at once. @throws Error for {@link defaultPoolId}, and when there is no such pool. */
  removePool(poolId: string): void;
  /** Adds a node with the pool's configuration, `Active` unless `phase` says otherwise. @throws Error when there is no such pool. */
  addNode(poolId: string, phase?: string, zone?: string): EmulatedNode;
  /** Removes a node at once, in the middle of a sync too. */
  removeNode(nodeId: string): void;
  /** Puts another node in the place of a node: with its name and zone, a new id and a new server. */
  replaceNode(nodeId: string): EmulatedNode;
  /** Puts a node into a phase, as if something had happened to it. Put it back the same way. */
  setNodePhase(nodeId: string, phase: string, reason?: string): void;
  /** Edits the labels of nodes: nothing but their labels and update times changes. */
  editLabels(...nodeIds: readonly string[]): void;
  /** Lets a node say for ever that it is not up to date, whatever is true; `false` ends it. */
  alwaysOutdated(nodeId: string, always?: boolean): void;
  /** Lets the node's update time be that of each read, as if its record were written all the time; `false` ends it. */
  alwaysUpdated(nodeId: string, always?: boolean): void;
  /**
   * Lets the pool's configuration change: its nodes are behind it until they are reset. Whether a reset that has begun
   * takes it in, the profile says.
   * @param flagsLag for how many seconds of the nodes' time nodes that were up to date go on saying that they are.
   */
  changeConfiguration(poolId: string, flagsLag?: number): void;
  /** Lets the pool scale for so many seconds of the nodes' time; syncs are refused meanwhile. */
  startScaling(poolId: string, seconds: number): void;
  /**
   * Lets the autoscaler add and remove nodes, with a job of its own on the pool's status; syncs are refused meanwhile.
   * @throws Error when one of the nodes is not in the pool.
   */
  autoscale(poolId: string, scaling: Scaling): StartedScaling;
  /**
   * Lets somebody else sync the pool, with no request to the emulator.
   * @throws Error when the service would refuse it, for example because another sync runs.
   */
  syncByOthers(poolId: string, sync?: OthersSync): AcceptedSync;
  /**
   * Resets one node outside any sync: by hand, or as the repair of a broken node (phase `Repairing`). It is back with its
   * pool's configuration, after the time of a reset.
   */
  resetNode(nodeId: string, cause?: "manual" | "repair"): void;
  /** Lets the node's next resets fail. */
  failNode(nodeId: string, failure?: NodeFailure): void;
  /** Lets the node disappear at the moment at which its next reset would end. */
  vanish(nodeId: string): void;
  /** Lets the next sync be accepted and then fail as a task, by default before it touches a node. */
  failNextJob(failure: string | JobFailure): void;
  /** Lets the next sync be slower than the profile has it. */
  slowNextSync(pace: SyncPace): void;
  /** Lets the service forget all jobs, as it does after a time: they are not found from now on. */
  forgetJobs(): void;
}
