import { invalidRequest, notFound } from "../cluster/errors.ts";
import type { Pool } from "../cluster/inventory.ts";
import { defaultPoolId } from "../cluster/model.ts";
import type { Profile } from "../cluster/profiles.ts";
import { jobView } from "./jobView.ts";
import { type Call, clusterOf, type Handler, lagOf, ok } from "./serviceContext.ts";
import { clusterView, nodePage, nodeView, poolList, poolView } from "./views.ts";

const largestPage = 2000;

/** ShowCluster. */
export const showCluster: Handler = ({ parts }, context) => {
  const cluster = clusterOf(parts, context);
  return cluster === undefined ? notFound.cluster : ok(clusterView(cluster));
};

/** ListNodePools; the default pool is in it when `showDefaultNodePool=true` asks for it. */
export const listPools: Handler = (call, context) => {
  const cluster = clusterOf(call.parts, context);
  if (cluster === undefined) return notFound.cluster;
  const refused = refuseAdvanceStatus(call, context.profile);
  if (refused !== undefined) return refused;
  const withDefault = call.query.get("showDefaultNodePool") === "true";
  const pools: readonly Pool[] = withDefault ? [cluster.defaultPool, ...cluster.pools] : cluster.pools;
  const viewing = { lag: lagOf("pools", call, context), wholePool: asksForWholePool(call) };
  return ok(poolList(pools, cluster, viewing));
};

/** ShowNodePool; whether it knows the default pool is documented nowhere. */
export const showPool: Handler = (call, context) => {
  const cluster = clusterOf(call.parts, context);
  if (cluster === undefined) return notFound.cluster;
  const refused = refuseAdvanceStatus(call, context.profile);
  if (refused !== undefined) return refused;
  const pool = cluster.pool(call.parts.pool ?? "");
  const shown = pool !== undefined && (pool.id !== defaultPoolId || context.profile.showsDefaultPool);
  return shown ? ok(poolView(pool, cluster, { lag: 0, wholePool: asksForWholePool(call) })) : notFound.pool;
};

/** ListNodes, page by page. */
export const listNodes: Handler = (call, context) => {
  const { parts, query } = call;
  const cluster = clusterOf(parts, context);
  if (cluster === undefined) return notFound.cluster;
  const limit = Number(query.get("limit") ?? largestPage);
  if (!Number.isInteger(limit) || limit < 1 || limit > largestPage) {
    return invalidRequest(`limit must be 1 to ${largestPage}`);
  }
  return ok(nodePage(cluster, limit, query.get("marker") ?? "", { lag: lagOf("nodes", call, context) }));
};

/** ShowNode. */
export const showNode: Handler = ({ parts }, context) => {
  const cluster = clusterOf(parts, context);
  if (cluster === undefined) return notFound.cluster;
  const node = cluster.node(parts.node ?? "");
  return node === undefined ? notFound.node : ok(nodeView(node, cluster, { lag: 0 }));
};

/** ShowJob. */
export const showJob: Handler = ({ parts }, { clusters, profile }) => {
  for (const cluster of profile.showsJob ? clusters.values() : []) {
    const job = cluster.job(parts.job ?? "");
    if (job !== undefined) return ok(jobView(job, cluster));
  }
  return notFound.job;
};

function asksForWholePool({ query }: Call): boolean {
  return query.get("advanceStatus") === "true";
}

/** The refusal of a parameter that the cloud does not know, or that is no boolean. */
function refuseAdvanceStatus({ query }: Call, { advanceStatus }: Profile) {
  const given = query.get("advanceStatus");
  if (given === null) return undefined;
  if (advanceStatus === "refused") return invalidRequest("unknown query parameter advanceStatus");
  return given === "true" || given === "false"
    ? undefined
    : invalidRequest("advanceStatus must be a boolean");
}
