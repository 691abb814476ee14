import { setMaxListeners } from "node:events";
import type { HttpHandler } from "../../../provider/cce/http.ts";
import type { Clock } from "../../../provider/util/clock.ts";
import type { VirtualClock } from "./virtualClock.ts";

/** The life of a provider process: nothing that it has under way goes on after its end. */
export interface ProcessLife {
  /** The clock as the process has it: who sleeps when the process dies never wakes. */
  readonly clock: Clock;
  /** The handler as the process has it: no answer arrives after its end. */
  during(handler: HttpHandler): HttpHandler;
  /**
   * Lets the process die at its exchange number `exchange` (from 1) after the start: before the request leaves, after
   * the service acted and before the answer arrives, or right after the answer. What was under way then never ends.
   * @returns a promise that resolves when it has died.
   */
  crashAt(exchange: number, moment: "before" | "acted" | "answered"): Promise<void>;
  /** Ends it. */
  end(): void;
}

/** Begins the life of a process. */
export function createProcessLife(clock: VirtualClock): ProcessLife {
  const never = new Promise<never>(() => undefined);
  let mortal = (handler: HttpHandler): HttpHandler => handler;
  const death = new AbortController();
  setMaxListeners(0, death.signal);

  return {
    clock: {
      now: clock.now,
      monotonic: clock.monotonic,
      async sleep(milliseconds, signal) {
        const ending = signal === undefined ? death.signal : AbortSignal.any([signal, death.signal]);
        await clock.sleep(milliseconds, ending);
        if (death.signal.aborted) await never;
      },
    },
    during: (handler) => (request) => mortal(handler)(request),
    crashAt(exchange, moment) {
      let count = 0;
      return new Promise((died) => {
        mortal = (living) => {
          // Time stands still until it is dead: else it might leap to the end of what waits for the other exchanges.
          const last = clock.during(async (request) => {
            const answer = await living(request);
            if (moment === "answered") await new Promise(setImmediate);
            died();
            return answer;
          });
          return async (request) => {
            count += 1;
            if (count < exchange) return living(request);
            if (count > exchange) return never;
            if (moment === "before") died();
            else await last(request);
            return never;
          };
        };
      });
    },
    end() {
      mortal = () => () => never;
      death.abort();
    },
  };
}
