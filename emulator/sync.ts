import { cceError, invalidRequest, notFound } from "./errors.ts";
import { isSynchronizing } from "./poolStatus.ts";
import { parseSyncBody } from "./syncBody.ts";
import { poolView } from "./views.ts";
import { clusterOf, type Handler, ok } from "./world.ts";

const maxValidatedNodes = 200;

/**
 * UpgradeNodePool, "Synchronizing Node Configurations in a Node Pool". `nodeIDs` left out means all nodes of the pool;
 * no source says so, but nothing else would make sense. Which code refuses a second sync is not documented.
 */
export const synchronize: Handler = ({ parts, headers, body }, world) => {
  const cluster = clusterOf(parts, world);
  if (cluster === undefined) return notFound.cluster;
  const pool = cluster.pool(parts.pool ?? "");
  if (pool === undefined) return notFound.pool;
  if (!/^application\/json(;\s*charset=utf-8)?$/i.test(headers["content-type"] ?? "")) {
    return invalidRequest("Content-Type must be application/json");
  }
  const parsed = parseSyncBody(body);
  if ("problems" in parsed) return invalidRequest(parsed.problems);
  const { spec } = parsed;
  if (spec.nodePoolID !== pool.id) return invalidRequest("spec.nodePoolID is not the node pool of the path");
  const strangers = (spec.nodeIDs ?? []).filter((id) => !pool.nodesById.has(id));
  if (strangers.length > 0) return invalidRequest(`nodes that are not in the pool: ${strangers.join(", ")}`);
  const skipped = new Set(spec.skippedNodes);
  const targets = (spec.nodeIDs ?? [...pool.nodesById.keys()]).filter((id) => !skipped.has(id));
  if (spec.validateStorage === true && targets.length > maxValidatedNodes) {
    return invalidRequest(`spec.validateStorage goes with at most ${maxValidatedNodes} nodes`);
  }

  if (cluster.phase !== "Available") {
    return cceError(403, "CCE.01403009", `Forbidden: the cluster is ${cluster.phase}, not Available`);
  }
  if (pool.scalingUntil > world.now()) {
    return cceError(400, "CCE.01400023", "Resource conflict: the node pool is being scaled");
  }
  if (isSynchronizing(pool)) {
    const { status, code } = world.profile.whileRunning;
    return cceError(status, code, "The node pool is being synchronized");
  }

  const job = cluster.startSync(pool, targets, spec.maxUnavailable);
  world.accepted({
    clusterId: cluster.id,
    poolId: pool.id,
    targets,
    maxUnavailable: spec.maxUnavailable,
    at: world.now(),
    jobId: job.id,
    nodeTemplate: world.secrets.hideInValue(spec.nodeTemplate),
  });
  const bodies = {
    jobid: () => ({ jobid: job.id }),
    empty: () => undefined,
    emptyObject: () => ({}),
    pool: () => poolView(pool, cluster),
  };
  return ok(bodies[world.profile.answer]());
};
