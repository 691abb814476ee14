import { performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { ownSignal } from "./abort.ts";

/** Time as the provider sees it, so that tests can let hours pass at once. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970, which somebody can set: for display, records and signatures only. */
  now(): number;
  /** Milliseconds since some moment, never set back: for pace, limits and deadlines. */
  monotonic(): number;
  /** Resolves after this many milliseconds, or at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    if (signal?.aborted) return;
    const own = signal && ownSignal(signal);
    await delay(milliseconds, undefined, { signal: own }).catch(() => undefined);
  },
};
