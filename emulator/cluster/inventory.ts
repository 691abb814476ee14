import { randomUUID } from "node:crypto";
import type { Job } from "./jobs.ts";
import { defaultPoolId, type EmulatedNode, type EmulatedPool } from "./model.ts";
import type { SyncRun } from "./syncRun.ts";

/** What can change about a node. */
interface NodeState {
  phase: string;
  reason?: string;
  upToDate: boolean;
  configuration: number;
  updatedAt: number;
  /** What the node says of `upToDate` for a time, whatever is true. */
  claim?: { readonly upToDate: boolean; readonly until: number };
  labels: Readonly<Record<string, string>>;
}

/** A node as the cluster keeps it. */
export interface Node extends EmulatedNode, NodeState {
  phase: string;
  reason?: string;
  upToDate: boolean;
  configuration: number;
  updatedAt: number;
  readonly poolName: string;
  /** Whether it says for ever that it is not up to date. */
  alwaysBehind: boolean;
  /** Whether its update time is always now. */
  alwaysUpdated: boolean;
  /** What it was, oldest first, each until a time. */
  readonly past: (NodeState & { readonly until: number })[];
}

/** A node pool as the cluster keeps it. */
export interface Pool extends EmulatedPool {
  configuration: number;
  readonly createdAt: number;
  readonly nodesById: Map<string, Node>;
  readonly nodes: readonly Node[];
  /** Every sync of the pool, the latest one last. */
  readonly runs: SyncRun[];
  /** The jobs of its syncs and scalings, the latest one last. */
  readonly jobs: Job[];
  /** The times at which its configuration changed, in milliseconds since 1970. */
  readonly changes: number[];
  /** The latest scaling, in milliseconds since 1970. */
  scaling: { readonly since: number; readonly until: number };
}

/** How a node is added. */
export interface NewNode {
  readonly phase: string;
  readonly createdAt: number;
  readonly zone?: string;
  readonly name?: string;
}

/** The pools and nodes of one cluster, and for a time what they were. */
export class Inventory {
  readonly pools = new Map<string, Pool>();
  readonly #nodes = new Map<string, Node>();
  readonly #memory: number;
  readonly #zones: number;
  #gone: { readonly node: Node; readonly until: number }[] = [];
  #nodesEver = 0;

  /** @param memory for how long the past is kept, in milliseconds. */
  constructor(memory: number, zones: number) {
    this.#memory = memory;
    this.#zones = zones;
  }

  /** All nodes, in the order in which they were added, which is that of their ids. */
  get nodes(): readonly Node[] {
    return [...this.#nodes.values()];
  }

  node(id: string): Node | undefined {
    return this.#nodes.get(id);
  }

  /** @throws Error when there is no such pool. */
  requirePool(poolId: string): Pool {
    const pool = this.pools.get(poolId);
    if (pool === undefined) throw new Error(`no node pool ${poolId} in the emulated cluster`);
    return pool;
  }

  /** @throws Error when there is no such node. */
  requireNode(nodeId: string): Node {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId} in the emulated cluster`);
    return node;
  }

  /** The nodes that were there at a time, those that are gone since too. */
  nodesAt(at: number): readonly Node[] {
    const gone = this.#gone.filter(({ until }) => until > at).map(({ node }) => node);
    return [...gone, ...this.#nodes.values()]
      .filter(({ createdAt }) => createdAt <= at)
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  addPool(id: string, name: string, createdAt: number): Pool {
    const nodesById = new Map<string, Node>();
    const pool: Pool = {
      id,
      name,
      createdAt,
      nodesById,
      get nodes() {
        return [...nodesById.values()];
      },
      configuration: 1,
      runs: [],
      jobs: [],
      changes: [],
      scaling: { since: 0, until: 0 },
    };
    this.pools.set(id, pool);
    return pool;
  }

  /**
   * Adds a node, up to date. Its number, which counts the nodes of the cluster, makes its name and begins its id: ids
   * ascend, for pages that follow them to list the nodes in the order in which they were added.
   */
  addNode(pool: Pool, { phase, createdAt, zone, name }: NewNode): Node {
    this.#nodesEver += 1;
    const number = this.#nodesEver;
    const node: Node = {
      id: `${number.toString(16).padStart(8, "0")}${randomUUID().slice(8)}`,
      name: name ?? `${pool.name.toLowerCase()}-node-${number}`,
      poolId: pool.id,
      poolName: pool.name,
      serverId: randomUUID(),
      zone: zone ?? `zone-${(pool.nodesById.size % this.#zones) + 1}`,
      phase,
      upToDate: true,
      configuration: pool.configuration,
      createdAt,
      updatedAt: createdAt,
      labels: {},
      alwaysBehind: false,
      alwaysUpdated: false,
      past: [],
    };
    this.#nodes.set(node.id, node);
    pool.nodesById.set(node.id, node);
    return node;
  }

  /** Changes a node, and keeps what it was. */
  change(node: Node, change: Partial<NodeState>, at: number): void {
    const { phase, reason, upToDate, configuration, updatedAt, claim, labels } = node;
    node.past.push({ phase, reason, upToDate, configuration, updatedAt, claim, labels, until: at });
    while ((node.past[0]?.until ?? at) < at - this.#memory) node.past.shift();
    Object.assign(node, change);
  }

  remove(node: Node, at: number): void {
    this.#nodes.delete(node.id);
    this.pools.get(node.poolId)?.nodesById.delete(node.id);
    this.#gone = this.#gone.filter(({ until }) => until >= at - this.#memory);
    this.#gone.push({ node, until: at });
  }
}

/** What a node was at a time that the inventory still holds. */
export function stateAt(node: Node, at: number): Readonly<NodeState> {
  return node.past.find(({ until }) => until > at) ?? node;
}

/** What a node says at a time of whether it is up to date. */
export function saysUpToDate(node: Node, at: number): boolean {
  const { claim, upToDate } = stateAt(node, at);
  if (node.alwaysBehind) return false;
  return claim !== undefined && at < claim.until ? claim.upToDate : upToDate;
}

/** Whether a pool is one of those that programs name by id. */
export function isOwnPool({ id }: Pool): boolean {
  return id !== defaultPoolId;
}
