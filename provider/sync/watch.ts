import { serviceTime } from "../cce/model.ts";
import { duration, listNames } from "../util/text.ts";
import { grantedTime } from "./context.ts";
import type { Declaration } from "./declaration.ts";
import { nodesNotListed } from "./declare.ts";
import { createJobWatcher, type JobWatcher } from "./jobWatcher.ts";
import type { Look } from "./look.ts";
import {
  beginWatch,
  type Evidence,
  evaluate,
  type Observation,
  observe,
  type Verdict,
  type Watched,
} from "./observation.ts";
import { isWorking } from "./phases.ts";
import { countStates, createProgress, progressLine } from "./progress.ts";
import type { OpenRequest } from "./record.ts";
import { note, type Run } from "./run.ts";
import { hasPool } from "./selection.ts";
import { takeInOverlooked } from "./send.ts";
import { lastLookAt, waitUntil } from "./waiter.ts";
import { intervalsToSettle } from "./words.ts";

/** How the watch of a request ended. */
export interface WatchEnd {
  readonly kind: "over" | "unconfirmed" | "outcomeUnknown" | "poolGone" | "timedOut" | "interrupted";
  /** The verdict of the latest look; undefined when there was none. */
  readonly verdict?: Verdict;
  /** The request, with what became known of its acceptance. */
  readonly request: OpenRequest;
  /** Why it did not end well, besides the nodes' own reasons. */
  readonly reasons: readonly string[];
}

/** How long a request that was not answered may take to show a first sign. */
export const timeToShow = 5 * 60_000;
/** One list that lacks the pool is no proof that it is gone. */
const readsToBeGone = 2;
const nodesShown = 20;

/**
 * Watches a request until it is over, the deadline has come or the user interrupts. A read that fails in passing never
 * ends it.
 * @param before the look that the request was decided on, where this run has sent it.
 * @param mostLooks after how many looks the watch ends as timed out; default as many as the deadline allows.
 * @throws ServiceError when the service refuses to be read.
 * @throws UserError when the run waits for nodes that may not be listed.
 */
export async function watch(
  watched: Watched,
  before: Look | undefined,
  run: Run,
  mostLooks = Number.POSITIVE_INFINITY,
): Promise<WatchEnd> {
  const { context, deadline } = run;
  const watcher = createRequestWatcher(watched, before, run, mostLooks);
  const end = await waitUntil<WatchEnd>({ ...context, deadline }, watcher.next);
  if (end.kind === "settled") return end.value;
  const { verdict, request } = watcher;
  if (end.kind === "interrupted")
    return {
      kind: "interrupted",
      verdict: verdict(),
      request: request(),
      reasons: ["interrupted while the sync was running"],
    };
  const blindness = run.observer.blindness();
  const sight = blindness === undefined ? "" : `; the last reads of the cluster failed: ${blindness.text}`;
  const reasons = [`${watcher.unfinished()}${sight}`];
  return { kind: "timedOut", verdict: verdict(), request: request(), reasons };
}

function createRequestWatcher(initial: Watched, before: Look | undefined, run: Run, mostLooks: number) {
  const { context, deadline, declaration } = run;
  const { clock, report } = context;
  const progress = createProgress(report, clock);
  const job = createJobWatcher(context, deadline);
  const times = timesOf(initial.request, declaration, run);
  let watched = initial;
  let evidence: Evidence | undefined = before && beginWatch(watched, before.nodes);
  let latest: Verdict | undefined;
  let looks = 0;
  let missing = 0;
  let closedAt: number | undefined;
  let latestJob: string | undefined;
  const scalingJobs = new Set<string>();

  const elapsed = () => clock.monotonic() - times.sentAt;

  function judge(look: Look, observed: Evidence): Verdict {
    // A few looks after the fact, as a refresh takes, do not make the end of the granted time an end of the request.
    const isTimeUp =
      mostLooks === Number.POSITIVE_INFINITY &&
      clock.monotonic() >= lastLookAt({ ...context, deadline: { at: () => times.grantedUntil } });
    return evaluate(observed, watched, observationOf(look, watched, job, isTimeUp));
  }

  async function next(): Promise<WatchEnd | undefined> {
    const look = await run.observer.look();
    if (look === undefined) return undefined;
    // Of nodes that are not shown nothing can be said: neither that they were reset, nor that they were not.
    if (declaration.wait && look.snapshot.nodes === undefined) throw nodesNotListed();
    missing = hasPool(look.snapshot, declaration.nodePoolId) ? 0 : missing + 1;
    if (missing > 0)
      return missing < readsToBeGone ? undefined : ended("poolGone", ["the node pool was deleted"]);
    looks += 1;
    note(look, run);
    takeInOverlooked(look, run);
    noteJob(look);
    evidence ??= beginWatch(watched, look.nodes);
    if (look.hadGap) evidence = { ...evidence, hasGap: true };
    evidence = observe(evidence, watched, observationOf(look, watched, job, false));
    latest = judge(look, evidence);
    const jobId = jobIdOf(watched.request, look);
    if (await job.readFor(jobId, latest, !watched.request.accepted)) latest = judge(look, evidence);
    if (!watched.request.accepted) acceptOnSign(look);
    progress(
      progressLine(latest, declaration.maxUnavailable, elapsed()),
      JSON.stringify(countStates(latest.nodes)),
    );
    const isSilent = !watched.request.accepted && !latest.begun && looks > 1;
    if (isSilent && elapsed() >= timeToShow) return ended("outcomeUnknown", []);
    if (latest.isOpen || job.isOwed(latest) || isSettling(latest))
      return looks < mostLooks ? undefined : ended("timedOut", [unfinishedText(latest, elapsed())]);
    return ended(latest.isUnconfirmed ? "unconfirmed" : "over", latest.reasons);
  }

  /** A job that appears while the pool is being scaled is the scaling's, whichever nodes it names. */
  function noteJob({ pool }: Look): void {
    const { jobId, scaling } = pool ?? {};
    if (jobId === undefined || jobId === latestJob) return;
    latestJob = jobId;
    if (scaling) scalingJobs.add(jobId);
  }

  /** The job in the answer, or else one that the pool's status names and did not name before. */
  function jobIdOf({ jobId, before }: OpenRequest, { pool }: Look): string | undefined {
    if (jobId !== undefined) return jobId;
    const shown = pool?.jobId;
    return shown === undefined || shown === before.jobId || scalingJobs.has(shown) ? undefined : shown;
  }

  /** A flag may follow its node's reset a moment later; a node that then still says that it is behind is. */
  function isSettling({ nodes }: Verdict): boolean {
    closedAt ??= clock.monotonic();
    const areBehind = nodes.some(({ state, saysBehind }) => state === "proven" && saysBehind);
    const patience = context.interval * intervalsToSettle;
    return areBehind && clock.monotonic() - closedAt < patience;
  }

  /** A request whose answer was lost was taken when the pool shows what it did not show before it. */
  function acceptOnSign(look: Look): void {
    const { request, hasTemplate } = watched;
    const named = isNamedByJob(look, watched, job);
    const ids = new Set(request.ids);
    const othersWork = look.poolNodes.some(
      (node) => !ids.has(node.id) && isWorking(node, look.clusterUpgrading),
    );
    const { synchronizing, transition } = look.pool ?? {};
    const shows =
      jobIdOf(request, look) !== undefined ||
      (synchronizing === true && transition !== request.before.transition);
    if (named || (shows && !othersWork && !hasTemplate))
      watched = { ...watched, request: { ...request, accepted: true } };
  }

  function ended(kind: WatchEnd["kind"], reasons: readonly string[]): WatchEnd {
    return { kind, verdict: latest, request: watched.request, reasons };
  }

  return {
    next,
    verdict: () => latest,
    request: () => watched.request,
    unfinished: () => unfinishedText(latest, elapsed()),
  };
}

function observationOf(look: Look, watched: Watched, job: JobWatcher, isTimeUp: boolean): Observation {
  const { pool, nodes, gone, clusterUpgrading } = look;
  const isOwnJob = watched.request.jobId !== undefined;
  return { pool, nodes, gone, clusterUpgrading, job: job.known(), isOwnJob, isTimeUp };
}

function isNamedByJob(look: Look, { request }: Watched, job: JobWatcher): boolean {
  const ours = new Set<string>(request.ids);
  for (const id of request.ids) {
    const { name, serverId } = look.nodes.get(id) ?? {};
    for (const reference of [name, serverId]) if (reference !== undefined) ours.add(reference);
  }
  return job.known()?.parts.some(({ references }) => references.some((each) => ours.has(each))) ?? false;
}

/** When the request was sent and until when it is granted time, both on this process's monotonic clock. */
function timesOf({ sentAt, ids }: OpenRequest, { maxUnavailable }: Declaration, { context }: Run) {
  const { client, clock } = context;
  const now = client.serviceTime() ?? clock.now();
  const elapsed = Math.max(0, now - (serviceTime(sentAt) ?? now));
  const sent = clock.monotonic() - elapsed;
  return { sentAt: sent, grantedUntil: sent + grantedTime(ids.length, maxUnavailable) };
}

function unfinishedText(verdict: Verdict | undefined, elapsed: number): string {
  if (verdict === undefined || !verdict.begun)
    return `accepted ${duration(elapsed)} ago, but the service shows no sign that it has started`;
  const open = verdict.nodes.filter(({ state }) => state === "waiting" || state === "resetting");
  const words = open.map(({ name, state, phase }) => `${name} (${state === "waiting" ? "waiting" : phase})`);
  const what = listNames(words, nodesShown) || "the service still reports that it is running";
  return `not finished after ${duration(elapsed)}: ${what}`;
}
