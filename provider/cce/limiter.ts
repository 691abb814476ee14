import type { Clock } from "../clock.ts";

/** Lets requests through one after the other, no more than a number of them in any window of time. */
export interface Limiter {
  /** Resolves when the caller may send; first come, first served. Resolves early when the signal aborts. */
  enter(signal?: AbortSignal): Promise<void>;
  /** Lets nobody through for this many milliseconds: the service asked for it. */
  pause(milliseconds: number): void;
}

/**
 * A limiter of `count` requests in any `window` milliseconds. Each request counts, refused ones too: the service
 * counts them as well.
 */
export function openLimiter(count: number, window: number, clock: Clock): Limiter {
  const capacity = Math.max(1, Math.floor(count));
  const span = (window * capacity) / count;
  const entries: number[] = [];
  let pausedUntil = 0;
  let turn: Promise<void> = Promise.resolve();

  const wait = async (signal?: AbortSignal) => {
    for (;;) {
      const oldest = entries.length < capacity ? 0 : (entries[0] ?? 0) + span;
      const open = Math.max(oldest, pausedUntil);
      const now = clock.now();
      if (open <= now || signal?.aborted) break;
      await clock.sleep(open - now, signal);
    }
    entries.push(clock.now());
    if (entries.length > capacity) entries.shift();
  };

  return {
    enter(signal) {
      turn = turn.then(() => wait(signal));
      return turn;
    },
    pause(milliseconds) {
      pausedUntil = Math.max(pausedUntil, clock.now() + milliseconds);
    },
  };
}
