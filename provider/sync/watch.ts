import type { Job } from "../cce/model.ts";
import { isPassing } from "../cce/retryPolicy.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { type Deadline, pauseAfter, pauseWithin, type SyncContext, waitWithin } from "./context.ts";
import {
  gather,
  initialEvidence,
  type JudgedNode,
  judge,
  type Observation,
  type Verdict,
} from "./observation.ts";
import { countStandings, duration, listNames, openProgress, progressLine } from "./progress.ts";
import type { Running } from "./resume.ts";
import type { ClusterView } from "./snapshot.ts";
import { hasPool, poolIn } from "./targets.ts";
import { waitUntil } from "./waiter.ts";

/** How the watch of a sync ended. */
export interface Watched {
  readonly end: "done" | "failed" | "timedOut" | "interrupted";
  /** The targets as they were seen last. */
  readonly nodes: readonly JudgedNode[];
  /** Why it did not end well, besides the nodes' own reasons; empty when it did. */
  readonly reasons: readonly string[];
}

/** Looks between two readings of a job; with the default interval, a job is read once a minute at most. */
const looksBetweenJobs = 12;
/** One list that lacks the pool is no proof that it is gone. */
const looksToBeGone = 2;
/** How often in a row the reading of a job may fail in passing before the verdict is given without it. */
const mostJobFailures = 3;

/**
 * Watches a sync until every target is back and up to date, the sync has failed, the deadline has come or the user
 * interrupts. A read that fails in passing never ends it.
 * @throws ServiceError when the service refuses to be looked at.
 */
export async function watch(
  inputs: Inputs,
  running: Running,
  context: SyncContext,
  deadline: Deadline,
): Promise<Watched> {
  const { reader, clock, report } = context;
  const { targets } = running;
  const begunAt = running.acceptedAt === undefined ? clock.now() : Date.parse(running.acceptedAt);
  const progress = openProgress(report, clock);
  const job = openJob(running.jobId, context);
  let evidence = initialEvidence(running.watermark, targets);
  let latest: Verdict | undefined;
  let blindness = "";
  let warned = false;
  let missing = 0;

  const outcome = await waitUntil<Watched>(waitWithin(deadline, context), async () => {
    let view: ClusterView;
    try {
      view = await reader.look();
      blindness = "";
    } catch (error) {
      if (!isPassing(error)) throw error;
      blindness = error.message;
      progress(`cannot look at the cluster, trying again: ${blindness}`, "blind");
      await pauseWithin(deadline, context, pauseAfter(error));
      return undefined;
    }
    missing = hasPool(view, inputs.nodePoolId) ? 0 : missing + 1;
    if (missing > 0) {
      if (missing < looksToBeGone) return undefined;
      return {
        end: "failed",
        nodes: latest?.nodes ?? [],
        reasons: ["the node pool is gone from the cluster"],
      };
    }
    if (view.nodes === undefined && !warned) {
      warned = true;
      report(
        "the credentials may not list nodes (cce:node:list): the sync is watched by its job and the pool's condition only",
        "warning",
      );
    }
    const seen: Observation = {
      pool: poolIn(view, inputs.nodePoolId),
      // Where it is not known which nodes the sync is about, the nodes' being at rest says nothing of it.
      nodes: targets.length === 0 ? undefined : view.nodes,
    };
    evidence = gather(evidence, targets, seen);
    latest = judge(evidence, targets, { ...seen, job: job.known() });
    if (await job.readFor(latest)) latest = judge(evidence, targets, { ...seen, job: job.known() });
    const { outcome: end, nodes, reasons } = latest;
    progress(
      progressLine(latest, inputs.maxUnavailable, clock.now() - begunAt),
      JSON.stringify(countStandings(nodes)),
    );
    return end === "pending" || job.isOwed() ? undefined : { end, nodes, reasons };
  });

  if (outcome.kind === "settled") return outcome.value;
  const nodes = latest?.nodes ?? [];
  if (outcome.kind === "interrupted")
    return { end: "interrupted", nodes, reasons: ["interrupted while the sync was running"] };
  const elapsed = duration(clock.now() - begunAt);
  const sight = blindness === "" ? "" : `; the cluster could not be looked at in the end: ${blindness}`;
  return { end: "timedOut", nodes, reasons: [`${openNodes(latest, elapsed)}${sight}`] };
}

function openNodes(verdict: Verdict | undefined, elapsed: string): string {
  if (verdict === undefined || !verdict.begun)
    return `accepted ${elapsed} ago, but no sign that it has begun`;
  const open = verdict.nodes.filter(({ standing }) => standing === "waiting" || standing === "resetting");
  const words = open.map(
    ({ name, standing, phase }) => `${name} (${standing === "waiting" ? "not up to date yet" : phase})`,
  );
  return `not finished after ${elapsed}: ${listNames(words, 20) || "the service still says that it is running"}`;
}

/**
 * The sync's job: what is known of it, and a way to ask again. It is read when it could change or has to confirm what
 * nodes and pool say: once when every target is back, which spares the look that would have to confirm it, once more
 * when that look has, and else once in a while.
 */
function openJob(id: string | undefined, { cce, clock, interval }: SyncContext) {
  const pause = interval * looksBetweenJobs;
  let known: Job | undefined;
  let readAs: Verdict["rest"] = "moving";
  let failures = 0;
  let nextAt = clock.now() + pause;
  return {
    known: () => known,
    /** Whether its latest reading failed and is to be repeated before anything is decided. */
    isOwed: () => failures > 0 && failures < mostJobFailures,
    /** Whether the job was read anew for this verdict. A job that cannot be read is unknown. */
    async readFor({ outcome, rest, nodes }: Verdict): Promise<boolean> {
      const as = outcome === "pending" ? rest : "settled";
      const confirms = restOrder.indexOf(as) > restOrder.indexOf(readAs);
      const idle = outcome !== "pending" || !nodes.some(({ standing }) => standing === "resetting");
      if (id === undefined || !(confirms || (idle && clock.now() >= nextAt))) return false;
      nextAt = clock.now() + pause;
      try {
        known = await cce.showJob(id);
        failures = 0;
      } catch (error) {
        failures = isPassing(error) ? failures + 1 : mostJobFailures;
        if (failures < mostJobFailures) return false;
        known = undefined;
      }
      readAs = as;
      return true;
    },
  };
}

const restOrder = ["moving", "settling", "settled"] as const;
