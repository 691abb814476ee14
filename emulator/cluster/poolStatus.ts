import type { ClusterState } from "./clusterState.ts";
import { type Node, type Pool, stateAt } from "./inventory.ts";
import { active } from "./stages.ts";

/** What a pool's status says. */
export interface PoolStatus {
  readonly currentNodes: number;
  readonly activeNodes: number;
  readonly creatingNodes: number;
  readonly deletingNodes: number;
  readonly syncedNodes: number;
  readonly scaling: boolean;
  /** The job that had begun last. */
  readonly jobId: string | undefined;
  readonly synchronizing: boolean;
  /** When `synchronizing` changed last, in milliseconds since 1970. */
  readonly changedAt: number;
  /** When the pool itself changed last, in milliseconds since 1970; undefined when nobody says. */
  readonly updatedAt: number | undefined;
}

/**
 * The pool's status as the service shows it, which may be behind by itself (profile, `statusLag`).
 * @param lag how far back to look, in milliseconds.
 */
export function poolStatus(pool: Pool, cluster: ClusterState, lag: number): PoolStatus {
  const { profile, resetTime, now } = cluster.rules;
  const time = now() - lag;
  const statusLag = profile.statusLag * resetTime;
  const at = time - statusLag;
  const nodes = cluster.nodes(lag + statusLag, pool);
  const seen = nodes.map((node) => stateAt(node, at));
  const deletingNodes = seen.filter(({ phase }) => phase === "Deleting").length;
  const latest = pool.runs.findLast(({ job }) => job.createdAt <= at);
  const ended = latest?.endedAt !== undefined && latest.endedAt <= at;
  const changedAt = (ended ? latest.endedAt : latest?.job.createdAt) ?? pool.createdAt;
  return {
    currentNodes: seen.length - deletingNodes,
    activeNodes: seen.filter(({ phase }) => phase === active).length,
    creatingNodes: nodes.filter((node) => isBeingCreated(node, pool, at)).length,
    deletingNodes,
    syncedNodes: seen.filter(({ upToDate }) => upToDate).length,
    scaling: pool.scaling.since <= time && time < pool.scaling.until,
    jobId: pool.jobs.findLast(({ createdAt }) => createdAt <= at)?.id,
    synchronizing: latest !== undefined && !ended,
    changedAt,
    updatedAt: updatedAt(pool, time, profile.poolUpdateTime, changedAt),
  };
}

function updatedAt(
  { createdAt, changes, scaling }: Pool,
  time: number,
  shown: ClusterState["rules"]["profile"]["poolUpdateTime"],
  changedAt: number,
): number | undefined {
  if (shown === "absent") return undefined;
  const configured = changes.findLast((at) => at <= time) ?? createdAt;
  if (shown === "configuration") return configured;
  const scalings = [scaling.since, scaling.until].filter((at) => at <= time);
  return Math.max(configured, changedAt, ...scalings);
}

/** Whether a node that the latest scaling added is not there yet. */
function isBeingCreated(node: Node, { scaling }: Pool, at: number): boolean {
  return node.createdAt >= scaling.since && stateAt(node, at).phase !== active;
}

/** Whether a sync of the pool runs at present, whatever its status says. */
export function isSynchronizing(pool: Pool): boolean {
  return pool.runs.some(({ endedAt }) => endedAt === undefined);
}
