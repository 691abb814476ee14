import { gatewayError, type Refusal } from "../cluster/errors.ts";

/** Limits of requests to CCE, of the kind that was seen at the service. */
export interface Limits {
  /** Requests that change something, within a minute; a refused one counts too. The service's: 10. */
  readonly writesPerMinute?: number;
  /** Requests that read, a second. The service's: about 70. */
  readonly readsPerSecond?: number;
  /** How many reads may come at once; default `readsPerSecond`. The service's: 200. */
  readonly readBurst?: number;
  /** Which share of the refusals says when to try again; default 1. The service's: about 0.005. */
  readonly retryAfterShare?: number;
}

const minute = 60_000;

/** Counts requests and refuses those that are too many. */
export class RateLimiter {
  readonly #limits: Limits;
  readonly #now: () => number;
  #writes: readonly number[] = [];
  #reads: { left: number; at: number } | undefined;
  #refusals = 0;

  constructor(limits: Limits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Why the request is one too many; undefined when it is not. */
  refuse(method: string): Refusal | undefined {
    return method === "GET" ? this.#refuseRead() : this.#refuseWrite();
  }

  #refuseWrite(): Refusal | undefined {
    const { writesPerMinute } = this.#limits;
    if (writesPerMinute === undefined) return undefined;
    const now = this.#now();
    const recent = this.#writes.filter((time) => time > now - minute);
    this.#writes = [...recent, now];
    if (recent.length < writesPerMinute) return undefined;
    // The window is free again when enough of the requests in it, this one included, have grown old.
    const blocking = this.#writes.at(-writesPerMinute) ?? now;
    return this.#refusal(writesPerMinute, "1 minute", blocking + minute - now);
  }

  #refuseRead(): Refusal | undefined {
    const { readsPerSecond, readBurst = readsPerSecond } = this.#limits;
    if (readsPerSecond === undefined || readBurst === undefined) return undefined;
    const now = this.#now();
    const { left, at } = this.#reads ?? { left: readBurst, at: now };
    const available = Math.min(readBurst, left + ((now - at) / 1000) * readsPerSecond);
    const allowed = available >= 1;
    this.#reads = { left: allowed ? available - 1 : available, at: now };
    if (allowed) return undefined;
    return this.#refusal(readsPerSecond, "1 second", ((1 - available) / readsPerSecond) * 1000);
  }

  #refusal(limit: number, period: string, wait: number): Refusal {
    const { retryAfterShare = 1 } = this.#limits;
    const before = Math.floor(this.#refusals * retryAfterShare);
    this.#refusals += 1;
    const says = Math.floor(this.#refusals * retryAfterShare) > before;
    const refusal = gatewayError(
      429,
      "APIGW.0308",
      `The throttling threshold has been reached: policy user over ratelimit,limit:${limit},time:${period}`,
    );
    // The service gives seconds with a fraction.
    return says ? { ...refusal, headers: { "Retry-After": (wait / 1000).toFixed(3) } } : refusal;
  }
}
