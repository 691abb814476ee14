import { randomUUID } from "node:crypto";
import type { EmulatedNode, EmulatedPool } from "./model.ts";
import type { SyncRun } from "./syncRun.ts";

/** A node as the cluster keeps it. */
export interface Node extends EmulatedNode {
  readonly poolName: string;
  phase: string;
  reason?: string;
  upToDate: boolean;
  updatedAt: number;
  /** What it was before `updatedAt`, for views that lag behind. */
  before: { readonly phase: string; readonly upToDate: boolean };
}

/** A node pool as the cluster keeps it. */
export interface Pool extends EmulatedPool {
  readonly createdAt: number;
  readonly nodesById: Map<string, Node>;
  readonly nodes: readonly Node[];
  /** Every sync of the pool, the latest one last. */
  readonly runs: SyncRun[];
  /** In milliseconds since 1970. */
  scalingUntil: number;
}

/** A pool without nodes. */
export function newPool(id: string, name: string, createdAt: number): Pool {
  const nodesById = new Map<string, Node>();
  return {
    id,
    name,
    createdAt,
    nodesById,
    get nodes() {
      return [...nodesById.values()];
    },
    runs: [],
    scalingUntil: 0,
  };
}

/**
 * A node of the pool, up to date. The number, which counts the nodes of the cluster, makes its name and begins its id:
 * ids ascend, for pages that follow them to list the nodes in the order in which they were added.
 */
export function newNode(pool: Pool, number: number, phase: string, createdAt: number): Node {
  return {
    id: `${number.toString(16).padStart(8, "0")}${randomUUID().slice(8)}`,
    name: `${pool.name.toLowerCase()}-node-${number}`,
    poolId: pool.id,
    poolName: pool.name,
    serverId: randomUUID(),
    phase,
    upToDate: true,
    createdAt,
    updatedAt: createdAt,
    before: { phase, upToDate: true },
  };
}

/** Changes a node, and keeps what it was. */
export function changeNode(
  node: Node,
  change: { readonly phase: string; readonly reason?: string; readonly upToDate?: boolean },
  at: number,
): void {
  node.before = { phase: node.phase, upToDate: node.upToDate };
  node.phase = change.phase;
  node.reason = change.reason;
  node.upToDate = change.upToDate ?? node.upToDate;
  node.updatedAt = at;
}
