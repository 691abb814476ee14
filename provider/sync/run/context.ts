import type { CceClient } from "../../cce/client.ts";
import type { ClusterReader } from "../../session/snapshot.ts";
import type { RunTrace } from "../../trace/trace.ts";
import type { Clock } from "../../util/clock.ts";
import type { Report } from "../report/progress.ts";
import type { SyncMutex } from "./mutex.ts";

/** What a sync works with: the service, time, and a way to report to the user. */
export interface SyncContext {
  readonly client: CceClient;
  /** Reads the cluster that the inputs name. */
  readonly reader: ClusterReader;
  readonly clock: Clock;
  readonly report: Report;
  /** Aborts when the user interrupts the engine, or the process is asked to end. */
  readonly interrupted: AbortSignal;
  /** Milliseconds between the first looks of a wait. */
  readonly interval: number;
  /** A number from 0 to 1, for jitter. */
  readonly random: () => number;
  /** Milliseconds that the user grants for the whole run (`customTimeouts`); undefined for the default. */
  readonly timeout?: number;
  /** One run at a time for each pool. */
  readonly mutex: SyncMutex;
  /** How the resource is named in messages, such as `NodePoolSync "workers"`. */
  readonly subject: string;
  /** Takes down what the run concludes; undefined when nobody has asked for a trace. */
  readonly trace?: RunTrace;
}

/** When a run must be over. */
export interface Deadline {
  /** On the monotonic clock. */
  readonly at: () => number;
  /** Grants each batch its time from now on, unless the user has set a time-out of his own. */
  restart(nodes: number, maxUnavailable: number): void;
  /** Grants at least so much time from now on, unless the user has set a time-out. */
  allow(milliseconds: number): void;
  /** Grants the time that was spent waiting for one's turn to send, unless the user has set a time-out. */
  extend(milliseconds: number): void;
  /** Grants the time that a throttled request costs, up to one batch's time in all, unless the user has set a time-out. */
  excuse(milliseconds: number): void;
  /**
   * Does the work with a signal that aborts at the deadline or when the user interrupts.
   */
  bound<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** What one batch of nodes is granted by default. */
export const batchTimeout = 20 * 60_000;

/** What a request for so many nodes is granted by default. */
export function grantedTime(nodes: number, maxUnavailable: number): number {
  return Math.max(1, Math.ceil(nodes / maxUnavailable)) * batchTimeout;
}

/** The deadline of a run that begins now. */
export function createDeadline({ clock, timeout, interrupted }: SyncContext): Deadline {
  let at = clock.monotonic() + (timeout ?? batchTimeout);
  let excused = 0;
  return {
    at: () => at,
    restart(nodes, maxUnavailable) {
      if (timeout === undefined) at = clock.monotonic() + grantedTime(nodes, maxUnavailable);
      excused = 0;
    },
    allow(milliseconds) {
      if (timeout === undefined) at = Math.max(at, clock.monotonic() + milliseconds);
    },
    extend(milliseconds) {
      if (timeout === undefined) at += milliseconds;
    },
    excuse(milliseconds) {
      const granted = Math.min(milliseconds, batchTimeout - excused);
      excused += granted;
      if (timeout === undefined) at += granted;
    },
    async bound(work) {
      const limit = new AbortController();
      const finished = new AbortController();
      const abort = () => limit.abort();
      interrupted.addEventListener("abort", abort);
      if (interrupted.aborted) abort();
      const guard = async () => {
        while (!finished.signal.aborted && !limit.signal.aborted) {
          const left = at - clock.monotonic();
          if (left <= 0) return limit.abort();
          await clock.sleep(left, finished.signal);
        }
      };
      void guard();
      try {
        return await work(limit.signal);
      } finally {
        // Without a reason, each would make an exception with a stack.
        finished.abort("finished");
        interrupted.removeEventListener("abort", abort);
      }
    },
  };
}

/** Waits so many milliseconds, at most until the deadline or an interruption. */
export async function pauseWithin(
  deadline: Deadline,
  { clock, interrupted }: SyncContext,
  milliseconds: number,
): Promise<void> {
  const pause = Math.min(milliseconds, deadline.at() - clock.monotonic());
  if (pause > 0) await clock.sleep(pause, interrupted);
}
