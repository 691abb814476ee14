import { endJob, type Job } from "./jobs.ts";
import { begin, type Reset, type Stage, walk } from "./stages.ts";

/** What a sync works by. */
export interface SyncPlan {
  readonly job: Job;
  readonly maxUnavailable: number;
  readonly stages: readonly Stage[];
  /** What the reset of a node takes, in milliseconds. */
  readonly resetTime: number;
  /** When the first node is touched, in milliseconds since 1970. */
  readonly beginsAt: number;
  /** Lets the sync fail as a task, with this reason, and touch no node. */
  readonly failure?: string;
}

/** What a sync does to the cluster. */
export interface SyncEffects {
  /** A node enters a phase; returns the phase that it really enters. */
  readonly enter: (nodeId: string, phase: string, at: number) => string;
  /** Why the reset of the node, which has ended, did not go well; undefined when it did. */
  readonly failureOf: (nodeId: string) => string | undefined;
}

/**
 * A sync that was accepted. Its nodes are reset in batches of `maxUnavailable`, each batch beginning when all nodes of
 * the one before are done. The documentation says no more than "nodes to be synchronized in each batch".
 */
export class SyncRun {
  readonly job: Job;
  /** When it ended, in milliseconds since 1970; undefined while it runs. */
  endedAt: number | undefined;
  readonly #plan: SyncPlan;
  readonly #waiting: Iterator<string>;
  #batch: Reset[] = [];
  /** When the present batch began, or the next one can begin. */
  #at: number;

  constructor(plan: SyncPlan) {
    this.job = plan.job;
    this.#plan = plan;
    this.#waiting = (plan.failure === undefined ? [...plan.job.subJobs.keys()] : []).values();
    this.#at = plan.beginsAt;
  }

  /** Carries out everything that was due until now, at the times when it was due. */
  advance(now: number, effects: SyncEffects): void {
    while (this.endedAt === undefined && this.#at <= now) {
      this.#batch = this.#batch.filter((reset) => !this.#hasEnded(reset, now, effects));
      if (this.#batch.length > 0) return;
      this.#batch = this.#nextBatch();
      if (this.#batch.length > 0) continue;
      this.endedAt = this.#at;
      endJob(this.job, this.#at, this.#plan.failure);
    }
  }

  #hasEnded(reset: Reset, now: number, { enter, failureOf }: SyncEffects): boolean {
    const { stages, resetTime } = this.#plan;
    if (!walk(reset, stages, resetTime, now, enter)) return false;
    const subJob = this.job.subJobs.get(reset.nodeId);
    if (subJob !== undefined) {
      subJob.reason = failureOf(reset.nodeId);
      subJob.phase = subJob.reason === undefined ? "Success" : "Failed";
    }
    this.job.updatedAt = Math.max(this.job.updatedAt, reset.at);
    this.#at = Math.max(this.#at, reset.at);
    return true;
  }

  #nextBatch(): Reset[] {
    const batch: Reset[] = [];
    while (batch.length < this.#plan.maxUnavailable) {
      const { value: nodeId, done } = this.#waiting.next();
      if (done) break;
      batch.push({ nodeId, phase: begin, at: this.#at });
      const subJob = this.job.subJobs.get(nodeId);
      if (subJob !== undefined) subJob.phase = "Running";
    }
    if (batch.length > 0) this.job.phase = "Running";
    return batch;
  }
}
