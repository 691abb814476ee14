import type { ClusterState } from "../cluster/clusterState.ts";
import { type Node, type Pool, saysUpToDate, stateAt } from "../cluster/inventory.ts";
import { defaultPoolId } from "../cluster/model.ts";
import { type PoolStatus, poolStatus } from "../cluster/poolStatus.ts";

/** The service's JSON for what the emulator keeps, with the field names of CCE's documentation. */

const clusterVersion = "v1.31";
const flavor = "s6.large.2";
const os = "Huawei Cloud EulerOS 2.0";

/** CCE's own spelling of a time: `2020-02-02 08:12:40.124000000 +0000 UTC`. */
export function cceTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000000 +0000 UTC`;
}

/** A cluster (ShowCluster). */
export function clusterView({ id, phase, createdAt }: ClusterState) {
  return {
    kind: "Cluster",
    apiVersion: "v3",
    metadata: {
      name: "emulated",
      uid: id,
      creationTimestamp: cceTime(createdAt),
      updateTimestamp: cceTime(createdAt),
    },
    spec: { category: "CCE", type: "VirtualMachine", version: clusterVersion, flavor: "cce.s2.xlarge" },
    status: { phase },
  };
}

/** How reads are answered. */
export interface Viewing {
  /** How far back to look, in milliseconds; the answer of a replica that is behind. */
  readonly lag: number;
}

/** How reads of pools are answered. */
export interface PoolViewing extends Viewing {
  /** Whether the conditions are those of the whole pool (`advanceStatus`). */
  readonly wholePool: boolean;
}

/** The list of node pools (ListNodePools, which knows no pages). */
export function poolList(pools: readonly Pool[], cluster: ClusterState, viewing: PoolViewing) {
  return { kind: "List", apiVersion: "v3", items: pools.map((pool) => poolView(pool, cluster, viewing)) };
}

/** A node pool (ShowNodePool). */
export function poolView(pool: Pool, cluster: ClusterState, { lag, wholePool }: PoolViewing) {
  const { profile } = cluster.rules;
  const status = poolStatus(pool, cluster, lag);
  const { updatedAt, jobId } = status;
  return {
    kind: "NodePool",
    apiVersion: "v3",
    metadata: {
      name: pool.name,
      uid: pool.id,
      creationTimestamp: cceTime(pool.createdAt),
      ...(updatedAt === undefined ? {} : { updateTimestamp: cceTime(updatedAt) }),
    },
    spec: {
      type: "vm",
      initialNodeCount: pool.nodes.length,
      nodeTemplate: { flavor, az: "random", os, login: { userPassword: {} } },
    },
    status: {
      phase: status.scaling ? "Synchronizing" : "",
      currentNode: status.currentNodes,
      activeNode: status.activeNodes,
      creatingNode: status.scaling ? Math.max(1, status.creatingNodes) : 0,
      deletingNode: status.deletingNodes,
      configurationSyncedNodeCount: status.syncedNodes,
      conditions: conditions(pool, cluster, status, wholePool),
      ...(profile.poolNamesJob && jobId !== undefined ? { jobId } : {}),
    },
  };
}

function conditions(pool: Pool, { rules }: ClusterState, status: PoolStatus, wholePool: boolean) {
  const { profile, now } = rules;
  const condition = (type: string, holds: boolean, since: number) => ({
    type,
    status: holds ? "True" : "False",
    lastProbeTime: cceTime(now()),
    lastTransitTime: cceTime(since),
    reason: "",
    message: "",
  });
  const { synchronizing, changedAt } = status;
  const shown =
    (wholePool || profile.advanceStatus !== "needed") &&
    (profile.condition === "always" || (profile.condition === "whenTrue" && synchronizing));
  return [
    condition("Scalable", !status.scaling, pool.createdAt),
    ...(shown ? [condition("ConfigurationSynchronizing", synchronizing, changedAt)] : []),
  ];
}

/** One page of nodes (ListNodes): those whose ids come after the marker, whether or not its node is still there. */
export function nodePage(cluster: ClusterState, limit: number, marker: string, viewing: Viewing) {
  const nodes = cluster.nodes(viewing.lag);
  const first = nodes.findIndex(({ id }) => id > marker);
  const page = first < 0 ? [] : nodes.slice(first, first + limit);
  const more = page.length > 0 && first + limit < nodes.length;
  return {
    kind: "List",
    apiVersion: "v3",
    items: page.map((node) => nodeView(node, cluster, viewing)),
    pageInfo: { currentCount: page.length, ...(more ? { nextMarker: page.at(-1)?.id } : {}) },
  };
}

const probeAge = 10 * 60_000;

/** A node (ShowNode). */
export function nodeView(node: Node, cluster: ClusterState, { lag }: Viewing) {
  const { profile, now } = cluster.rules;
  const time = now() - lag;
  const { phase, reason, updatedAt, labels } = stateAt(node, time);
  const latestUpdate = node.alwaysUpdated ? time : updatedAt;
  const { labels: poolLabels, ...ownership } = ownershipOf(node);
  const probedAt = profile.probes === "old" ? time - probeAge : time;
  return {
    kind: "Node",
    apiVersion: "v3",
    metadata: {
      name: node.name,
      uid: node.id,
      creationTimestamp: cceTime(node.createdAt),
      updateTimestamp: cceTime(profile.updateTimes ? latestUpdate : node.createdAt),
      labels: { ...poolLabels, ...labels },
      ...ownership,
    },
    spec: { flavor, ...(profile.zoneField ? { az: node.zone } : {}), os, login: { userPassword: {} } },
    status: {
      phase,
      ...(profile.probes === "absent" ? {} : { lastProbeTime: cceTime(probedAt) }),
      serverId: node.serverId,
      ...(reason !== undefined && profile.nodeReasons ? { reason } : {}),
      ...(profile.upToDateField ? { configurationUpToDate: saysUpToDate(node, time) } : {}),
    },
  };
}

/** How a node says which pool it is in; one outside pools has a key of zone, flavor and system in the pool's place. */
function ownershipOf({ poolId, poolName, zone }: Node) {
  const annotation = "kubernetes.io/node-pool.id";
  if (poolId === defaultPoolId)
    return { labels: {}, annotations: { [annotation]: `${zone}#${flavor}#${os}` } };
  return {
    labels: { "cce.cloud.com/cce-nodepool": poolName, "cce.cloud.com/cce-nodepool-id": poolId },
    annotations: { [annotation]: poolId },
    ownerReferences: { nodepoolName: poolName, nodepoolID: poolId },
  };
}
