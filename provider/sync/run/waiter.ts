import type { Deadline, SyncContext } from "./context.ts";

/** How a wait ended. Whoever waits decides what each end means; running out of time is never success. */
export type WaitEnd<T> =
  | { readonly kind: "settled"; readonly value: T }
  | { readonly kind: "timedOut" }
  | { readonly kind: "interrupted" };

/** What a wait needs of its surroundings. */
export interface Wait extends Pick<SyncContext, "clock" | "interrupted" | "interval" | "random"> {
  readonly deadline: Pick<Deadline, "at">;
  /** Whether the next looks may settle the matter: pauses are the first interval then. */
  readonly endsSoon?: () => boolean;
}

const growth = 1.5;
const largestGrowth = 3;
const jitter = 0.1;
/** How long before the deadline the last look is taken, in intervals. */
const lastLookBefore = 0.2;

/**
 * Looks at once, then again and again until a look settles the matter: at growing intervals (up to three times the
 * first, each up to 10 % longer at random, and the first one again while the end is near), and a last time just before the deadline.
 * @param look gives the value that ends the wait, or undefined to go on.
 */
export async function waitUntil<T>(wait: Wait, look: () => Promise<T | undefined>): Promise<WaitEnd<T>> {
  const { clock, interrupted, interval, random, endsSoon = () => false } = wait;
  let pause = interval;
  for (;;) {
    if (interrupted.aborted) return { kind: "interrupted" };
    const value = await look();
    if (value !== undefined) return { kind: "settled", value };
    if (interrupted.aborted) return { kind: "interrupted" };
    if (endsSoon()) pause = interval;
    const now = clock.monotonic();
    const lastLook = lastLookAt(wait);
    if (now >= lastLook) return { kind: "timedOut" };
    const next = now + pause * (1 + jitter * random());
    await clock.sleep(Math.min(next, lastLook) - now, interrupted);
    pause = Math.min(pause * growth, interval * largestGrowth);
  }
}

/** When the last look of the wait is taken. */
export function lastLookAt({ deadline, interval }: Pick<Wait, "deadline" | "interval">): number {
  return deadline.at() - interval * lastLookBefore;
}
