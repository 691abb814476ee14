import { invalidRequest, notFound } from "../cluster/errors.ts";
import { defaultPoolId } from "../cluster/model.ts";
import { refusalOf } from "../cluster/refusals.ts";
import { clusterOf, type Handler, ok } from "./serviceContext.ts";
import { parseSyncBody } from "./syncBody.ts";
import { poolView } from "./views.ts";

const maxValidatedNodes = 200;

/**
 * UpgradeNodePool, "Synchronizing Node Configurations in a Node Pool". `nodeIDs` left out means all nodes of the pool;
 * no source says so, but nothing else would make sense. That the default pool needs a template is no source's word either:
 * its nodes have no settings of a pool to be reset from.
 */
export const synchronize: Handler = ({ parts, headers, body }, context) => {
  const cluster = clusterOf(parts, context);
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
  if (pool.id === defaultPoolId && spec.nodeTemplate === undefined) {
    return invalidRequest(
      `spec.nodeTemplate is required for ${defaultPoolId}, which has no template of its own`,
    );
  }
  const strangers = (spec.nodeIDs ?? []).filter((id) => !pool.nodesById.has(id));
  if (strangers.length > 0) return invalidRequest(`nodes that are not in the pool: ${strangers.join(", ")}`);
  const skipped = new Set(spec.skippedNodes);
  const targets = (spec.nodeIDs ?? [...pool.nodesById.keys()]).filter((id) => !skipped.has(id));
  if (spec.validateStorage === true && targets.length > maxValidatedNodes) {
    return invalidRequest(`spec.validateStorage goes with at most ${maxValidatedNodes} nodes`);
  }

  const refusal = refusalOf(pool, cluster);
  if (refusal !== undefined) return refusal;
  const { maxUnavailable, nodeTemplate } = spec;
  const { jobId } = cluster.startSync(pool, { targets, maxUnavailable, nodeTemplate, origin: "request" });
  const bodies = {
    jobid: () => ({ jobid: jobId }),
    empty: () => undefined,
    emptyObject: () => ({}),
    pool: () => poolView(pool, cluster, { lag: 0, wholePool: true }),
  };
  return ok(bodies[context.profile.answer]());
};
