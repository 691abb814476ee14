import type { CceClient } from "../cce/client.ts";
import { byName, type Node, type NodePool, serviceTime } from "../cce/model.ts";
import { ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";

/** What one look at a cluster shows. */
export interface ClusterSnapshot {
  /** When the look began, on the monotonic clock; what the service did before is in it. */
  readonly readAt: number;
  /** The same moment by the service's own clock, in milliseconds since 1970; undefined when it does not say. */
  readonly serviceTime?: number;
  readonly pools: readonly NodePool[];
  /** The nodes by id, in the order of their names; undefined when the credentials may not list them. */
  readonly nodes?: ReadonlyMap<string, Node>;
}

/**
 * Reads one cluster for everybody who waits on a pool of it: however many they are, the node list and the pool list
 * are read once.
 */
export interface ClusterReader {
  /** The snapshot of the current slot of time; slots are one interval long, so that waits fall into step. */
  snapshot(): Promise<ClusterSnapshot>;
  /** A snapshot to act on: the latest one when it began within a fifth of an interval before now, else a newer one. */
  freshSnapshot(): Promise<ClusterSnapshot>;
  /**
   * A snapshot that began at this time of the monotonic clock or later. All who ask while an older one is being read, or
   * shortly after, share the next one: runs that begin or send one by one do not cost a read each.
   */
  snapshotSince(time: number): Promise<ClusterSnapshot>;
}

/** How old a snapshot may be that something is decided on, in intervals. */
const freshness = 0.2;
/** How long after a read of their kind those wait for others to join them who need a newer one, in times of that read. */
const gathering = 4;

/**
 * The reader of one cluster.
 * @param signal ends every read, when the user interrupts.
 */
export function createClusterReader(
  client: CceClient,
  clusterId: string,
  interval: number,
  clock: Clock,
  signal: AbortSignal,
): ClusterReader {
  const newest = createNewestRecords();
  let latest: { readonly readAt: number; readonly snapshot: Promise<ClusterSnapshot> } | undefined;
  let reading: Promise<unknown> | undefined;
  let next: Promise<ClusterSnapshot> | undefined;
  let nextReadAt = 0;
  let wantedSince = 0;

  const read = () => {
    const readAt = clock.monotonic();
    const snapshot = readCluster(client, clusterId, readAt, signal).then(newest);
    latest = { readAt, snapshot };
    // A failed read serves those who wait for it, and nobody after them.
    const settled = snapshot
      .catch(() => {
        if (latest?.snapshot === snapshot) latest = undefined;
      })
      .finally(() => {
        if (reading === settled) reading = undefined;
      });
    reading = settled;
    return snapshot;
  };
  const readSince = (time: number) =>
    latest === undefined || latest.readAt < time ? read() : latest.snapshot;
  return {
    snapshot: () => readSince(Math.floor(clock.monotonic() / interval) * interval),
    freshSnapshot: () => snapshotSince(clock.monotonic() - interval * freshness),
    snapshotSince,
  };

  async function snapshotSince(time: number): Promise<ClusterSnapshot> {
    if (latest !== undefined && latest.readAt >= time) return latest.snapshot;
    wantedSince = Math.max(wantedSince, time);
    next ??= gatherAndRead();
    return next;
  }

  async function gatherAndRead(): Promise<ClusterSnapshot> {
    await reading;
    const pause = nextReadAt - clock.monotonic();
    if (pause > 0) await clock.sleep(pause, signal);
    next = undefined;
    const begun = clock.monotonic();
    const snapshot = readSince(wantedSince);
    const settled = () => {
      const ended = clock.monotonic();
      nextReadAt = ended + Math.min(gathering * (ended - begun), interval);
    };
    snapshot.then(settled, settled);
    return snapshot;
  }
}

async function readCluster(
  client: CceClient,
  clusterId: string,
  readAt: number,
  signal: AbortSignal,
): Promise<ClusterSnapshot> {
  const [pools, nodes] = await Promise.all([
    client.listNodePools(clusterId, signal),
    listNodesIfAllowed(client, clusterId, signal),
  ]);
  return { readAt, serviceTime: client.serviceTime(), pools, nodes: nodes && byId(nodes) };
}

/** In the order of their names, in which people read them; the service lists nodes in an order of its own. */
function byId(nodes: readonly Node[]): ReadonlyMap<string, Node> {
  const inOrder = nodes.toSorted((a, b) => byName(a.name, b.name));
  return new Map(inOrder.map((node) => [node.id, node]));
}

async function listNodesIfAllowed(
  client: CceClient,
  clusterId: string,
  signal: AbortSignal,
): Promise<Node[] | undefined> {
  try {
    return await client.listNodes(clusterId, signal);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return undefined;
    throw error;
  }
}

/**
 * Puts the newest record that was seen of each node and pool in place of an older one: a replica that lags behind shows
 * them as they were. Nodes are compared by their update times and pools by that and the last change of their condition;
 * where these are missing, the latest read counts.
 */
function createNewestRecords(): (snapshot: ClusterSnapshot) => ClusterSnapshot {
  let known = new Map<string, Node>();
  const knownPools = new Map<string, NodePool>();
  const newestPool = (pool: NodePool) => {
    const before = knownPools.get(pool.id);
    const isOld =
      isBefore(pool.transition, before?.transition) || isBefore(pool.updatedAt, before?.updatedAt);
    const newest = before !== undefined && isOld ? before : pool;
    knownPools.set(pool.id, newest);
    return newest;
  };
  return (given) => {
    const snapshot = { ...given, pools: given.pools.map(newestPool) };
    if (snapshot.nodes === undefined) return snapshot;
    const nodes = new Map<string, Node>();
    for (const [id, node] of snapshot.nodes) {
      const before = known.get(id);
      nodes.set(id, before !== undefined && isBefore(node.updatedAt, before.updatedAt) ? before : node);
    }
    // A node that one list lacks may be back in the next, and its records still have an order.
    known = new Map([...known, ...nodes]);
    return { ...snapshot, nodes };
  };
}

function isBefore(one: string | undefined, other: string | undefined): boolean {
  if (one === other) return false;
  const [first, second] = [serviceTime(one), serviceTime(other)];
  return first !== undefined && second !== undefined && first < second;
}
