import type { Node } from "../cce/model.ts";
import {
  isPassing,
  isRefusedForNow,
  mayHaveBeenAccepted,
  pauseAfterRefusedWrite,
} from "../cce/retryPolicy.ts";
import { type ErrorCode, errorCodes, remedyOf } from "../errors/codes.ts";
import { type ConnectionError, type ServiceError, UserError } from "../errors/errors.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { type Deadline, pauseAfter, pauseWithin, type SyncContext, waitWithin } from "./context.ts";
import { watermarkOf } from "./observation.ts";
import { openOthersWork } from "./othersWork.ts";
import { duration, openProgress } from "./progress.ts";
import { expectRecovery } from "./recoverable.ts";
import { type Running, resume } from "./resume.ts";
import { type LeftToDo, narrowed, partToName, targetsOf } from "./targets.ts";
import { waitUntil } from "./waiter.ts";

/** How a declared sync came to run, or why nothing had to be sent. */
export type Start =
  | { readonly kind: "running"; readonly running: Running }
  | { readonly kind: "finished"; readonly targets: readonly Node[]; readonly why: string };

/** What is known of the declared sync before anything is done. */
export interface Before {
  /** A sync for the same request that was sent earlier and whose end was not seen. */
  readonly unfinished?: Running;
  /** What is left to do of an earlier sync for the same request; undefined when all is asked for. */
  readonly leftToDo?: LeftToDo;
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
  const others = openOthersWork(inputs.nodePoolId, before.broughtByOthers, cce);
  // Given back when there is more to wait for: places kept for later would let too many through in one minute.
  let holdsPlace = false;
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
    const unrest = others.note(view);
    if (unrest !== undefined) {
      holdsPlace = false;
      obstacle = busy(unrest.text);
      progress(`waiting, ${unrest.text}`, unrest.what);
      await others.noteJob(view);
      return undefined;
    }
    const narrowedTo = partToName(inputs, targets, view, before.leftToDo);
    const chosen = narrowed(targets, narrowedTo);
    if (inputs.nodeTemplate === undefined && view.nodes !== undefined && others.broughtAll(chosen)) {
      return {
        kind: "finished",
        targets,
        why: "a sync that was already running brought every node up to date",
      };
    }
    if (chosen.length === 0 && view.nodes !== undefined) {
      return {
        kind: "finished",
        targets,
        why:
          targets.length === 0
            ? "the pool has no nodes; new ones get its current configuration"
            : "the nodes that were left to do are gone from the pool, or up to date by now; nothing is reset",
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
    obstacle: () => obstacle ?? busy("the pool was never at rest"),
  };
}

function busy(text: string): Obstacle {
  return { text, code: errorCodes.busy, remedy: remedyOf(errorCodes.busy) };
}

function obstacleOf({ message, errorCode, remedy }: ServiceError | ConnectionError): Obstacle {
  return { text: message, code: errorCode, remedy };
}
