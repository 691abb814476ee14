/** Syncs of one pool in this process, one after the other. */
export interface Turns {
  /**
   * Runs the work when everybody who came earlier for the same pool has finished.
   * @param work is told which nodes syncs of others have brought up to date meanwhile, and returns those that it did.
   */
  take<T>(
    pool: string,
    work: (broughtByOthers: ReadonlySet<string>) => Promise<{ result: T; brought: readonly string[] }>,
  ): Promise<T>;
}

/** Opens the turns of a process. */
export function openTurns(): Turns {
  const queues = new Map<string, { last: Promise<unknown>; waiting: Set<Set<string>> }>();
  return {
    async take(pool, work) {
      const queue = queues.get(pool) ?? { last: Promise.resolve(), waiting: new Set() };
      queues.set(pool, queue);
      const brought = new Set<string>();
      queue.waiting.add(brought);
      const before = queue.last;
      const run = (async () => {
        await before;
        queue.waiting.delete(brought);
        const done = await work(brought);
        for (const other of queue.waiting) for (const id of done.brought) other.add(id);
        return done.result;
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
