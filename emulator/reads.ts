import { invalidRequest, notFound } from "./errors.ts";
import { defaultPoolId } from "./model.ts";
import { clusterView, jobView, nodePage, poolList, poolView } from "./views.ts";
import { clusterOf, type Handler, ok } from "./world.ts";

const largestPage = 2000;

/** ShowCluster. */
export const showCluster: Handler = ({ parts }, world) => {
  const cluster = clusterOf(parts, world);
  return cluster === undefined ? notFound.cluster : ok(clusterView(cluster));
};

/** ListNodePools; the default pool is in it when `showDefaultNodePool=true` asks for it. */
export const listPools: Handler = ({ parts, query }, world) => {
  const cluster = clusterOf(parts, world);
  if (cluster === undefined) return notFound.cluster;
  const withDefault = query.get("showDefaultNodePool") === "true";
  return ok(poolList(withDefault ? [cluster.defaultPool, ...cluster.pools] : cluster.pools, cluster));
};

/** ShowNodePool; whether it knows the default pool is documented nowhere. */
export const showPool: Handler = ({ parts }, world) => {
  const cluster = clusterOf(parts, world);
  if (cluster === undefined) return notFound.cluster;
  const pool = cluster.pool(parts.pool ?? "");
  const shown = pool !== undefined && (pool.id !== defaultPoolId || world.profile.showsDefaultPool);
  return shown ? ok(poolView(pool, cluster)) : notFound.pool;
};

/** ListNodes, page by page. */
export const listNodes: Handler = ({ parts, query }, world) => {
  const cluster = clusterOf(parts, world);
  if (cluster === undefined) return notFound.cluster;
  const limit = Number(query.get("limit") ?? largestPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
    return invalidRequest(`limit must be 1 to ${largestPage}`);
  }
  return ok(nodePage(cluster, limit, query.get("marker") ?? ""));
};

/** ShowJob. */
export const showJob: Handler = ({ parts }, { clusters, profile }) => {
  for (const cluster of profile.showsJob ? clusters.values() : []) {
    const job = cluster.job(parts.job ?? "");
    if (job !== undefined) return ok(jobView(job, cluster));
  }
  return notFound.job;
};
