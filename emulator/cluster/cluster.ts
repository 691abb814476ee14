import { randomUUID } from "node:crypto";
import { happensAt } from "./activities.ts";
import { ClusterState } from "./clusterState.ts";
import type { EmulatedCluster } from "./emulatedCluster.ts";
import { type NewNode, type Node, type Pool, saysUpToDate } from "./inventory.ts";
import { endJob, type JobFailure, newJob, setPhase } from "./jobs.ts";
import {
  defaultPoolId,
  type NodeFailure,
  type OthersSync,
  type Scaling,
  type StartedScaling,
  type SyncPace,
} from "./model.ts";
import { refusalOf } from "./refusals.ts";
import type { AcceptedSync } from "./requestLog.ts";
import { active, through } from "./stages.ts";
import { SyncRun } from "./syncRun.ts";

const editedLabel = "edited";

/** A cluster with everything that can be done to it behind the API's back. */
export class Cluster extends ClusterState implements EmulatedCluster {
  setPhase(phase: string): void {
    this.phase = phase;
  }

  upgrade(seconds = 60): void {
    const now = this.advance();
    const [from, to] = [active, "Upgrading"];
    this.phase = to;
    const upgraded = this.inventory.nodes.filter(({ phase }) => phase === from);
    for (const node of upgraded) this.inventory.change(node, { phase: to, updatedAt: now }, now);
    this.#after(seconds, (at) => {
      if (this.phase === to) this.phase = "Available";
      for (const node of upgraded) {
        if (node.phase === to) this.inventory.change(node, { phase: from, updatedAt: at }, at);
      }
    });
  }

  addPool(name: string, nodes: number): Pool {
    return this.insertPool(randomUUID(), name, nodes, this.advance());
  }

  removePool(poolId: string): void {
    if (poolId === defaultPoolId) {
      throw new Error(`${defaultPoolId} cannot be removed: every cluster has it; remove its nodes instead`);
    }
    for (const node of this.require(poolId).nodes) this.removeNode(node.id);
    this.inventory.pools.delete(poolId);
  }

  addNode(poolId: string, phase = active, zone?: string): Node {
    return this.#addNode(poolId, { phase, zone });
  }

  removeNode(nodeId: string): void {
    this.#remove(nodeId, this.advance());
  }

  replaceNode(nodeId: string): Node {
    const { poolId, name, zone } = this.requireNode(nodeId);
    this.removeNode(nodeId);
    return this.#addNode(poolId, { phase: active, name, zone });
  }

  setNodePhase(nodeId: string, phase: string, reason?: string): void {
    const updatedAt = this.advance();
    this.inventory.change(this.requireNode(nodeId), { phase, reason, updatedAt }, updatedAt);
  }

  editLabels(...nodeIds: readonly string[]): void {
    const updatedAt = this.advance();
    for (const node of nodeIds.map((id) => this.requireNode(id))) {
      const edits = Number(node.labels[editedLabel] ?? 0) + 1;
      const labels = { ...node.labels, [editedLabel]: String(edits) };
      this.inventory.change(node, { labels, updatedAt }, updatedAt);
    }
  }

  alwaysOutdated(nodeId: string, always = true): void {
    this.requireNode(nodeId).alwaysBehind = always;
  }

  alwaysUpdated(nodeId: string, always = true): void {
    this.requireNode(nodeId).alwaysUpdated = always;
  }

  changeConfiguration(poolId: string, flagsLag = 0): void {
    const pool = this.require(poolId);
    const now = this.rules.now();
    pool.configuration += 1;
    pool.changes.push(now);
    const until = now + this.span(flagsLag);
    for (const node of pool.nodes) {
      const claim = flagsLag > 0 && saysUpToDate(node, now) ? { upToDate: true, until } : undefined;
      // Only the pool has changed: the update times of its nodes stand still.
      this.inventory.change(node, { upToDate: false, claim }, now);
    }
  }

  startScaling(poolId: string, seconds: number): void {
    const since = this.rules.now();
    this.require(poolId).scaling = { since, until: since + this.span(seconds) };
  }

  autoscale(poolId: string, { add = 0, remove = [], seconds = 60 }: Scaling): StartedScaling {
    const pool = this.require(poolId);
    const now = this.rules.now();
    const leaving = remove.map((id) => this.requireNode(id));
    const stranger = leaving.find((node) => node.poolId !== poolId);
    if (stranger !== undefined) throw new Error(`node ${stranger.id} is not in the node pool ${poolId}`);
    this.startScaling(poolId, seconds);
    const added = Array.from({ length: add }, () => this.#addNode(poolId, { phase: "Installing" }));
    for (const node of leaving) this.setNodePhase(node.id, "Deleting");
    const type = { job: "ScaleNodePool", subJob: add > 0 ? "CreateNode" : "DeleteNode" };
    const job = this.addJob(pool, newJob(type, pool, [...added, ...leaving], now));
    for (const part of [job, ...job.subJobs]) setPhase(part, "Running", now);
    this.#after(seconds, (at) => {
      for (const { id } of leaving) this.#remove(id, at);
      for (const node of added) {
        if (node.phase === "Installing") this.inventory.change(node, { phase: active, updatedAt: at }, at);
      }
      for (const subJob of job.subJobs) setPhase(subJob, "Success", at);
      endJob(job, at);
    });
    return { jobId: job.id, added };
  }

  syncByOthers(poolId: string, sync: OthersSync = {}): AcceptedSync {
    const pool = this.require(poolId);
    const { nodeIds = [...pool.nodesById.keys()], maxUnavailable = 1, nodeTemplate } = sync;
    const stranger = nodeIds.find((id) => !pool.nodesById.has(id));
    if (stranger !== undefined) throw new Error(`node ${stranger} is not in the node pool ${poolId}`);
    const refusal = refusalOf(pool, this);
    if (refusal !== undefined) throw new Error(`the service refuses the sync: ${refusal.refusal}`);
    return this.startSync(pool, { targets: nodeIds, maxUnavailable, nodeTemplate, origin: "others" });
  }

  resetNode(nodeId: string, cause: "manual" | "repair" = "manual"): void {
    const node = this.requireNode(nodeId);
    const { profile, resetTime, now } = this.rules;
    const job = newJob({ job: "ResetNode", subJob: "ResetNode" }, this.require(node.poolId), [node], now());
    const stages = cause === "repair" ? through("Repairing") : profile.stages;
    const effects = this.resets.effects({ cause });
    this.activities.add(new SyncRun({ job, maxUnavailable: 1, stages, resetTime, beginsAt: now(), effects }));
    this.advance();
  }

  failNode(nodeId: string, failure: NodeFailure = {}): void {
    this.resets.plan(nodeId, failure);
  }

  vanish(nodeId: string): void {
    this.resets.plan(nodeId, { vanishes: true, times: 1 });
  }

  failNextJob(failure: string | JobFailure): void {
    this.nextJobFailure = typeof failure === "string" ? { reason: failure } : failure;
  }

  slowNextSync(pace: SyncPace): void {
    this.nextPace = pace;
  }

  #after(seconds: number, happen: (at: number) => void): void {
    this.activities.add(happensAt(this.rules.now() + this.span(seconds), happen));
  }

  #addNode(poolId: string, node: Omit<NewNode, "createdAt">): Node {
    return this.inventory.addNode(this.require(poolId), { ...node, createdAt: this.rules.now() });
  }

  #remove(nodeId: string, at: number): void {
    const node = this.inventory.node(nodeId);
    if (node !== undefined) this.resets.remove(node, at);
  }
}
