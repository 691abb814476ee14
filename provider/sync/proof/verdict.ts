/**
 * What proves that a node was reset by a request, and when a request is over. Each node is judged by facts about itself
 * since the request that names it; nothing else counts. A node is proven when one of these holds, and no job, sub-job
 * or phase says that it failed:
 *
 * 1. Our job: the latest sub-job that names the node succeeded; or the whole job did and no sub-job names any node; and
 *    the node is `Active`. A job that is only read off the pool's status counts when it was created as the request came,
 *    and through sub-jobs that name our nodes.
 * 2. Its own phases: it was seen being installed after the request, and `Active` and unchanged in two reads, with no
 *    fault between that somebody may have repaired by hand. With a node template only when the service has confirmed the
 *    request and the watch had no gap: others could have installed it without the template.
 * 3. Its word: it said before the request that it is behind, and says in a record of after it that it is up to date,
 *    while the pool's own configuration is known to have stayed as it was. Not with a template, and not against a job
 *    that can be read.
 *
 * Never by an update time (labels are edited), the end of the pool's condition, other nodes, somebody else's sync, or
 * one read.
 *
 * A request is over when its job has ended, or the pool's condition was seen and is gone in two reads, or its granted
 * time has passed and neither says that it runs; and none of its nodes is being installed. Nodes that are still waiting
 * then were not reached.
 *
 * Everything here is pure.
 */

import { type Node, serviceTime } from "../../cce/model.ts";
import { type JobReading, readJob } from "./jobReading.ts";
import {
  type Evidence,
  isNewer,
  isTouched,
  isUnsettled,
  type NodeEvidence,
  type Observation,
  readsToFail,
  readsToSettle,
  type Watched,
} from "./observation.ts";
import { isWorking } from "./phases.ts";

/** `waiting` for its turn, being reset, proven, failed, or gone from the cluster. */
export type NodeState = "waiting" | "resetting" | "proven" | "failed" | "gone";

/** Which of the rules above proves a node: its sub-job, the whole job, its phases, its word; or an earlier run did. */
export type Proof = "subJob" | "job" | "phases" | "word" | "earlier";

/** What is said of one node. */
export interface NodeVerdict {
  readonly id: string;
  readonly name: string;
  readonly phase: string;
  readonly state: NodeState;
  /** What proves it; undefined unless it is proven. */
  readonly proof?: Proof;
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

const readsToEnd = 2;

/** The verdict on a look; the evidence holds that look already. */
export function evaluate(evidence: Evidence, watched: Watched, look: Observation): Verdict {
  const job = readJob(watched, look);
  const nodes = watched.request.ids.map((id) => evaluateNode(id, evidence, watched, look, job));
  const jobPhase = job?.phase;
  const isRunning = jobPhase === "running" || look.pool?.synchronizing === true;
  const watchedNodes = nodes.filter(({ id }) => !watched.ignored?.has(id));
  const resetting = watchedNodes.some(({ state }) => state === "resetting");
  const waiting = watchedNodes.filter(({ state }) => state === "waiting");
  const jobEnded = jobPhase === "success" || jobPhase === "failed";
  const conditionEnded = evidence.conditionGoneReads >= readsToEnd && jobPhase !== "running";
  const unsettled = waiting.some(({ id, phase }) => isUnsettled(evidence.nodes.get(id), phase));
  const isOver = !resetting && !unsettled && (jobEnded || conditionEnded || (look.isTimeUp && !isRunning));
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
  const proof = proofOf(node, seen, evidence, watched, look, job);
  if (proof !== undefined) return { ...said, state: "proven", proof, reason: node.reason };
  if (seen.failure !== undefined) return { ...said, state: "failed", reason: seen.failure };
  return { ...said, state: "waiting", reason: node.reason };
}

function proofOf(
  node: Node,
  seen: NodeEvidence,
  evidence: Evidence,
  { request, hasTemplate, words }: Watched,
  { pool }: Observation,
  job: JobReading | undefined,
): Proof | undefined {
  const word = words[node.id];
  if (word === undefined) return "earlier";
  if (node.phase !== "Active" || seen.brokenAs !== undefined) return undefined;
  if (job?.byNode.get(node.id)?.phase === "success") return "subJob";
  if (job?.isOwn && job.phase === "success" && job.byNode.size === 0) return "job";
  // A failed sub-job of nobody in particular may be this node's.
  if (job?.hasUnmatchedFailure) return undefined;
  const mayTrustPhases = !hasTemplate || (request.accepted && !evidence.hasGap);
  const isBack = seen.workingSeen && seen.activeReads >= readsToSettle && seen.failure === undefined;
  if (isBack && mayTrustPhases) return "phases";
  const saidBehind = word === false || word === "behind" || word === "again";
  const { updatedAt } = request.before;
  const poolIsAsBefore = updatedAt !== undefined && pool?.updatedAt === updatedAt;
  // An old record from a replica that lags behind says what the node said before its pool was changed.
  const isOfNow = isNewer(node.updatedAt, serviceTime(request.sentAt));
  const isByWord = saidBehind && node.upToDate === true && isOfNow && !hasTemplate && poolIsAsBefore;
  return isByWord && job === undefined ? "word" : undefined;
}

/** Whether the request's job has ended without success on the node, and nothing whatever has happened to it. */
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
  return isUnchanged && job.byNode.size > 0 && job.byNode.get(node.id)?.phase !== "success";
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
