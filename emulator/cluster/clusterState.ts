import { randomUUID } from "node:crypto";
import { Activities } from "./activities.ts";
import { Inventory, isOwnPool, type Node, type Pool } from "./inventory.ts";
import { type Job, type JobFailure, newJob } from "./jobs.ts";
import { defaultPoolId, type SyncPace } from "./model.ts";
import type { Profile } from "./profiles.ts";
import type { AcceptedSync } from "./requestLog.ts";
import type { NodeReset } from "./resetLog.ts";
import { Resets } from "./resets.ts";
import { active } from "./stages.ts";
import { SyncRun } from "./syncRun.ts";

/** What rules the life of a cluster. */
export interface ClusterRules {
  readonly profile: Profile;
  /** What the reset of a node takes, in milliseconds of the clock. */
  readonly resetTime: number;
  /** How many times faster than the clock the nodes live. */
  readonly speed: number;
  /** Over how many availability zones nodes are spread. */
  readonly zones: number;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
  /** Takes note of a sync that was accepted. */
  readonly accepted: (sync: Omit<AcceptedSync, "serial">) => AcceptedSync;
}

/** What a cluster consists of when it starts. */
interface ClusterSize {
  readonly pools: number;
  readonly nodesPerPool: number;
  readonly defaultPoolNodes: number;
}

/** A sync that is to begin. */
export interface SyncOrder {
  readonly targets: readonly string[];
  readonly maxUnavailable: number;
  readonly nodeTemplate?: unknown;
  readonly origin: AcceptedSync["origin"];
}

const age = 24 * 3600_000;
/** For how long the past is kept for answers that are behind, in milliseconds of the nodes' time. */
const memory = 10 * 60_000;

/**
 * The state of one cluster. Nothing in it runs by itself: whoever looks brings it to the present first, so that a
 * test's clock rules it, and 10,000 nodes cost nothing while nobody looks.
 */
export class ClusterState {
  readonly id = randomUUID();
  readonly projectId: string;
  readonly rules: ClusterRules;
  readonly createdAt: number;
  phase = "Available";
  readonly #jobs = new Map<string, Job>();
  protected readonly inventory: Inventory;
  protected readonly resets: Resets;
  protected readonly activities = new Activities();
  protected nextJobFailure: JobFailure | undefined;
  protected nextPace: SyncPace = {};

  constructor(projectId: string, rules: ClusterRules, size: ClusterSize) {
    const { profile, resetTime, speed } = rules;
    this.projectId = projectId;
    this.rules = rules;
    const longestLag = Math.max(profile.statusLag, profile.replicaLag) * resetTime;
    this.inventory = new Inventory(Math.max(memory / speed, longestLag), rules.zones);
    this.resets = new Resets(this.id, this.inventory, rules);
    this.createdAt = rules.now() - age;
    const defaultPool = this.insertPool(defaultPoolId, defaultPoolId, 0, this.createdAt);
    for (let count = 1; count <= size.pools; count += 1) {
      this.insertPool(randomUUID(), `pool-${count}`, size.nodesPerPool, this.createdAt);
    }
    this.#fill(defaultPool, size.defaultPoolNodes, this.createdAt);
  }

  get pools(): readonly Pool[] {
    this.advance();
    return [...this.inventory.pools.values()].filter(isOwnPool);
  }

  get defaultPool(): Pool {
    return this.require(defaultPoolId);
  }

  /**
   * The nodes, of one pool or of all, in the order in which they were added, which is that of their ids.
   * @param lag how far back to look, in milliseconds.
   */
  nodes(lag: number, pool?: Pool): readonly Node[] {
    const now = this.advance();
    if (lag <= 0) return pool?.nodes ?? this.inventory.nodes;
    const nodes = this.inventory.nodesAt(now - lag);
    return pool === undefined ? nodes : nodes.filter(({ poolId }) => poolId === pool.id);
  }

  /** The node of this id. */
  node(id: string): Node | undefined {
    this.advance();
    return this.inventory.node(id);
  }

  /** The pool of this id, the default pool too. */
  pool(id: string): Pool | undefined {
    this.advance();
    return this.inventory.pools.get(id);
  }

  /** The job of this id, unless it was forgotten. */
  job(id: string): Job | undefined {
    this.advance();
    return this.#jobs.get(id);
  }

  forgetJobs(): void {
    this.#jobs.clear();
  }

  resetLog(nodeId?: string): readonly NodeReset[] {
    this.advance();
    const { entries } = this.resets.log;
    return nodeId === undefined ? entries : entries.filter((reset) => reset.nodeId === nodeId);
  }

  /** Begins a sync of the pool. */
  startSync(pool: Pool, { targets, ...order }: SyncOrder): AcceptedSync {
    const { now, profile, resetTime: usualTime } = this.rules;
    const nodes = targets.map((id) => this.requireNode(id));
    const job = this.addJob(
      pool,
      newJob({ job: "UpgradeNodePool", subJob: "ResetNode" }, pool, nodes, now()),
    );
    const sync = this.rules.accepted({
      clusterId: this.id,
      poolId: pool.id,
      targets,
      at: now(),
      jobId: job.id,
      ...order,
    });
    const failure = this.nextJobFailure;
    const pace = this.nextPace;
    [this.nextJobFailure, this.nextPace] = [undefined, {}];
    // A task that fails by itself before it touches a node takes some time for it, too.
    const failsFirst = failure !== undefined && (failure.afterNodes ?? 0) === 0;
    const later = this.span(pace.beginsAfter ?? 0);
    const beginsAt = now() + (profile.beginsAfter + (failsFirst ? 1 : 0)) * usualTime + later;
    const resetTime = pace.resetSeconds === undefined ? usualTime : this.span(pace.resetSeconds);
    const { stages } = profile;
    const effects = this.resets.effects({ cause: "sync", sync });
    const { maxUnavailable } = order;
    const run = new SyncRun({ job, maxUnavailable, stages, resetTime, beginsAt, failure, effects });
    pool.runs.push(run);
    this.activities.add(run);
    this.advance();
    return sync;
  }

  /** Seconds of the nodes' time in milliseconds of the clock. */
  protected span(seconds: number): number {
    return (seconds * 1000) / this.rules.speed;
  }

  /** Brings the cluster to the present, and returns it. */
  protected advance(): number {
    const now = this.rules.now();
    this.activities.advance(now);
    return now;
  }

  protected addJob(pool: Pool, job: Job): Job {
    this.#jobs.set(job.id, job);
    pool.jobs.push(job);
    return job;
  }

  protected insertPool(id: string, name: string, nodes: number, createdAt: number): Pool {
    const pool = this.inventory.addPool(id, name, createdAt);
    this.#fill(pool, nodes, createdAt);
    return pool;
  }

  #fill(pool: Pool, nodes: number, createdAt: number): void {
    for (let count = 0; count < nodes; count += 1) {
      this.inventory.addNode(pool, { phase: active, createdAt });
    }
  }

  protected require(poolId: string): Pool {
    this.advance();
    return this.inventory.requirePool(poolId);
  }

  protected requireNode(nodeId: string): Node {
    this.advance();
    return this.inventory.requireNode(nodeId);
  }
}
