import assert from "node:assert/strict";
import type { AcceptedSync, Profile } from "../../../emulator/index.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { Happening } from "./happenings.ts";
import { type Oracle, type Proof, showsEachNode, showsJob, type Target } from "./oracle.ts";
import type { StoryPool } from "./storyPool.ts";

/** One run of the resource; times are the emulator's. */
export interface Run {
  readonly serial: number;
  readonly content: string;
  readonly inputs: Inputs;
  readonly from: number;
  until: number;
  end: "ended" | "died";
  /** Whether the service has accepted a request of it. */
  hasSent: boolean;
  /** How many requests the service had seen when it began. */
  readonly requestsBefore: number;
}

interface Question {
  readonly target: Target;
  readonly sync: AcceptedSync;
  readonly run: Run;
  readonly runs: readonly Run[];
  readonly oracle: Oracle;
  readonly profile: Profile;
  readonly pool: StoryPool;
  readonly synced: readonly string[];
}

/** Why a node was reset again although it had been reset for the same content, by how often. */
export const excused = new Map<string, number>();

/** What a request for so many nodes is granted by default: 20 minutes a batch. */
const grantedTime = (nodes: number, maxUnavailable: number) =>
  Math.ceil(nodes / maxUnavailable) * 20 * 60_000;

/** How long before the end of a reset a run must have begun, and how long after it must have gone on, to see it. */
const timeToSee = 60_000;

/** Fails when a request names a node that was reset for this content, is healthy and up to date, and no excuse holds. */
export function assertIsNeeded(question: Question): void {
  const { target, run, oracle, sync } = question;
  const proof = oracle.proof(target.id, run.content, sync.at);
  if (proof === undefined || !target.isHealthy || target.saysBehind || target.isBehind) return;
  const excuse = excuseFor(question, proof);
  assert.ok(
    excuse !== undefined,
    `node ${target.id} was reset for this by sync ${proof.request.sync.serial}, and again by ${sync.serial}`,
  );
  excused.set(excuse, (excused.get(excuse) ?? 0) + 1);
}

function excuseFor(question: Question, proof: Proof) {
  const { target, sync, run, runs, oracle, profile, pool, synced } = question;
  const { reset, request } = proof;
  const { endedAt = 0 } = reset;
  const { at: since, maxUnavailable } = request.sync;
  const happened = (test: (what: Happening, nodeId?: string) => boolean, from = since) =>
    pool.happened.some(({ what, at, nodeId }) => at >= from && at <= sync.at && test(what, nodeId));
  const kinds = (...names: readonly string[]) =>
    happened((what, nodeId) => names.includes(what.kind) && (nodeId === undefined || nodeId === target.id));
  const between = runs.filter(({ until, from }) => until >= since && from <= sync.at);
  if (between.some(({ end, serial }) => end === "died" && serial !== run.serial)) return "death";
  const others = [...oracle.requests.values()].filter((each) => each.content !== run.content);
  const gone = others.some((each) => each.sync.at >= since && each.sync.targets.includes(target.id));
  if (gone) return "another content was requested since";
  const wasSeen = between.some(
    // A run with another content waits for the request and keeps nothing of what it sees.
    ({ from, until, content }) =>
      content === run.content && from <= endedAt - timeToSee / 2 && until >= endedAt + timeToSee,
  );
  // The record says of each node whether it has the declared content, and which one it had before: of a content that was
  // replaced before all nodes had it, or the end of its request was seen, nothing is left when the program goes back to it.
  const wasReplaced = between.some(({ content }) => content !== run.content);
  if (wasReplaced && !(wasSeen && synced.includes(run.content))) return "superseded";
  const sender = runs[request.run];
  const isJobKnown =
    profile.answer === "jobid" || !happened(({ kind }) => ["autoscaled", "othersSync"].includes(kind));
  // What takes an answer away waits for the next request, however long that is in coming.
  const sentBefore = [...oracle.requests.values()].map(({ sync: { at } }) => at).filter((at) => at < since);
  const isAnswerLost = happened(({ kind }) => kind === "answerLost", Math.max(0, ...sentBefore));
  const isKnownByJob = showsEachNode(profile) && isJobKnown && !kinds("jobsForgotten") && !isAnswerLost;
  const mustHaveSent = run.inputs.nodeTemplate !== undefined;
  const sawItself = sender !== undefined && sender.until >= endedAt + timeToSee && sender.end !== "died";
  if (!isKnownByJob && !(mustHaveSent ? sawItself : wasSeen)) return "ended in a gap without a job";
  // Where neither a job nor a condition says that a request runs, one that has died cannot be told from one whose first
  // node has its turn after the time that it was granted; a refusal since then may be due to somebody else's sync.
  const showsRunning = profile.condition !== "never" || (showsJob(profile) && !kinds("jobsForgotten"));
  const isLate = reset.startedAt - since >= grantedTime(request.sync.targets.length, maxUnavailable);
  if (!showsRunning && isLate) return "later than granted";
  if (kinds("nodeDisturbed", "nodeReset", "nodeFails", "nodeFailsUnseen", "clusterUpgraded"))
    return "disturbed";
  if (run.inputs.rollout?.soak !== undefined && kinds("othersSync")) return "disturbed in its soak";
  if (happened(({ kind }) => ["staleLists", "emptyList", "shortList", "readsFail"].includes(kind)))
    return "blind";
  if (profile.replicaLag > 0) return "replica";
  if (happened(({ kind }) => kind === "clockSet") && mustHaveSent && !isKnownByJob) return "clock";
  if (isAnswerLost) return "answer lost";
  const unmatched =
    profile.subJobs === "nobody" ||
    profile.subJobs === "none" ||
    happened(({ kind }) => kind === "jobFails", 0);
  if (unmatched && !isKnownByJob) return "failed sub-job of nobody";
  return undefined;
}
