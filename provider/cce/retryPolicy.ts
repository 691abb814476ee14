import { ConnectionError, ServiceError, statesForbidding } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";

/** Pauses before a read is tried again, in milliseconds; after the last one its error is the caller's. */
const pauses = [1000, 2000, 4000];
const longestPause = 4000;

/**
 * How long to wait after a refused write, in milliseconds, where the service does not say it: its limits are for each
 * minute, and it seldom says when to try again.
 */
export const pauseAfterRefusedWrite = 60_000;

/** Whether a failed read may go well when it is tried again. */
export function isPassing(error: unknown): error is ServiceError | ConnectionError {
  if (error instanceof ConnectionError) return true;
  return (
    error instanceof ServiceError && (error.status === 429 || error.status === 408 || error.status >= 500)
  );
}

/** Whether a failed write may have been carried out all the same. */
export function mayHaveBeenAccepted(error: unknown): boolean {
  if (error instanceof ConnectionError) return error.mayHaveArrived;
  return error instanceof ServiceError && (error.status >= 500 || error.status === 408);
}

/** Whether a failed write was certainly not accepted, and may be sent again. */
export function isRefusedForNow(error: unknown): error is ServiceError | ConnectionError {
  if (error instanceof ConnectionError) return !error.mayHaveArrived;
  return (
    error instanceof ServiceError && (error.status === 429 || statesForbidding(error.status, error.code))
  );
}

/**
 * Tries a read up to four times while it fails in passing. When the service asks for a longer pause than a few
 * seconds, its error is thrown at once: only the caller knows how long it may wait.
 */
export async function tryRead<T>(read: () => Promise<T>, clock: Clock): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      const pause = pauses[tries];
      const asked = error instanceof ServiceError ? (error.retryAfter ?? 0) : 0;
      if (pause === undefined || asked > longestPause || !isPassing(error)) throw error;
      await clock.sleep(Math.max(pause, asked));
    }
  }
}
