/** A request of this process for nodes of a pool. */
export interface SentRequest {
  /** Digest of the node template that it carried. */
  readonly template: string;
  /** When it was sent, on the monotonic clock. */
  readonly sentAt: number;
  readonly ids: readonly string[];
  /** Those of its nodes that were proven. */
  readonly proven: readonly string[];
}

/** The template that each node is proven to have got, from requests of other runs. */
export type ProvenTemplates = ReadonlyMap<string, string>;

/** Runs of one pool in this process, one after the other. */
export interface SyncMutex {
  /**
   * Does the work when everybody who came earlier for the same pool has finished.
   * @param askedAt when the work was asked for, on the monotonic clock.
   * @param work is given what others have proven by requests that were sent since, and reports its own requests.
   */
  run<T>(
    pool: string,
    askedAt: number,
    work: (byOthers: ProvenTemplates, reportSent: (request: SentRequest) => void) => Promise<T>,
  ): Promise<T>;
}

interface Waiter {
  readonly askedAt: number;
  readonly proven: Map<string, string>;
}

/** A mutex for each pool. */
export function createSyncMutex(): SyncMutex {
  const queues = new Map<string, { last: Promise<unknown>; waiting: Set<Waiter> }>();
  return {
    async run(pool, askedAt, work) {
      const queue = queues.get(pool) ?? { last: Promise.resolve(), waiting: new Set() };
      queues.set(pool, queue);
      const waiter: Waiter = { askedAt, proven: new Map() };
      queue.waiting.add(waiter);
      const before = queue.last;
      const run = (async () => {
        await before;
        queue.waiting.delete(waiter);
        return work(waiter.proven, (request) => {
          for (const other of queue.waiting) takeIn(request, other);
        });
      })();
      // A failure belongs to the one who failed; the next in line goes on.
      const settled = run.then(
        () => undefined,
        () => undefined,
      );
      queue.last = settled;
      try {
        return await run;
      } finally {
        if (queue.last === settled) queues.delete(pool);
      }
    },
  };
}

/** A request takes the proof of an earlier one away, and is one itself for who asked before it was sent. */
function takeIn({ template, sentAt, ids, proven }: SentRequest, waiter: Waiter): void {
  for (const id of ids) waiter.proven.delete(id);
  if (sentAt < waiter.askedAt) return;
  for (const id of proven) waiter.proven.set(id, template);
}
