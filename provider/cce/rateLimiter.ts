import { orAborted } from "../util/abort.ts";
import type { Clock } from "../util/clock.ts";

/** Lets requests through one after the other, no more than a number of them in any window of time. */
export interface RateLimiter {
  /**
   * Resolves when the caller may send; first come, first served. Resolves at once, and counts nothing, when the signal
   * aborts.
   */
  enter(signal?: AbortSignal): Promise<void>;
  /**
   * The service refused a request as one too many: lets nobody through for this many milliseconds, and half as many
   * as before from then on. Refusals during the pause are of requests that were under way, and say nothing new.
   */
  slowDown(milliseconds: number): void;
}

/** How many windows have to pass without a refusal before one request more is let through in each. */
const windowsToGrow = 5;

/**
 * A limiter of `count` requests in any `window` milliseconds. Each request counts, refused ones too: the service
 * counts them as well. When the service allows fewer than that, or others send in the name of the same user, the
 * limiter finds its way to what is left.
 */
export function createRateLimiter(count: number, window: number, clock: Clock): RateLimiter {
  const capacity = Math.max(1, Math.floor(count));
  const span = (window * capacity) / count;
  const entries: number[] = [];
  let allowed = capacity;
  let steadySince = clock.monotonic();
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let queue: Promise<void> = Promise.resolve();

  const grow = () => {
    const time = windowsToGrow * span;
    const steps = Math.max(0, Math.floor((clock.monotonic() - steadySince) / time));
    allowed = Math.min(capacity, allowed + steps);
    steadySince += steps * time;
  };

  const wait = async (signal?: AbortSignal) => {
    while (!signal?.aborted) {
      grow();
      const open = Math.max((entries.at(-allowed) ?? Number.NEGATIVE_INFINITY) + span, pausedUntil);
      const now = clock.monotonic();
      if (open <= now) {
        entries.push(now);
        if (entries.length > capacity) entries.shift();
        return;
      }
      await clock.sleep(open - now, signal);
    }
  };

  return {
    enter(signal) {
      queue = queue.then(() => wait(signal));
      // Whoever is before this caller in the queue may wait for long.
      return orAborted(queue, signal, () => undefined);
    },
    slowDown(milliseconds) {
      const now = clock.monotonic();
      if (now >= pausedUntil) allowed = Math.max(1, Math.floor(allowed / 2));
      pausedUntil = Math.max(pausedUntil, now + milliseconds);
      steadySince = pausedUntil;
    },
  };
}
