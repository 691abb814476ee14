import type { Activity } from "./activities.ts";
import { endJob, type Job, type JobFailure, type SubJob, setPhase } from "./jobs.ts";
import { begin, nextAt, type Reset, type ResetEffects, type Stage, walk } from "./stages.ts";

/** What a sync works by. */
export interface SyncPlan {
  /** Its sub-jobs are the nodes to reset. */
  readonly job: Job;
  readonly maxUnavailable: number;
  readonly stages: readonly Stage[];
  /** What the reset of a node takes, in milliseconds. */
  readonly resetTime: number;
  /** When the first node is touched, in milliseconds since 1970. */
  readonly beginsAt: number;
  /** Lets the sync fail as a task. */
  readonly failure?: JobFailure;
  readonly effects: ResetEffects;
}

/**
 * A sync that was accepted. Its nodes are reset in batches of `maxUnavailable`, each batch beginning when all nodes of
 * the one before are done. The documentation says no more than "nodes to be synchronized in each batch".
 */
export class SyncRun implements Activity {
  readonly job: Job;
  /** When it ended, in milliseconds since 1970; undefined while it runs. */
  endedAt: number | undefined;
  readonly #plan: SyncPlan;
  readonly #waiting: SubJob[];
  #batch: (Reset & { readonly subJob: SubJob })[] = [];
  #dueAt: number;

  constructor(plan: SyncPlan) {
    const { job, failure, beginsAt } = plan;
    this.job = job;
    this.#plan = plan;
    this.#waiting = job.subJobs.slice(0, failure === undefined ? undefined : (failure.afterNodes ?? 0));
    this.#waiting.reverse();
    this.#dueAt = beginsAt;
  }

  get dueAt(): number | undefined {
    return this.endedAt === undefined ? this.#dueAt : undefined;
  }

  advance(at: number): void {
    this.#batch = this.#batch.filter((reset) => !this.#hasEnded(reset, at));
    if (this.#batch.length === 0) this.#beginBatch(at);
    const { stages, resetTime } = this.#plan;
    if (this.#batch.length > 0) {
      this.#dueAt = Math.min(...this.#batch.map((reset) => nextAt(reset, stages, resetTime)));
      return;
    }
    this.endedAt = at;
    endJob(this.job, at, this.#plan.failure);
  }

  #hasEnded(reset: Reset & { readonly subJob: SubJob }, at: number): boolean {
    const { stages, resetTime, effects } = this.#plan;
    if (!walk(reset, stages, resetTime, at, effects.enter)) return false;
    const reason = effects.finish(reset);
    setPhase(reset.subJob, reason === undefined ? "Success" : "Failed", reset.at, reason);
    this.job.updatedAt = Math.max(this.job.updatedAt, reset.at);
    return true;
  }

  #beginBatch(at: number): void {
    while (this.#batch.length < this.#plan.maxUnavailable) {
      const subJob = this.#waiting.pop();
      if (subJob === undefined) break;
      this.#batch.push({ nodeId: subJob.node?.id ?? "", phase: begin, at, subJob });
      setPhase(subJob, "Running", at);
    }
    if (this.#batch.length > 0) setPhase(this.job, "Running", at);
  }
}
