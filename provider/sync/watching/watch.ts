import { serviceTime } from "../../cce/model.ts";
import { duration, listNames } from "../../util/text.ts";
import { beginWatch, type Evidence, observe, type Watched } from "../proof/observation.ts";
import { evaluate, type Verdict } from "../proof/verdict.ts";
import type { OpenRequest } from "../record/record.ts";
import { hasPool, isSelectedId } from "../record/selection.ts";
import { intervalsToSettle } from "../record/words.ts";
import type { Ending } from "../report/messages.ts";
import { blindnessText } from "../report/obstacle.ts";
import { countStates, createProgress, progressLine } from "../report/progress.ts";
import { grantedTime } from "../run/context.ts";
import { createJobWatcher } from "../run/jobWatcher.ts";
import type { Look } from "../run/look.ts";
import { nodesNotListed } from "../run/poolNodes.ts";
import { note, type Run, recordOf } from "../run/run.ts";
import { lastLookAt, waitUntil } from "../run/waiter.ts";
import { takeInOverlooked } from "../sending/due.ts";
import { maxUnavailableNow } from "../sending/waves.ts";
import { createAcceptance } from "./acceptance.ts";

/** How the watch of a request ended. */
export interface WatchEnd extends Ending {
  /** The request, with what became known of its acceptance. */
  readonly request: OpenRequest;
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
  request: OpenRequest,
  before: Look | undefined,
  run: Run,
  mostLooks = Number.POSITIVE_INFINITY,
): Promise<WatchEnd> {
  const { context, deadline } = run;
  const watcher = createRequestWatcher(watchedOf(request, run, before !== undefined), before, run, mostLooks);
  const end = await waitUntil<WatchEnd>({ ...context, deadline, endsSoon: watcher.endsSoon }, watcher.next);
  if (end.kind === "settled") return end.value;
  const { verdict } = watcher;
  if (end.kind === "interrupted")
    return {
      kind: "interrupted",
      verdict: verdict(),
      request: watcher.request(),
      reasons: [interruptedText(watcher.request())],
    };
  const sight = blindnessText(run.observer.blindness());
  const reasons = [`${watcher.unfinished()}${sight}`];
  return { kind: "timedOut", verdict: verdict(), request: watcher.request(), reasons };
}

/** What is watched of a request. Nobody waits for its nodes that are not selected any more. */
function watchedOf(request: OpenRequest, run: Run, isFresh: boolean): Watched {
  const { declaration, ledger } = run;
  const { hasTemplate } = declaration;
  const ignored = new Set(request.ids.filter((id) => !isSelectedId(declaration, id)));
  return { request, hasTemplate, names: ledger.names, words: recordOf(run).owed, ignored, isFresh };
}

function createRequestWatcher(initial: Watched, before: Look | undefined, run: Run, mostLooks: number) {
  const { context, declaration } = run;
  const { clock } = context;
  const report = createWatchReport(run);
  // A few looks after the fact, as a refresh takes.
  const isBrief = mostLooks < Number.POSITIVE_INFINITY;
  const patience = createPatience(run);
  const times = timesOf(initial.request, run);
  const judge = createJudge(before && beginWatch(initial, before.nodes), isBrief, times.grantedUntil, run);
  let watched = initial;
  let latest: Verdict | undefined;
  let looks = 0;
  let missing = 0;

  const elapsed = () => clock.monotonic() - times.sentAt;
  const ended = (kind: WatchEnd["kind"], reasons: readonly string[]): WatchEnd => {
    return { kind, verdict: latest, request: watched.request, reasons };
  };

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
    latest = await judge.verdict(watched, look);
    context.trace?.note("verdict", latest);
    if (!watched.request.accepted && judge.isAccepted(watched, look))
      watched = { ...watched, request: { ...watched.request, accepted: true } };
    report(latest, elapsed());
    const isSilent = !watched.request.accepted && !latest.begun && looks > 1;
    if (isSilent && elapsed() >= timeToShow) return ended("outcomeUnknown", []);
    if (latest.isOpen || judge.owesJob(latest) || patience(latest))
      return looks < mostLooks
        ? undefined
        : ended("timedOut", [unfinishedText(latest, watched.request, elapsed())]);
    return ended(latest.isUnconfirmed ? "unconfirmed" : "over", latest.reasons);
  }

  return {
    next,
    endsSoon: () => latest?.nodes.every(({ state }) => state !== "waiting") ?? false,
    verdict: () => latest,
    request: () => watched.request,
    unfinished: () => unfinishedText(latest, watched.request, elapsed()),
  };
}

/** Judges look after look, and reads the request's job where that could change the verdict. */
function createJudge(initial: Evidence | undefined, isBrief: boolean, grantedUntil: number, run: Run) {
  const { context, deadline } = run;
  const job = createJobWatcher(context, deadline);
  const acceptance = createAcceptance();
  let evidence = initial;
  // To see the end of the granted time in a few looks after the fact does not make it an end of the request.
  const isTimeUp = () =>
    !isBrief && context.clock.monotonic() >= lastLookAt({ ...context, deadline: { at: () => grantedUntil } });
  return {
    async verdict(watched: Watched, look: Look): Promise<Verdict> {
      acceptance.note(look);
      const isOwnJob = watched.request.jobId !== undefined;
      const isUp = isTimeUp();
      const seen = () => ({ ...look, job: job.known(), isOwnJob, isTimeUp: isUp });
      const taken = observe(evidence ?? beginWatch(watched, look.nodes), watched, seen());
      evidence = taken;
      const verdict = evaluate(taken, watched, seen());
      const jobId = acceptance.jobOf(watched.request, look);
      const isRead = await job.readFor(jobId, verdict, isBrief || !watched.request.accepted);
      return isRead ? evaluate(taken, watched, seen()) : verdict;
    },
    isAccepted: (watched: Watched, look: Look) => acceptance.isShown(watched, look, job.known()),
    owesJob: job.isOwed,
  };
}

function createWatchReport(run: Run): (verdict: Verdict, elapsed: number) => void {
  const { context, ledger } = run;
  const progress = createProgress(context.report, context.clock);
  const wave = ledger.wave && { ...ledger.wave, done: ledger.proven.size, all: ledger.due.size };
  return (verdict, elapsed) => {
    const maxUnavailable = maxUnavailableNow(run, verdict.nodes.length);
    const line = progressLine(verdict, maxUnavailable, elapsed, wave);
    progress(line, JSON.stringify(countStates(verdict.nodes)));
  };
}

/**
 * Says for how long to wait for flags: one may follow its node's reset a moment later, and a node that then still says
 * that it is behind is.
 */
function createPatience({ context: { clock, interval } }: Run): (verdict: Verdict) => boolean {
  let closedAt: number | undefined;
  return ({ nodes }) => {
    closedAt ??= clock.monotonic();
    const areBehind = nodes.some(({ state, saysBehind }) => state === "proven" && saysBehind);
    return areBehind && clock.monotonic() - closedAt < interval * intervalsToSettle;
  };
}

/** When the request was sent and until when it is granted time, both on this process's monotonic clock. */
function timesOf({ sentAt, ids }: OpenRequest, run: Run) {
  const { client, clock } = run.context;
  const now = client.serviceTime() ?? clock.now();
  const elapsed = Math.max(0, now - (serviceTime(sentAt) ?? now));
  const sent = clock.monotonic() - elapsed;
  return { sentAt: sent, grantedUntil: sent + grantedTime(ids.length, maxUnavailableNow(run, ids.length)) };
}

function interruptedText({ accepted }: OpenRequest): string {
  return accepted
    ? "interrupted while the sync was running; the service goes on resetting nodes"
    : "interrupted before the service answered the request; it is not known whether the sync has started";
}

function unfinishedText(verdict: Verdict | undefined, { accepted }: OpenRequest, elapsed: number): string {
  if (verdict === undefined || !verdict.begun)
    return `the sync was ${accepted ? "accepted" : "sent"} ${duration(elapsed)} ago, but the service shows no sign that it has ${accepted ? "started" : "accepted it"}`;
  const open = verdict.nodes.filter(({ state }) => state === "waiting" || state === "resetting");
  const words = open.map(({ name, state, phase }) => `${name} (${state === "waiting" ? "waiting" : phase})`);
  const what = listNames(words, nodesShown) || "the service still reports that it is running";
  return `the sync was accepted, but not finished after ${duration(elapsed)}: ${what}`;
}
