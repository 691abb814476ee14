import { setTimeout as delay } from "node:timers/promises";

/** Time as the provider sees it, so that tests can let hours pass at once. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after this many milliseconds, or at once when the signal aborts; never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    if (signal?.aborted) return;
    await delay(milliseconds, undefined, { signal }).catch(() => undefined);
  },
};
