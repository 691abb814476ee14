import type { Cluster } from "./cluster.ts";
import type { Pool } from "./inventory.ts";
import type { SyncRun } from "./syncRun.ts";

/** What a pool's status says, at a time that may lie behind the present (profile, `statusLag`). */
export interface PoolStatus {
  readonly activeNodes: number;
  readonly syncedNodes: number;
  readonly scaling: boolean;
  /** The sync that had begun last. */
  readonly latest: SyncRun | undefined;
  readonly synchronizing: boolean;
  /** When `synchronizing` changed last, in milliseconds since 1970. */
  readonly changedAt: number;
}

/** The pool's status as the service shows it now. */
export function poolStatus(pool: Pool, { rules }: Cluster): PoolStatus {
  const now = rules.now();
  const at = now - rules.profile.statusLag * rules.resetTime;
  const seen = pool.nodes.map((node) => (node.updatedAt <= at ? node : node.before));
  const latest = pool.runs.findLast(({ job }) => job.createdAt <= at);
  const ended = latest?.endedAt !== undefined && latest.endedAt <= at;
  return {
    activeNodes: seen.filter(({ phase }) => phase === "Active").length,
    syncedNodes: seen.filter(({ upToDate }) => upToDate).length,
    scaling: pool.scalingUntil > now,
    latest,
    synchronizing: latest !== undefined && !ended,
    changedAt: (ended ? latest.endedAt : latest?.job.createdAt) ?? pool.createdAt,
  };
}

/** Whether a sync of the pool runs at present, whatever its status says. */
export function isSynchronizing(pool: Pool): boolean {
  return pool.runs.some(({ endedAt }) => endedAt === undefined);
}
