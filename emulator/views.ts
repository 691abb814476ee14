import type { Cluster } from "./cluster.ts";
import type { Node, Pool } from "./inventory.ts";
import type { Job, SubJob } from "./jobs.ts";
import { defaultPoolId } from "./model.ts";
import { poolStatus } from "./poolStatus.ts";

/** The service's JSON for what the emulator keeps, with the field names of CCE's documentation. */

const clusterVersion = "v1.31";
const flavor = "s6.large.2";
const zone = "zone-1";
const os = "Huawei Cloud EulerOS 2.0";

/** CCE's own spelling of a time: `2020-02-02 08:12:40.124000000 +0000 UTC`. */
function cceTime(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)}000000 +0000 UTC`;
}

/** A cluster (ShowCluster). */
export function clusterView({ id, phase }: Cluster) {
  return {
    kind: "Cluster",
    apiVersion: "v3",
    metadata: { name: "emulated", uid: id },
    spec: { category: "CCE", type: "VirtualMachine", version: clusterVersion, flavor: "cce.s2.xlarge" },
    status: { phase },
  };
}

/** The list of node pools (ListNodePools, which knows no pages). */
export function poolList(pools: readonly Pool[], cluster: Cluster) {
  return { kind: "List", apiVersion: "v3", items: pools.map((pool) => poolView(pool, cluster)) };
}

/** A node pool (ShowNodePool). */
export function poolView(pool: Pool, cluster: Cluster) {
  const { profile, now } = cluster.rules;
  const status = poolStatus(pool, cluster);
  const condition = (type: string, holds: boolean, since: number) => ({
    type,
    status: holds ? "True" : "False",
    lastProbeTime: cceTime(now()),
    lastTransitTime: cceTime(since),
    reason: "",
    message: "",
  });
  const synchronizing = condition("ConfigurationSynchronizing", status.synchronizing, status.changedAt);
  const conditionShown =
    profile.condition === "always" || (profile.condition === "whenTrue" && status.synchronizing);
  return {
    kind: "NodePool",
    apiVersion: "v3",
    metadata: {
      name: pool.name,
      uid: pool.id,
      creationTimestamp: cceTime(pool.createdAt),
      updateTimestamp: cceTime(status.changedAt),
    },
    spec: {
      type: "vm",
      initialNodeCount: pool.nodes.length,
      nodeTemplate: { flavor, az: zone, os, login: { userPassword: {} } },
    },
    status: {
      phase: status.scaling ? "Synchronizing" : "",
      currentNode: pool.nodes.length,
      activeNode: status.activeNodes,
      creatingNode: status.scaling ? 1 : 0,
      deletingNode: 0,
      configurationSyncedNodeCount: status.syncedNodes,
      conditions: [
        condition("Scalable", !status.scaling, pool.createdAt),
        ...(conditionShown ? [synchronizing] : []),
      ],
      ...(profile.poolNamesJob && status.latest !== undefined ? { jobId: status.latest.job.id } : {}),
    },
  };
}

/** One page of nodes (ListNodes): those whose ids come after the marker, whether or not its node is still there. */
export function nodePage(cluster: Cluster, limit: number, marker: string) {
  const { nodes } = cluster;
  const first = nodes.findIndex(({ id }) => id > marker);
  const page = first < 0 ? [] : nodes.slice(first, first + limit);
  const more = page.length > 0 && first + limit < nodes.length;
  return {
    kind: "List",
    apiVersion: "v3",
    items: page.map((node) => nodeView(node, cluster)),
    pageInfo: { currentCount: page.length, ...(more ? { nextMarker: page.at(-1)?.id } : {}) },
  };
}

function nodeView(node: Node, cluster: Cluster) {
  const { profile, now, resetTime } = cluster.rules;
  const lagging = now() < node.updatedAt + profile.upToDateLag * resetTime;
  const upToDate = lagging ? node.before.upToDate && node.upToDate : node.upToDate;
  return {
    kind: "Node",
    apiVersion: "v3",
    metadata: {
      name: node.name,
      uid: node.id,
      creationTimestamp: cceTime(node.createdAt),
      updateTimestamp: cceTime(profile.updateTimes ? node.updatedAt : node.createdAt),
      ...ownership(node),
    },
    spec: { flavor, az: zone, os, login: { userPassword: {} } },
    status: {
      phase: node.phase,
      lastProbeTime: cceTime(now()),
      serverId: node.serverId,
      ...(node.reason !== undefined && profile.nodeReasons ? { reason: node.reason } : {}),
      ...(profile.upToDateField ? { configurationUpToDate: upToDate } : {}),
    },
  };
}

/** How a node says which pool it is in; one outside pools has a key of zone, flavor and system in the pool's place. */
function ownership({ poolId, poolName }: Node) {
  const annotation = "kubernetes.io/node-pool.id";
  if (poolId === defaultPoolId)
    return { labels: {}, annotations: { [annotation]: `${zone}#${flavor}#${os}` } };
  return {
    labels: { "cce.cloud.com/cce-nodepool": poolName, "cce.cloud.com/cce-nodepool-id": poolId },
    annotations: { [annotation]: poolId },
    ownerReferences: { nodepoolName: poolName, nodepoolID: poolId },
  };
}

/** A job with its sub-jobs (ShowJob). */
export function jobView(job: Job, { id: clusterUID }: Cluster) {
  const view = (uid: string, type: string, resource: [id: string, name: string], subJobs: unknown[]) => ({
    kind: "Job",
    apiVersion: "v3",
    metadata: {
      uid,
      creationTimestamp: cceTime(job.createdAt),
      updateTimestamp: cceTime(job.updatedAt),
    },
    spec: { type, clusterUID, resourceID: resource[0], resourceName: resource[1], extendParam: {}, subJobs },
  });
  const subJobs = [...job.subJobs.values()].map((subJob) => ({
    ...view(subJob.id, "ResetNode", [subJob.nodeId, subJob.nodeName], []),
    status: outcome(subJob),
  }));
  return {
    ...view(job.id, "UpgradeNodePool", [job.poolId, job.poolName], subJobs),
    status: outcome(job),
  };
}

function outcome({ phase, reason }: Job | SubJob) {
  return { phase, ...(reason === undefined ? {} : { reason }) };
}
