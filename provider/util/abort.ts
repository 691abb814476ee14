/**
 * A signal of one's own that aborts with this one. Node warns of more than ten listeners on one signal, while a signal
 * that ends a whole run may have hundreds.
 */
export function ownSignal(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal]);
}

/**
 * The work's result, or what `onAbort` gives or throws when the signal aborts first; the work itself goes on.
 */
export async function orAborted<T>(
  work: Promise<T>,
  signal: AbortSignal | undefined,
  onAbort: () => T,
): Promise<T> {
  if (signal === undefined) return work;
  // When the signal is first, nobody else hears of a failure of the work.
  work.catch(() => undefined);
  if (signal.aborted) return onAbort();
  const { promise: aborted, resolve } = Promise.withResolvers<void>();
  const abort = () => resolve();
  const own = ownSignal(signal);
  own.addEventListener("abort", abort);
  try {
    return await Promise.race([work, aborted.then(onAbort)]);
  } finally {
    own.removeEventListener("abort", abort);
  }
}

/** Work that several wait for, each as long as it likes; it is under way once at a time. */
export interface SharedWork<T> {
  /**
   * The result of the work that is under way; starts it when none is.
   * @param signal ends this wait only; the work is ended when nobody waits for it any more.
   * @param onAbort gives the result, or throws, when the signal aborts.
   */
  join(signal: AbortSignal | undefined, onAbort: () => T): Promise<T>;
}

/**
 * Makes work that several can wait for.
 * @param start does the work once, until its signal aborts.
 */
export function createSharedWork<T>(start: (signal: AbortSignal) => Promise<T>): SharedWork<T> {
  interface Run {
    readonly work: Promise<T>;
    readonly ending: AbortController;
    waiting: number;
  }
  let current: Run | undefined;

  const begin = (): Run => {
    const ending = new AbortController();
    const run = { work: start(ending.signal), ending, waiting: 0 };
    const leave = () => {
      if (current === run) current = undefined;
    };
    run.work.then(leave, leave);
    return run;
  };

  return {
    async join(signal, onAbort) {
      if (signal?.aborted) return onAbort();
      current ??= begin();
      const run = current;
      run.waiting += 1;
      try {
        return await orAborted(run.work, signal, onAbort);
      } finally {
        run.waiting -= 1;
        if (run.waiting === 0) {
          if (current === run) current = undefined;
          run.ending.abort();
        }
      }
    },
  };
}
