import type { HttpHandler } from "../../../provider/cce/http.ts";
import type { Clock } from "../../../provider/util/clock.ts";

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/**
 * A clock on which hours pass at once: when nobody waits for an answer any more, time leaps to the moment at which
 * the next sleeper wakes. The order of everything is that of real time.
 */
export class VirtualClock implements Clock {
  #now: number;
  #busy = 0;
  #pumping = false;
  /** In the order in which they fell asleep. */
  readonly #sleepers = new Set<Sleeper>();
  /** Every pause that was asked for, in milliseconds. */
  readonly pauses: number[] = [];

  /** How far the wall clock is from where it began and time went, in milliseconds. */
  #skew = 0;
  readonly #begunAt: number;

  constructor(now = Date.parse("2026-01-02T03:04:05Z")) {
    this.#now = now;
    this.#begunAt = now;
  }

  readonly now = (): number => this.#now + this.#skew;

  /** The time of day as everybody else has it, whatever this machine's clock is set to. */
  readonly elsewhere = (): number => this.#now;

  /** Begins near zero, as a process's own does, so that nobody takes it for the time of day. */
  readonly monotonic = (): number => this.#now - this.#begunAt;

  /** Sets the wall clock to this time, in milliseconds since 1970, as a user or a time server does. */
  setWall(now: number): void {
    this.#skew = now - this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    this.pauses.push(milliseconds);
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener("abort", wake);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const sleeper = { wakeAt: this.#now + milliseconds, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake);
      this.#pump();
    });
  }

  /** A handler of requests during which time stands still. */
  during(handler: HttpHandler): HttpHandler {
    return async (request) => {
      this.#busy += 1;
      try {
        return await handler(request);
      } finally {
        this.#busy -= 1;
        this.#pump();
      }
    };
  }

  /** Wakes the next sleeper once everything that is under way has come to rest. */
  #pump(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      if (this.#busy > 0) return;
      const next = this.#nextSleeper();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.wakeAt);
      next.wake();
      this.#pump();
    });
  }

  /** The one to wake first; of several at the same time, the one that fell asleep first. */
  #nextSleeper(): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers)
      if (first === undefined || sleeper.wakeAt < first.wakeAt) first = sleeper;
    return first;
  }
}
