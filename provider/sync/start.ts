import { type Node, serviceTime } from "../cce/model.ts";
import { isPassing, pauseAfterRefusedWrite } from "../cce/retries.ts";
import { type ErrorCode, errorCodes, remedyOf } from "../errorCodes.ts";
import { ConnectionError, ServiceError, statesForbidding, UserError } from "../errors.ts";
import type { Inputs } from "../schema.ts";
import type { ClusterView } from "./clusterReader.ts";
import { type Deadline, pauseAfter, pauseWithin, type SyncContext, waitWithin } from "./context.ts";
import { isMoving, isUpdatedSince, watermarkOf } from "./observation.ts";
import { duration, listNames, openProgress } from "./progress.ts";
import { expectRecovery } from "./recovery.ts";
import { type Running, resume } from "./resume.ts";
import { nodesOfPool, targetsOf } from "./targets.ts";
import { waitUntil } from "./waiter.ts";

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

/** What stands in the way of the sync, and what a user can do about it. */
interface Obstacle {
  readonly text: string;
  readonly code: ErrorCode;
  readonly remedy: string;
}

/** How long a request that was not answered may take to show a first sign. */
const timeToShow = 5 * 60_000;
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
  const outcome = await waitUntil(waitWithin(deadline, context), attempt.next).catch((error: unknown) => {
    if (error instanceof UnansweredError) throw error;
    throw attempt.doubt(error instanceof Error ? error.message : String(error)) ?? error;
  });
  if (outcome.kind === "settled") return outcome.value;
  if (outcome.kind === "interrupted") {
    throw (
      attempt.doubt("interrupted") ??
      new UserError("interrupted before the sync was sent; nothing was reset", errorCodes.interrupted)
    );
  }
  const { text, code, remedy } = attempt.obstacle();
  throw (
    attempt.doubt("the deadline came before anything showed that the sync has begun") ??
    new UserError(
      `the sync could not be sent within the deadline: ${text}. Nothing was reset by it`,
      code,
      remedy,
    )
  );
}

function openAttempts(inputs: Inputs, before: Before, context: SyncContext, deadline: Deadline) {
  const { cce, reader, clock, report, interrupted } = context;
  const progress = openProgress(report, clock);
  const seenMoving = new Set(before.broughtByOthers);
  let waitedForOthers = before.broughtByOthers.size > 0;
  // Given back when there is more to wait for: places kept for later would let too many through in one minute.
  let holdsPlace = false;
  let notedJob: string | undefined;
  let unanswered: { readonly running: Running; readonly since: number; readonly why: string } | undefined;
  let obstacle: Obstacle | undefined;

  /** A read that fails in passing is no reason to give up before the deadline. */
  async function next(): Promise<Start | undefined> {
    try {
      return await decide();
    } catch (error) {
      if (!isPassing(error)) throw error;
      holdsPlace = false;
      obstacle = obstacleOf(error);
      progress(`cannot look at the cluster, trying again: ${obstacle.text}`, "blind");
      await pauseWithin(deadline, context, pauseAfter(error));
      return undefined;
    }
  }

  async function decide(): Promise<Start | undefined> {
    // To wait, the look that all share is enough; what is sent is decided on a fresh one.
    const view = await (holdsPlace ? reader.lookFresh() : reader.look());
    const targets = targetsOf(inputs, view);
    if (obstacle === undefined && unanswered === undefined)
      deadline.restart(targets.length, inputs.maxUnavailable);
    const candidate = unanswered?.running ?? before.unfinished;
    if (candidate !== undefined) {
      const resumed = await resume(candidate, targets, view, inputs, context, deadline);
      if (resumed !== undefined) return { kind: "running", running: resumed };
      if (unanswered !== undefined) return giveUpOnSilence();
    }
    if (isBusy(view)) {
      holdsPlace = false;
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
      deadline.extend(clock.now() - asked);
      holdsPlace = true;
      if (interrupted.aborted) return undefined;
      if ((await reader.lookFresh()) !== view) return decide();
    }
    holdsPlace = false;
    return send(chosen, narrowedTo);
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
    const who = moving.length > 0 ? ` (${listNames(moving.map(({ name }) => name))})` : "";
    obstacle = unrest(`${what} in the pool${who}`);
    progress(`waiting, ${obstacle.text}`, what);
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
      if (mayHaveBeenAccepted(error)) {
        const why = (error as Error).message;
        unanswered = { running, since: clock.now(), why };
        report(`the service did not answer; looking whether the sync has begun (${why})`, "passing");
        return undefined;
      }
      if (!isRefusedForNow(error)) throw error;
      obstacle = obstacleOf(error);
      await expectRecovery(error, inputs.clusterId, cce);
      const pause = pauseAfter(error, pauseAfterRefusedWrite);
      report(`not accepted yet, trying again in ${duration(pause)}: ${obstacle.text}`, "passing");
      await pauseWithin(deadline, context, pause);
      return undefined;
    }
  }

  function giveUpOnSilence(): undefined {
    if (unanswered === undefined || clock.now() - unanswered.since < timeToShow) return undefined;
    const { running, why } = unanswered;
    throw new UnansweredError(
      `${why}; in the ${duration(timeToShow)} since then nothing showed that the sync has begun`,
      running,
    );
  }

  /** Whatever ends the attempts, a request that may have been accepted must not be forgotten. */
  function doubt(end: string): UnansweredError | undefined {
    return unanswered && new UnansweredError(`${unanswered.why}; then ${end}`, unanswered.running);
  }

  return {
    next,
    doubt,
    obstacle: () => obstacle ?? unrest("the pool was never at rest"),
  };
}

function unrest(text: string): Obstacle {
  return { text, code: errorCodes.busy, remedy: remedyOf(errorCodes.busy) };
}

function obstacleOf({ message, errorCode, remedy }: ServiceError | ConnectionError): Obstacle {
  return { text: message, code: errorCode, remedy };
}

/** Whether a failed request may have been carried out all the same. */
function mayHaveBeenAccepted(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.mayHaveArrived;
  return error instanceof ServiceError && (error.status >= 500 || error.status === 408);
}

/** Whether a failed request was certainly not accepted, and may be sent again. */
function isRefusedForNow(error: unknown): error is ServiceError | ConnectionError {
  if (error instanceof ConnectionError) return !error.mayHaveArrived;
  return (
    error instanceof ServiceError && (error.status === 429 || statesForbidding(error.status, error.code))
  );
}
