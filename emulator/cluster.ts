import { randomUUID } from "node:crypto";
import { changeNode, type Node, newNode, newPool, type Pool } from "./inventory.ts";
import { type Job, newJob } from "./jobs.ts";
import { defaultPoolId, type EmulatedCluster, type NodeFailure } from "./model.ts";
import type { Profile } from "./profiles.ts";
import { active } from "./stages.ts";
import { type SyncEffects, SyncRun } from "./syncRun.ts";

/** What rules the life of a cluster. */
export interface ClusterRules {
  readonly profile: Profile;
  /** What the reset of a node takes, in milliseconds of the clock. */
  readonly resetTime: number;
  /** How many times faster than the clock the nodes live. */
  readonly speed: number;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
}

/** What is to happen to the next resets of a node. */
interface Doom extends NodeFailure {
  readonly vanishes: boolean;
  left: number;
}

/**
 * The state of one cluster. Nothing in it runs by itself: whoever looks brings it to the present first, so that a
 * test's clock rules it, and 10,000 nodes cost nothing while nobody looks.
 */
export class Cluster implements EmulatedCluster {
  readonly id = randomUUID();
  readonly projectId: string;
  readonly rules: ClusterRules;
  phase = "Available";
  readonly #jobs = new Map<string, Job>();
  readonly #pools = new Map<string, Pool>();
  readonly #nodes = new Map<string, Node>();
  readonly #dooms = new Map<string, Doom>();
  readonly #running = new Set<SyncRun>();
  #nextJobFailure: string | undefined;
  #nodesEver = 0;

  constructor(projectId: string, rules: ClusterRules) {
    this.projectId = projectId;
    this.rules = rules;
    this.#insertPool(defaultPoolId, defaultPoolId, 0);
  }

  get pools(): readonly Pool[] {
    this.#advance();
    return [...this.#pools.values()].filter(({ id }) => id !== defaultPoolId);
  }

  get defaultPool(): Pool {
    return this.#require(defaultPoolId);
  }

  /** All nodes, in the order in which they were added, which is that of their ids. */
  get nodes(): readonly Node[] {
    this.#advance();
    return [...this.#nodes.values()];
  }

  /** The pool of this id, the default pool too. */
  pool(id: string): Pool | undefined {
    this.#advance();
    return this.#pools.get(id);
  }

  /** The job of this id, unless it was forgotten. */
  job(id: string): Job | undefined {
    this.#advance();
    return this.#jobs.get(id);
  }

  setPhase(phase: string): void {
    this.phase = phase;
  }

  addPool(name: string, nodes: number): Pool {
    return this.#insertPool(randomUUID(), name, nodes);
  }

  removePool(poolId: string): void {
    if (poolId === defaultPoolId) {
      throw new Error(`${defaultPoolId} cannot be removed: every cluster has it; remove its nodes instead`);
    }
    for (const node of this.#require(poolId).nodes) this.#delete(node.id);
    this.#pools.delete(poolId);
  }

  addNode(poolId: string, phase = active): Node {
    const pool = this.#require(poolId);
    this.#nodesEver += 1;
    const node = newNode(pool, this.#nodesEver, phase, this.rules.now());
    this.#nodes.set(node.id, node);
    pool.nodesById.set(node.id, node);
    return node;
  }

  removeNode(nodeId: string): void {
    this.#advance();
    this.#delete(nodeId);
  }

  setNodePhase(nodeId: string, phase: string, reason?: string): void {
    this.#advance();
    changeNode(this.#requireNode(nodeId), { phase, reason }, this.rules.now());
  }

  changeConfiguration(poolId: string): void {
    // Only the pool has changed: the update times of its nodes stand still.
    for (const node of this.#require(poolId).nodes) {
      node.upToDate = false;
      node.before = { ...node.before, upToDate: false };
    }
  }

  startScaling(poolId: string, seconds: number): void {
    this.#require(poolId).scalingUntil = this.rules.now() + (seconds * 1000) / this.rules.speed;
  }

  failNode(nodeId: string, failure: NodeFailure = {}): void {
    this.#requireNode(nodeId);
    const left = failure.times ?? Number.POSITIVE_INFINITY;
    this.#dooms.set(nodeId, { ...failure, vanishes: false, left });
  }

  vanish(nodeId: string): void {
    this.#requireNode(nodeId);
    this.#dooms.set(nodeId, { vanishes: true, left: 1 });
  }

  failNextJob(reason: string): void {
    this.#nextJobFailure = reason;
  }

  forgetJobs(): void {
    this.#jobs.clear();
  }

  /** Begins a sync of these nodes of the pool, so many at a time. */
  startSync(pool: Pool, targets: readonly string[], maxUnavailable: number): Job {
    const { now, profile, resetTime } = this.rules;
    const nodes = targets.map((id) => this.#requireNode(id));
    const job = newJob(pool, nodes, now());
    const failure = this.#nextJobFailure;
    this.#nextJobFailure = undefined;
    // A task that fails by itself takes some time for it, too.
    const beginsAt = now() + (profile.beginsAfter + (failure === undefined ? 0 : 1)) * resetTime;
    const run = new SyncRun({ job, maxUnavailable, stages: profile.stages, resetTime, beginsAt, failure });
    this.#jobs.set(job.id, job);
    pool.runs.push(run);
    this.#running.add(run);
    this.#advance();
    return job;
  }

  readonly #effects: SyncEffects = {
    enter: (nodeId, phase, at) => {
      const node = this.#nodes.get(nodeId);
      if (node === undefined) return phase;
      const doom = phase === active ? this.#takeDoom(nodeId) : undefined;
      if (doom?.vanishes) this.#delete(nodeId);
      const entered = doom === undefined ? phase : (doom.phase ?? "Error");
      const upToDate = entered === active || node.upToDate;
      changeNode(node, { phase: entered, reason: doom?.reason, upToDate }, at);
      return entered;
    },
    failureOf: (nodeId) => {
      const { profile } = this.rules;
      const node = this.#nodes.get(nodeId);
      if (node === undefined) return profile.vanishingFailsJob ? "the node does not exist" : undefined;
      return node.phase === active ? undefined : (node.reason ?? `the node is ${node.phase}`);
    },
  };

  #advance(): void {
    const now = this.rules.now();
    for (const run of this.#running) {
      run.advance(now, this.#effects);
      if (run.endedAt !== undefined) this.#running.delete(run);
    }
  }

  #takeDoom(nodeId: string): Doom | undefined {
    const doom = this.#dooms.get(nodeId);
    if (doom === undefined || doom.left <= 0) return undefined;
    doom.left -= 1;
    return doom;
  }

  #delete(nodeId: string): void {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) return;
    this.#nodes.delete(nodeId);
    this.#pools.get(node.poolId)?.nodesById.delete(nodeId);
  }

  #insertPool(id: string, name: string, nodes: number): Pool {
    const pool = newPool(id, name, this.rules.now());
    this.#pools.set(id, pool);
    for (let count = 0; count < nodes; count += 1) this.addNode(id);
    return pool;
  }

  #require(poolId: string): Pool {
    const pool = this.pool(poolId);
    if (pool === undefined) throw new Error(`no node pool ${poolId} in the emulated cluster`);
    return pool;
  }

  #requireNode(nodeId: string): Node {
    const node = this.#nodes.get(nodeId);
    if (node === undefined) throw new Error(`no node ${nodeId} in the emulated cluster`);
    return node;
  }
}
