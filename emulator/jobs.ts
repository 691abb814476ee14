import { randomUUID } from "node:crypto";

/** CCE's phases of a job. */
type JobPhase = "Initializing" | "Running" | "Success" | "Failed";

/** The part of a job that is about one node. */
export interface SubJob {
  readonly id: string;
  readonly nodeId: string;
  readonly nodeName: string;
  phase: JobPhase;
  reason?: string;
}

/** The job of a sync. */
export interface Job {
  readonly id: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly createdAt: number;
  updatedAt: number;
  phase: JobPhase;
  reason?: string;
  /** By the id of the node. */
  readonly subJobs: ReadonlyMap<string, SubJob>;
}

/** A job that has not begun, with a sub-job for each node. */
export function newJob(
  pool: { readonly id: string; readonly name: string },
  nodes: readonly { readonly id: string; readonly name: string }[],
  createdAt: number,
): Job {
  const subJobs = nodes.map(
    ({ id, name }): SubJob => ({ id: randomUUID(), nodeId: id, nodeName: name, phase: "Initializing" }),
  );
  return {
    id: randomUUID(),
    poolId: pool.id,
    poolName: pool.name,
    createdAt,
    updatedAt: createdAt,
    phase: "Initializing",
    subJobs: new Map(subJobs.map((subJob) => [subJob.nodeId, subJob])),
  };
}

/** Ends a job: it failed for the reason, or when a part of it has failed. */
export function endJob(job: Job, at: number, reason?: string): void {
  const subJobs = [...job.subJobs.values()];
  if (reason !== undefined) {
    for (const subJob of subJobs) Object.assign(subJob, { phase: "Failed", reason });
  }
  const failed = subJobs.filter(({ phase }) => phase === "Failed").length;
  job.updatedAt = at;
  job.phase = failed > 0 || reason !== undefined ? "Failed" : "Success";
  job.reason = reason ?? (failed > 0 ? `${failed} of ${subJobs.length} nodes failed` : undefined);
}
