import { randomUUID } from "node:crypto";

/** CCE's phases of a job. */
type JobPhase = "Initializing" | "Running" | "Success" | "Failed";

/** The part of a job that is about one node. */
export interface SubJob {
  readonly id: string;
  readonly type: string;
  /** Undefined for a part that is about no node. */
  readonly node?: { readonly id: string; readonly name: string; readonly serverId: string };
  readonly createdAt: number;
  updatedAt: number;
  phase: JobPhase;
  reason?: string;
}

/** A job of a node pool. */
export interface Job {
  readonly id: string;
  readonly type: string;
  readonly poolId: string;
  readonly poolName: string;
  readonly createdAt: number;
  updatedAt: number;
  phase: JobPhase;
  reason?: string;
  /** The sub-job of which those of the nodes are parts, where the profile nests them. */
  readonly groupId: string;
  /** In the order in which their nodes' turns come. */
  readonly subJobs: SubJob[];
}

/** How a job fails as a task. */
export interface JobFailure {
  /** The reason that the job shows. */
  readonly reason: string;
  /** How many nodes are reset before it fails; default none. */
  readonly afterNodes?: number;
  /**
   * Which sub-jobs fail with it: those of the nodes that it has not reached (default), or one more sub-job that is about
   * no node, while those of the nodes that it has not reached stay as they are.
   */
  readonly subJobs?: "unreached" | "stranger";
}

type NodeNames = NonNullable<SubJob["node"]>;

/** A job that has not begun, with a sub-job for each node. */
export function newJob(
  type: { readonly job: string; readonly subJob: string },
  pool: { readonly id: string; readonly name: string },
  nodes: readonly NodeNames[],
  createdAt: number,
): Job {
  return {
    id: randomUUID(),
    groupId: randomUUID(),
    type: type.job,
    poolId: pool.id,
    poolName: pool.name,
    createdAt,
    updatedAt: createdAt,
    phase: "Initializing",
    subJobs: nodes.map((node) => newSubJob(type.subJob, createdAt, node)),
  };
}

function newSubJob(type: string, createdAt: number, node?: NodeNames): SubJob {
  return { id: randomUUID(), type, node, createdAt, updatedAt: createdAt, phase: "Initializing" };
}

/** Lets a job go on, or a part of it. */
export function setPhase(part: Job | SubJob, phase: JobPhase, at: number, reason?: string): void {
  Object.assign(part, { phase, reason, updatedAt: Math.max(part.updatedAt, at) });
}

/** Ends a job: it failed as a task, or when a part of it has failed. */
export function endJob(job: Job, at: number, failure?: JobFailure): void {
  if (failure !== undefined) failParts(job, failure, at);
  const failed = job.subJobs.filter(({ phase }) => phase === "Failed").length;
  const reason =
    failure?.reason ?? (failed > 0 ? `${failed} of ${job.subJobs.length} nodes failed` : undefined);
  setPhase(job, reason === undefined ? "Success" : "Failed", at, reason);
}

function failParts(job: Job, { reason, subJobs = "unreached" }: JobFailure, at: number): void {
  if (subJobs === "stranger") {
    const stranger = newSubJob("CheckNodePool", at);
    setPhase(stranger, "Failed", at, reason);
    job.subJobs.push(stranger);
    return;
  }
  for (const subJob of job.subJobs) {
    if (subJob.phase === "Initializing") setPhase(subJob, "Failed", at, reason);
  }
}
