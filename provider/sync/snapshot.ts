import type { Cce } from "../cce/client.ts";
import type { Node, NodePool } from "../cce/model.ts";
import { ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";

/** One look at a cluster. */
export interface ClusterView {
  /** When the look began; what the service did before is in it. */
  readonly begunAt: number;
  readonly pools: readonly NodePool[];
  /** The nodes by id, in the order of their names; undefined when the credentials may not list them. */
  readonly nodes?: ReadonlyMap<string, Node>;
}

/**
 * Looks at one cluster for everybody who waits on a pool of it: however many they are, the node list and the pool
 * list are read once.
 */
export interface ClusterReader {
  /** The look of the current slot of time; slots are one interval long, so that waits fall into step. */
  look(): Promise<ClusterView>;
  /** A look to act on: the latest one when it began within a fifth of an interval before now, else a new one. */
  lookFresh(): Promise<ClusterView>;
}

/** How old a look may be that something is decided on, in intervals. */
const freshness = 0.2;

/** Opens the reader of one cluster. */
export function openClusterReader(
  cce: Cce,
  clusterId: string,
  interval: number,
  clock: Clock,
): ClusterReader {
  let latest: { readonly begunAt: number; readonly view: Promise<ClusterView> } | undefined;

  const lookSince = (time: number) => {
    if (latest === undefined || latest.begunAt < time) {
      const begunAt = clock.now();
      const view = readCluster(cce, clusterId, begunAt);
      latest = { begunAt, view };
      // A failed look serves those who wait for it, and nobody after them.
      view.catch(() => {
        if (latest?.view === view) latest = undefined;
      });
    }
    return latest.view;
  };
  return {
    look: () => lookSince(Math.floor(clock.now() / interval) * interval),
    lookFresh: () => lookSince(clock.now() - interval * freshness),
  };
}

async function readCluster(cce: Cce, clusterId: string, begunAt: number): Promise<ClusterView> {
  const [pools, nodes] = await Promise.all([
    cce.listNodePools(clusterId),
    listNodesIfAllowed(cce, clusterId),
  ]);
  return { begunAt, pools, nodes: nodes && byId(nodes) };
}

/** In the order of their names, in which people read them; the service lists nodes in an order of its own. */
function byId(nodes: readonly Node[]): ReadonlyMap<string, Node> {
  const inOrder = nodes.toSorted((a, b) => names.compare(a.name, b.name));
  return new Map(inOrder.map((node) => [node.id, node]));
}

const names = new Intl.Collator("en", { numeric: true });

async function listNodesIfAllowed(cce: Cce, clusterId: string): Promise<Node[] | undefined> {
  try {
    return await cce.listNodes(clusterId);
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return undefined;
    throw error;
  }
}
