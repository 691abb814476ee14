/** A request of this process, and the nodes that were proven by it. */
export interface ProvenRequest {
  /** Digest of the node template that the request carried. */
  readonly template: string;
  /** When it was sent, on the monotonic clock. */
  readonly sentAt: number;
  readonly ids: readonly string[];
}

/** Runs of one pool in this process, one after the other. */
export interface SyncMutex {
  /**
   * Does the work when everybody who came earlier for the same pool has finished.
   * @param work is given what others have proven since it was asked for, and reports what it has proven itself.
   */
  run<T>(
    pool: string,
    work: (byOthers: readonly ProvenRequest[], reportProven: (request: ProvenRequest) => void) => Promise<T>,
  ): Promise<T>;
}

/** A mutex for each pool. */
export function createSyncMutex(): SyncMutex {
  const queues = new Map<string, { last: Promise<unknown>; waiting: Set<ProvenRequest[]> }>();
  return {
    async run(pool, work) {
      const queue = queues.get(pool) ?? { last: Promise.resolve(), waiting: new Set() };
      queues.set(pool, queue);
      const byOthers: ProvenRequest[] = [];
      queue.waiting.add(byOthers);
      const before = queue.last;
      const run = (async () => {
        await before;
        queue.waiting.delete(byOthers);
        return work(byOthers, (proven) => {
          for (const other of queue.waiting) other.push(proven);
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
