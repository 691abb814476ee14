import type { Cce } from "../cce/client.ts";
import { ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { Report } from "./progress.ts";
import type { ClusterReader } from "./snapshot.ts";
import type { Wait } from "./waiter.ts";

/** What a sync works with: the service, time, and a way to tell the user. */
export interface SyncContext {
  readonly cce: Cce;
  /** Reads the cluster that the inputs name. */
  readonly reader: ClusterReader;
  readonly clock: Clock;
  readonly report: Report;
  /** Aborts when the user interrupts the engine. */
  readonly interrupted: AbortSignal;
  /** Milliseconds between the first looks of a wait. */
  readonly interval: number;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** Milliseconds that the user grants for the whole sync (`customTimeouts`); undefined for the default. */
  readonly timeout?: number;
}

/** When a sync must be over. */
export interface Deadline {
  readonly at: () => number;
  /** Tells how much there is to do; without a time-out of the user's, each batch is granted its time from now on. */
  restart(targets: number, maxUnavailable: number): void;
  /** Grants the time that was spent in this process's own queue. */
  extend(milliseconds: number): void;
}

/** What one batch of nodes is granted by default. */
export const batchTimeout = 20 * 60_000;

/** The deadline of a sync that begins now. */
export function openDeadline({ clock, timeout }: SyncContext): Deadline {
  let at = clock.now() + (timeout ?? batchTimeout);
  return {
    at: () => at,
    restart(targets, maxUnavailable) {
      if (timeout !== undefined) return;
      at = clock.now() + Math.max(1, Math.ceil(targets / maxUnavailable)) * batchTimeout;
    },
    extend(milliseconds) {
      at += milliseconds;
    },
  };
}

/**
 * How long to wait after a refusal, in milliseconds.
 * @param unasked what it is when the service asks for nothing.
 */
export function pauseAfter(error: unknown, unasked = 0): number {
  return (error instanceof ServiceError && error.retryAfter) || unasked;
}

/** Waits so many milliseconds, at most until the deadline or an interruption. */
export async function pauseWithin(
  deadline: Deadline,
  { clock, interrupted }: SyncContext,
  milliseconds: number,
): Promise<void> {
  const pause = Math.min(milliseconds, deadline.at() - clock.now());
  if (pause > 0) await clock.sleep(pause, interrupted);
}

/** A wait within the deadline. */
export function waitWithin(deadline: Deadline, context: SyncContext): Wait {
  const { clock, interrupted, interval, random } = context;
  return { clock, interrupted, interval, random, deadline: deadline.at };
}
