/**
 * What proves that a node was reset by a request, and when a request is over. Each node is judged by facts about itself
 * since the request that names it; nothing else counts. A node is proven when one of these holds, and no job, sub-job
 * or phase says that it failed:
 *
 * 1. Our job: the latest sub-job that names the node succeeded; or the whole job did and no sub-job names any node; and
 *    the node is `Active`. A job that is only read off the pool's status counts through sub-jobs that name our nodes.
 * 2. Its own phases: it was seen being installed after the request, and `Active` and unchanged in two reads. With a
 *    node template only when the service has confirmed the request and the watch had no gap: others could have
 *    installed it without the template.
 * 3. Its word: it said before the request that it is behind, and says in a record of after it that it is up to date,
 *    while the pool's own configuration stayed as it was. Not with a template, and not against a job that can be read.
 *
 * Never by an update time (labels are edited), the end of the pool's condition, other nodes, somebody else's sync, or
 * one read.
 *
 * A request is over when its job has ended, or the pool's condition was seen and is gone in two reads, or its granted
 * time has passed; and none of its nodes is being installed. Nodes that are still waiting then were not reached.
 *
 * Everything here is pure.
 */

import { type Job, type JobPart, type Node, type NodePool, serviceTime } from "../cce/model.ts";
import { isFailing, isWorking } from "./phases.ts";
import type { OpenRequest, Word } from "./record.ts";

/** What is watched. */
export interface Watched {
  readonly request: OpenRequest;
  readonly hasTemplate: boolean;
  /** The nodes' names, for those that are not in the list any more. */
  readonly names: ReadonlyMap<string, string>;
  /** What each node said before the request; nodes that are not in it were proven in an earlier run. */
  readonly words: Readonly<Record<string, Word>>;
  /** Whether this process has sent the request, and has seen its nodes just before. */
  readonly isFresh: boolean;
}

/** What was seen in one look. */
export interface Observation {
  /** The pool; undefined when the service does not list it. */
  readonly pool?: NodePool;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Nodes of which the service has said that they do not exist any more. */
  readonly gone: ReadonlySet<string>;
  readonly job?: Job;
  /** Whether the job is the one in the answer to the request, and not only the one that the pool's status names. */
  readonly isOwnJob: boolean;
  readonly clusterUpgrading: boolean;
  /** Whether the time that the request was granted has passed. */
  readonly isTimeUp: boolean;
}

/** What looks have shown of one node since the request. */
interface NodeEvidence {
  /** The node in its failure phase as it was before the request; undefined once something has changed about it. */
  readonly brokenAs?: Node;
  readonly workingSeen: boolean;
  /** What the phase `Upgrading` of the latest read is due to: the cluster's own upgrade, or a reset of the node. */
  readonly upgrade?: "cluster" | "node";
  readonly failingReads: number;
  readonly activeReads: number;
  /** The update time of the latest record; a change means that the node is not at rest. */
  readonly updatedAt?: string;
  /** The update time before the request. */
  readonly updatedBefore?: string;
}

/** What all looks so far have shown. */
export interface Evidence {
  readonly nodes: ReadonlyMap<string, NodeEvidence>;
  readonly conditionSeen: boolean;
  /** In how many reads in a row the pool's condition, having been seen, was gone. */
  readonly conditionGoneReads: number;
  /** Whether the watch had a gap in which something may have happened unseen. */
  readonly hasGap: boolean;
}

/** `waiting` for its turn, being reset, proven, failed, or gone from the cluster. */
export type NodeState = "waiting" | "resetting" | "proven" | "failed" | "gone";

/** What is said of one node. */
export interface NodeVerdict {
  readonly id: string;
  readonly name: string;
  readonly phase: string;
  readonly state: NodeState;
  /** Whether it says that it is behind. */
  readonly saysBehind: boolean;
  /** Proof that the request never came to it. */
  readonly isUntouched: boolean;
  /** False when it failed only because the request ended before it came to it. */
  readonly wasReached: boolean;
  readonly reason?: string;
}

/** What a look and the evidence before it amount to. */
export interface Verdict {
  readonly nodes: readonly NodeVerdict[];
  /** Whether the request can still reset nodes. */
  readonly isOpen: boolean;
  /** Whether there is any sign that the request does something. */
  readonly begun: boolean;
  /** Whether the pool or a job of ours says that a sync is running. */
  readonly isRunning: boolean;
  /** Whether the request ended and the service has shown nothing of what it did. */
  readonly isUnconfirmed: boolean;
  /**
   * What the nodes show by themselves: still `moving`; all back, which a second read has to confirm (`settling`); or
   * `settled`.
   */
  readonly rest: "moving" | "settling" | "settled";
  /** Why the job failed, besides its nodes' own reasons. */
  readonly reasons: readonly string[];
}

const readsToFail = 2;
const readsToSettle = 2;
const readsToEnd = 2;

/** The evidence when the watch begins. A watch that goes on with an earlier run's request begins with a gap. */
export function beginWatch(watched: Watched, nodes: ReadonlyMap<string, Node>): Evidence {
  const { request, isFresh } = watched;
  const sentAt = serviceTime(request.sentAt);
  const begin = (id: string): NodeEvidence => {
    const node = nodes.get(id);
    const isOld = isFresh || !isNewer(node?.updatedAt, sentAt);
    const brokenAs = node !== undefined && isFailing(node) && isOld ? node : undefined;
    return {
      brokenAs,
      workingSeen: false,
      failingReads: 0,
      activeReads: 0,
      updatedBefore: isFresh ? node?.updatedAt : undefined,
    };
  };
  return {
    nodes: new Map(request.ids.map((id) => [id, begin(id)])),
    conditionSeen: false,
    conditionGoneReads: 0,
    hasGap: !isFresh,
  };
}

/** The evidence with one more look. */
export function observe(evidence: Evidence, watched: Watched, look: Observation): Evidence {
  const synchronizing = look.pool?.synchronizing === true;
  const conditionSeen = evidence.conditionSeen || synchronizing;
  const isGone = conditionSeen && look.pool !== undefined && !synchronizing;
  const nodes = new Map(
    [...evidence.nodes].map(([id, before]) => [id, observeNode(before, look.nodes.get(id), watched, look)]),
  );
  return {
    ...evidence,
    nodes,
    conditionSeen,
    conditionGoneReads: isGone ? evidence.conditionGoneReads + 1 : 0,
  };
}

function observeNode(
  before: NodeEvidence,
  node: Node | undefined,
  { request, isFresh }: Watched,
  { clusterUpgrading }: Observation,
): NodeEvidence {
  if (node === undefined) return { ...before, failingReads: 0, activeReads: 0 };
  const { brokenAs, updatedBefore } = before;
  const isBroken =
    brokenAs !== undefined && brokenAs.phase === node.phase && brokenAs.updatedAt === node.updatedAt;
  // A replica that lags behind may show this run a phase from before the request.
  const isOldRecord = !isFresh && isOlder(node.updatedAt, serviceTime(request.sentAt));
  const upgrade = upgradeOf(node, before, clusterUpgrading);
  // A list that is a moment older than the cluster's phase shows the end of the cluster's upgrade.
  const isExplained = node.phase === "Upgrading" && !(upgrade === "node" && before.upgrade === "node");
  const working = isWorking(node, clusterUpgrading) && !isOldRecord && !isExplained;
  const isStill = before.activeReads === 0 || before.updatedAt === node.updatedAt;
  return {
    ...(isBroken ? { brokenAs } : {}),
    workingSeen: before.workingSeen || working,
    ...(upgrade === undefined ? {} : { upgrade }),
    failingReads: isFailing(node) && !isBroken ? before.failingReads + 1 : 0,
    activeReads: node.phase === "Active" ? (isStill ? before.activeReads + 1 : 1) : 0,
    updatedAt: node.updatedAt,
    updatedBefore,
  };
}

function upgradeOf(
  { phase }: Node,
  { upgrade }: NodeEvidence,
  clusterUpgrading: boolean,
): NodeEvidence["upgrade"] {
  if (phase !== "Upgrading") return undefined;
  return clusterUpgrading || upgrade === "cluster" ? "cluster" : "node";
}

/** The verdict on a look; the evidence holds that look already. */
export function evaluate(evidence: Evidence, watched: Watched, look: Observation): Verdict {
  const job = readJob(watched, look);
  const nodes = watched.request.ids.map((id) => evaluateNode(id, evidence, watched, look, job));
  const jobPhase = job?.phase;
  const isRunning = jobPhase === "running" || look.pool?.synchronizing === true;
  const resetting = nodes.some(({ state }) => state === "resetting");
  const waiting = nodes.filter(({ state }) => state === "waiting");
  const jobEnded = jobPhase === "success" || jobPhase === "failed";
  const conditionEnded = evidence.conditionGoneReads >= readsToEnd && jobPhase !== "running";
  const unsettled = waiting.some(({ id, phase }) => isUnsettled(evidence.nodes.get(id), phase));
  const isOver = !resetting && !unsettled && (jobEnded || conditionEnded || look.isTimeUp);
  const isOpen = resetting || (isRunning && !isOver) || (waiting.length > 0 && !isOver);
  // That a node was deleted says nothing of the request.
  const present = nodes.filter(({ state }) => state !== "gone");
  const touched = present.some(({ id, state }) => state !== "waiting" || isTouched(evidence.nodes.get(id)));
  const isUnconfirmed =
    isOver && !evidence.hasGap && !isRunning && jobPhase === undefined && present.length > 0 && !touched;
  const begun = isRunning || jobEnded || evidence.conditionSeen || touched;
  const reasons = jobPhase === "failed" ? (look.job?.reasons ?? []) : [];
  const rest = restOf(evidence, watched, look, waiting, resetting);
  const ended = isOver && !isUnconfirmed && !watched.request.superseded;
  return {
    nodes: ended ? nodes.map(notReached) : nodes,
    isOpen,
    begun,
    isRunning,
    isUnconfirmed,
    rest,
    reasons,
  };
}

function evaluateNode(
  id: string,
  evidence: Evidence,
  watched: Watched,
  look: Observation,
  job: JobReading | undefined,
): NodeVerdict {
  const node = look.nodes.get(id);
  const seen = evidence.nodes.get(id);
  const part = job?.byNode.get(id);
  const isUntouched = isProvenUntouched(node, seen, job, evidence, watched);
  const said = {
    id,
    name: node?.name ?? watched.names.get(id) ?? id,
    phase: node?.phase ?? "",
    saysBehind: node?.upToDate === false,
    isUntouched,
    wasReached: true,
  };
  if (part?.phase === "failed") return { ...said, state: "failed", reason: part.reason ?? node?.reason };
  if (look.gone.has(id)) return { ...said, state: "gone" };
  if (node === undefined || seen === undefined) return { ...said, state: "waiting" };
  if (seen.failingReads >= readsToFail)
    return { ...said, state: "failed", reason: node.reason ?? part?.reason };
  if (isWorking(node, look.clusterUpgrading)) return { ...said, state: "resetting" };
  const state = isProven(node, seen, evidence, watched, look, job) ? "proven" : "waiting";
  return { ...said, state, reason: node.reason };
}

function isProven(
  node: Node,
  seen: NodeEvidence,
  evidence: Evidence,
  { request, hasTemplate, words }: Watched,
  { pool }: Observation,
  job: JobReading | undefined,
): boolean {
  const word = words[node.id];
  if (word === undefined) return true;
  if (node.phase !== "Active" || seen.brokenAs !== undefined) return false;
  if (job?.byNode.get(node.id)?.phase === "success") return true;
  if (job?.isOwn && job.phase === "success" && job.byNode.size === 0) return true;
  // A failed sub-job of nobody in particular may be this node's.
  if (job?.hasUnmatchedFailure) return false;
  const mayTrustPhases = !hasTemplate || (request.accepted && !evidence.hasGap);
  if (seen.workingSeen && seen.activeReads >= readsToSettle && mayTrustPhases) return true;
  const saidBehind = word === false || word === "behind" || word === "again";
  const poolIsAsBefore = pool?.updatedAt === request.before.updatedAt;
  // An old record from a replica that lags behind says what the node said before its pool was changed.
  const isOfNow = isNewer(node.updatedAt, serviceTime(request.sentAt));
  return (
    saidBehind && node.upToDate === true && isOfNow && !hasTemplate && poolIsAsBefore && job === undefined
  );
}

/** Whether the request's job has ended, named others, and nothing whatever has happened to the node. */
function isProvenUntouched(
  node: Node | undefined,
  seen: NodeEvidence | undefined,
  job: JobReading | undefined,
  { hasGap }: Evidence,
  { isFresh }: Watched,
): boolean {
  if (node === undefined || seen === undefined || !isFresh || hasGap || isTouched(seen)) return false;
  if (job === undefined || !job.isOwn || job.phase === "running" || job.hasUnmatchedFailure) return false;
  const isUnchanged = seen.updatedBefore !== undefined && seen.updatedBefore === node.updatedAt;
  return isUnchanged && job.byNode.size > 0 && !job.byNode.has(node.id);
}

/** Whether a second read has to confirm what the node shows, before the end of the request counts. */
function isUnsettled(seen: NodeEvidence | undefined, phase: string): boolean {
  if (seen === undefined) return false;
  if (seen.failingReads > 0) return seen.failingReads < readsToFail;
  return phase === "Active" && seen.workingSeen && seen.activeReads < readsToSettle;
}

function isTouched(seen: NodeEvidence | undefined): boolean {
  return seen !== undefined && (seen.workingSeen || seen.failingReads > 0);
}

/** In a request that is over, a node that still waits will not get its turn. */
function notReached(node: NodeVerdict): NodeVerdict {
  if (node.state !== "waiting") return node;
  return {
    ...node,
    state: "failed",
    wasReached: false,
    reason: node.reason ?? "not reached before the sync ended",
  };
}

/** What a job says of the request. */
interface JobReading {
  readonly phase: Job["phase"];
  /** Whether its id came with the answer to the request. */
  readonly isOwn: boolean;
  /** The latest sub-job that names each node: by the node's id, its server's id, or its name where no other has it. */
  readonly byNode: ReadonlyMap<string, JobPart>;
  readonly hasUnmatchedFailure: boolean;
}

/** The job, where it is the request's: one that only the pool's status names has to name our nodes. */
function readJob({ request, names }: Watched, { job, isOwnJob, nodes }: Observation): JobReading | undefined {
  if (job === undefined) return undefined;
  const byNode = new Map<string, JobPart>();
  const owners = ownersOf(request.ids, nodes, names);
  let hasUnmatchedFailure = false;
  for (const part of inOrder(job.parts)) {
    const id = part.references.map((reference) => owners.get(reference)).find((owner) => owner !== undefined);
    if (id !== undefined) byNode.set(id, part);
    else if (part.phase === "failed") hasUnmatchedFailure = true;
  }
  if (!isOwnJob && byNode.size === 0) return undefined;
  return { phase: job.phase, isOwn: isOwnJob, byNode, hasUnmatchedFailure };
}

function ownersOf(
  ids: readonly string[],
  nodes: ReadonlyMap<string, Node>,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const holders = new Map<string, number>();
  for (const { name } of nodes.values()) holders.set(name, (holders.get(name) ?? 0) + 1);
  const owners = new Map<string, string>();
  for (const id of ids) {
    const node = nodes.get(id);
    const name = node?.name ?? names.get(id);
    if (name !== undefined && (holders.get(name) ?? 0) <= 1) owners.set(name, id);
    if (node?.serverId !== undefined) owners.set(node.serverId, id);
  }
  for (const id of ids) owners.set(id, id);
  return owners;
}

/** By their creation where all of them say it, else as the service lists them. */
function inOrder(parts: readonly JobPart[]): readonly JobPart[] {
  const times = parts.map(({ createdAt }) => serviceTime(createdAt));
  if (times.includes(undefined)) return parts;
  return parts.toSorted((a, b) => (serviceTime(a.createdAt) ?? 0) - (serviceTime(b.createdAt) ?? 0));
}

function restOf(
  evidence: Evidence,
  watched: Watched,
  look: Observation,
  waiting: readonly NodeVerdict[],
  resetting: boolean,
): Verdict["rest"] {
  if (resetting || look.pool?.synchronizing === true) return "moving";
  if (waiting.length === 0) {
    const areConfirmed = [...evidence.nodes].every(
      ([id, { activeReads }]) => look.nodes.get(id)?.phase !== "Active" || activeReads >= readsToSettle,
    );
    return areConfirmed ? "settled" : "settling";
  }
  const areBack = waiting.every(({ id }) => {
    const node = look.nodes.get(id);
    return node?.phase === "Active" && (evidence.nodes.get(id)?.workingSeen || !(id in watched.words));
  });
  return areBack ? "settling" : "moving";
}

function isNewer(time: string | undefined, than: number | undefined): boolean {
  const at = serviceTime(time);
  return at !== undefined && than !== undefined && at > than;
}

function isOlder(time: string | undefined, than: number | undefined): boolean {
  const at = serviceTime(time);
  return at !== undefined && than !== undefined && at < than;
}
