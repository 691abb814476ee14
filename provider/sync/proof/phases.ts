import type { Node } from "../../cce/model.ts";

/** Phases in which a node has a fault; two reads in a row make it a failure. */
const failurePhases = new Set(["Error", "RepairFailed", "Abnormal"]);

/** Phases in which nothing is being installed on a node, besides those of a fault. */
const idlePhases = new Set(["Active", "Repairing", "Deleting", ""]);

/** Whether the node has a fault. */
export function isFailing({ phase }: Pick<Node, "phase">): boolean {
  return failurePhases.has(phase);
}

/**
 * Whether the node is being installed, as in a reset. The set of phases is open: an unknown one counts.
 * @param clusterUpgrading whether the cluster itself is being upgraded, which shows on its nodes as `Upgrading`.
 */
export function isWorking({ phase }: Node, clusterUpgrading: boolean): boolean {
  if (phase === "Upgrading") return !clusterUpgrading;
  return !failurePhases.has(phase) && !idlePhases.has(phase);
}
