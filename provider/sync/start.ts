import { isPassing } from "../cce/api.ts";
import { type Node, serviceTime } from "../cce/model.ts";
import { ConnectionError, ServiceError, statesForbidding, UserError } from "../errors.ts";
import type { Inputs } from "../schema.ts";
import type { ClusterView } from "./clusterReader.ts";
import { type Deadline, type SyncContext, waitWithin } from "./context.ts";
import { isMoving, isUpdatedSince, watermarkOf } from "./observation.ts";
import { duration, listNames } from "./progress.ts";
import { nodesOfPool, targetsOf } from "./targets.ts";
import { waitUntil } from "./waiter.ts";

/** A sync that the service runs, or may be running, for a declared change. */
export interface Running {
  /** The nodes that the sync is about, as they were seen before it. */
  readonly targets: readonly Node[];
  /** The newest update time of any target before the request. */
  readonly watermark?: string;
  readonly jobId?: string;
  /** When the service accepted the request, ISO 8601; undefined while that is not known. */
  readonly acceptedAt?: string;
  /** The nodes that the request named in place of the inputs' own. */
  readonly narrowedTo?: readonly string[];
}

/** How a declared sync came to run, or why nothing had to be sent. */
export type Start =
  | { readonly kind: "running"; readonly running: Running }
  | { readonly kind: "finished"; readonly targets: readonly Node[]; readonly why: string };

/** What is known of the declared sync before anything is done. */
export interface Before {
  /** A sync for the same request that was sent earlier and whose end was not seen. */
  readonly unfinished?: Running;
  /** The nodes that are left to do of an earlier sync for the same request. */
  readonly leftToDo?: readonly string[];
  /** Nodes that other syncs of this process have just brought up to date. */
  readonly broughtByOthers: ReadonlySet<string>;
}

/** The request was sent, and nothing tells whether the service took it. */
export class UnansweredError extends Error {
  override readonly name = "UnansweredError";
  readonly running: Running;

  constructor(message: string, running: Running) {
    super(message);
    this.running = running;
  }
}

/** The user interrupted the engine before anything was sent. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
}

/** How long a request that was not answered may take to show a first sign. */
const timeToShow = 5 * 60_000;
/** The service's limits are for each minute, and it seldom says when to try again. */
const pauseAfterRefusal = 60_000;
/** A look this much younger than an interval is fresh enough to decide on. */
const freshness = 0.2;

/**
 * Brings the declared sync to run, sending at most one request that the service accepts: resumes a sync that was
 * sent earlier, waits for one that somebody else started, adopts that one when it did all that is asked, and else
 * sends the request.
 * @throws UserError when the inputs do not fit the cluster; nothing was sent.
 * @throws ServiceError when the service refused for good; nothing was accepted.
 * @throws UnansweredError when the request may have been accepted.
 */
export async function startOrResume(
  inputs: Inputs,
  before: Before,
  context: SyncContext,
  deadline: Deadline,
): Promise<Start> {
  const attempt = openAttempts(inputs, before, context, deadline);
  const outcome = await waitUntil(waitWithin(deadline, context), attempt.next);
  if (outcome.kind === "settled") return outcome.value;
  const { unanswered, obstacle } = attempt.standing();
  if (unanswered !== undefined) throw new UnansweredError(obstacle, unanswered);
  if (outcome.kind === "interrupted")
    throw new InterruptedError("interrupted before the sync was sent; nothing was reset");
  throw new UserError(`the sync could not be sent within the deadline: ${obstacle}. Nothing was reset by it`);
}

function openAttempts(inputs: Inputs, before: Before, context: SyncContext, deadline: Deadline) {
  const { cce, reader, clock, report, interrupted, interval } = context;
  const seenMoving = new Set(before.broughtByOthers);
  let waitedForOthers = before.broughtByOthers.size > 0;
  let holdsPlace = false;
  let notedJob: string | undefined;
  let unanswered: (Running & { readonly since: number }) | undefined;
  let obstacle = "";

  async function next(): Promise<Start | undefined> {
    const view = await lookPatiently();
    if (view === undefined) return undefined;
    const targets = targetsOf(inputs, view);
    if (obstacle === "" && unanswered === undefined) deadline.restart(targets.length, inputs.maxUnavailable);
    const candidate = unanswered ?? before.unfinished;
    if (candidate !== undefined) {
      const resumed = resume(candidate, targets, view);
      if (resumed !== undefined) return { kind: "running", running: resumed };
      if (unanswered !== undefined) return giveUpOnSilence();
    }
    if (isBusy(view)) {
      await noteWorkOfRunningJob(view);
      return undefined;
    }
    if (waitedForOthers && inputs.nodeTemplate === undefined && targets.every(isBrought)) {
      return {
        kind: "finished",
        targets,
        why: "a sync that was already running brought every node up to date",
      };
    }
    const named = before.leftToDo?.filter((id) => targets.some((target) => target.id === id));
    const narrowedTo =
      named !== undefined && named.length > 0 && named.length < targets.length ? named : undefined;
    const chosen = narrowedTo === undefined ? targets : targets.filter(({ id }) => narrowedTo.includes(id));
    if (chosen.length === 0 && view.nodes !== undefined) {
      return {
        kind: "finished",
        targets,
        why: "the pool has no nodes; new ones get its current configuration",
      };
    }
    if (!holdsPlace) {
      const asked = clock.now();
      await cce.queueForWrite(interrupted);
      const queued = clock.now() - asked;
      deadline.extend(queued);
      holdsPlace = true;
      if (interrupted.aborted) return undefined;
      if (queued > interval * freshness) return next();
    }
    holdsPlace = false;
    return send(chosen, narrowedTo);
  }

  async function lookPatiently(): Promise<ClusterView | undefined> {
    try {
      return await reader.lookSince(clock.now() - interval * freshness);
    } catch (error) {
      if (!isPassing(error)) throw error;
      obstacle = (error as Error).message;
      report(`cannot look at the cluster, trying again: ${obstacle}`, "passing");
      return undefined;
    }
  }

  /** Notes what others do to the pool's nodes, so that their sync can be recognised as the declared one. */
  function isBusy(view: ClusterView): boolean {
    const pool = view.pools.find(({ id }) => id === inputs.nodePoolId);
    const moving = nodesOfPool(view, inputs.nodePoolId).filter(isMoving);
    for (const { id } of moving) seenMoving.add(id);
    if (pool?.synchronizing !== true && pool?.scaling !== true && moving.length === 0) return false;
    waitedForOthers = true;
    const what =
      pool?.synchronizing === true ? "another sync is running" : "nodes are being added, reset or removed";
    obstacle = `${what} in the pool${moving.length > 0 ? ` (${listNames(moving.map(({ name }) => name))})` : ""}`;
    report(`waiting, ${obstacle}`, "passing");
    return true;
  }

  /** Nodes that a running job has finished with before the first look: their records are newer than the job. */
  async function noteWorkOfRunningJob(view: ClusterView): Promise<void> {
    const jobId = view.pools.find(({ id }) => id === inputs.nodePoolId)?.jobId;
    if (jobId === undefined || jobId === notedJob) return;
    notedJob = jobId;
    const job = await cce.showJob(jobId).catch(() => undefined);
    if (job?.phase !== "running") return;
    const begun = serviceTime(job.createdAt);
    for (const node of nodesOfPool(view, inputs.nodePoolId))
      if (isUpdatedSince(node, begun)) seenMoving.add(node.id);
  }

  function isBrought(target: Node): boolean {
    const { id, phase, upToDate } = target;
    return phase === "Active" && upToDate !== false && (upToDate === true || seenMoving.has(id));
  }

  async function send(
    targets: readonly Node[],
    narrowedTo: readonly string[] | undefined,
  ): Promise<Start | undefined> {
    const watermark = watermarkOf(targets);
    const running: Running = { targets, watermark, narrowedTo };
    try {
      const { jobId } = await cce.synchronize(inputs, narrowedTo);
      const acceptedAt = new Date(clock.now()).toISOString();
      return { kind: "running", running: { ...running, jobId, acceptedAt } };
    } catch (error) {
      if (error instanceof ConnectionError || error instanceof ServiceError) obstacle = error.message;
      if (mayHaveBeenAccepted(error)) {
        unanswered = { ...running, since: clock.now() };
        report(`the service did not answer; looking whether the sync has begun (${obstacle})`, "passing");
        return undefined;
      }
      if (!isRefusedForNow(error)) throw error;
      const pause = (error instanceof ServiceError && error.retryAfter) || pauseAfterRefusal;
      report(`not accepted yet, trying again in ${duration(pause)}: ${obstacle}`, "passing");
      await clock.sleep(Math.min(pause, Math.max(0, deadline.at() - clock.now())), interrupted);
      return undefined;
    }
  }

  function giveUpOnSilence(): undefined {
    if (unanswered === undefined || clock.now() - unanswered.since < timeToShow) return undefined;
    throw new UnansweredError(
      `${obstacle}; in the ${duration(timeToShow)} since then nothing showed that the sync has begun`,
      unanswered,
    );
  }

  /** The earlier sync, when the service shows any sign of it. */
  function resume(earlier: Running, targets: readonly Node[], view: ClusterView): Running | undefined {
    const mark = serviceTime(earlier.watermark);
    const own =
      earlier.narrowedTo === undefined
        ? targets
        : targets.filter(({ id }) => earlier.narrowedTo?.includes(id));
    const present = own.filter((node) => !isNewerThan(node, mark));
    const pool = view.pools.find(({ id }) => id === inputs.nodePoolId);
    const shows =
      pool?.synchronizing === true || present.some((node) => isMoving(node) || isUpdatedSince(node, mark));
    const mayStillBegin =
      earlier.acceptedAt !== undefined &&
      clock.now() < Date.parse(earlier.acceptedAt) + deadline.at() - clock.now();
    if (!shows && !mayStillBegin) return undefined;
    return { ...earlier, jobId: earlier.jobId ?? pool?.jobId, targets: present };
  }

  return { next, standing: () => ({ unanswered, obstacle: obstacle || "the pool was never at rest" }) };
}

/** A node that was added after the request is not one of its targets. */
function isNewerThan({ createdAt }: Node, mark: number | undefined): boolean {
  const created = serviceTime(createdAt);
  return mark !== undefined && created !== undefined && created > mark;
}

/** Whether a failed request may have been carried out all the same. */
function mayHaveBeenAccepted(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.mayHaveArrived;
  return error instanceof ServiceError && (error.status >= 500 || error.status === 408);
}

/** Whether a failed request was certainly not accepted, and may be sent again. */
function isRefusedForNow(error: unknown): boolean {
  if (error instanceof ConnectionError) return !error.mayHaveArrived;
  return (
    error instanceof ServiceError && (error.status === 429 || statesForbidding(error.status, error.code))
  );
}
