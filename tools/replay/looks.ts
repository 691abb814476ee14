import type { AsyncLocalStorage } from "node:async_hooks";
import type { CceClient } from "../../provider/cce/client.ts";
import {
  type ClusterReader,
  type ClusterSnapshot,
  createClusterReader,
} from "../../provider/session/snapshot.ts";
import type { Clock } from "../../provider/util/clock.ts";
import { memoize } from "../../provider/util/memoize.ts";
import type { RecordedLook, RecordedRun } from "./recording.ts";
import type { Asker } from "./service.ts";

/** The looks of all runs of a recording at their clusters. */
export interface ReplayedLooks {
  /** The looks of one run, as it takes them: each is the next recorded one, when that was taken. */
  of(run: RecordedRun): RunLooks;
}

/** The looks of one run. */
export interface RunLooks {
  readonly reader: ClusterReader;
  /** When it looks next; infinite when it did not look again. */
  readonly nextAt: () => number;
  /** Waits for a time on the clock of the recorded process. */
  until(t: number, signal?: AbortSignal): Promise<void>;
}

/** Reads that may still be shared; each holds a whole cluster. */
const mostReads = 100;
/** So short that each read is one of its own: which reads are shared is recorded. */
const slot = 1e-3;

type Until = RunLooks["until"];

/** Makes the looks of a recording happen again. */
export function createLooks(
  client: CceClient,
  askers: AsyncLocalStorage<Asker>,
  clock: Clock,
  interrupted: AbortSignal,
): ReplayedLooks {
  const until: Until = async (t, signal = interrupted) => {
    const wait = t - clock.monotonic();
    if (wait > 0) await clock.sleep(wait, signal);
  };
  const reads = createReads(client, askers, clock, interrupted, until);
  return { of: (run) => createRunLooks(run, reads, clock, until) };
}

/** The reads of clusters behind the looks of all runs. */
interface Reads {
  /** What the recorded look saw; looks that shared a read share it again. */
  share(look: RecordedLook, clusterId: string): Promise<ClusterSnapshot>;
  /** A look that is not recorded: the cluster is taken to be as it was seen last. */
  repeat(clusterId: string): Promise<ClusterSnapshot>;
}

function createReads(
  client: CceClient,
  askers: AsyncLocalStorage<Asker>,
  clock: Clock,
  interrupted: AbortSignal,
  until: Until,
): Reads {
  const readers = new Map<string, ClusterReader>();
  const reads = new Map<string, Promise<ClusterSnapshot>>();
  const latest = new Map<string, ClusterSnapshot>();

  function readerOf(clusterId: string): ClusterReader {
    return memoize(readers, clusterId, () =>
      createClusterReader(client, clusterId, slot, clock, interrupted),
    );
  }

  async function read({ asked, readAt = asked, endedAt }: RecordedLook, clusterId: string) {
    await until(readAt);
    const asker = { until: () => endedAt, isKilled: () => false };
    const snapshot = await askers.run(asker, readerOf(clusterId).snapshot);
    latest.set(clusterId, snapshot);
    return snapshot;
  }

  return {
    share(look, clusterId) {
      const [oldest] = reads.keys();
      if (reads.size > mostReads && oldest !== undefined) reads.delete(oldest);
      return memoize(reads, String(look.read), () => read(look, clusterId));
    },
    async repeat(clusterId) {
      const known = latest.get(clusterId);
      if (known === undefined || interrupted.aborted) return readerOf(clusterId).snapshot();
      return { ...known, readAt: clock.monotonic(), serviceTime: client.serviceTime() };
    },
  };
}

function createRunLooks(run: RecordedRun, reads: Reads, clock: Clock, until: Until): RunLooks {
  const { looks, endedAt, asked } = run;
  const { clusterId } = asked.declaration;
  let next = 0;
  const timeOf = (index: number) => looks[index]?.asked ?? Number.POSITIVE_INFINITY;

  async function look(): Promise<ClusterSnapshot> {
    // Looks that today's code leaves out.
    while (timeOf(next + 1) <= clock.monotonic() - asked.interval / 2) next += 1;
    const recorded = looks[next];
    if (recorded === undefined) {
      // The recorded run never had the answer.
      await until(endedAt ?? Number.MAX_SAFE_INTEGER);
      return reads.repeat(clusterId);
    }
    next += 1;
    await until(recorded.asked);
    try {
      return await reads.share(recorded, clusterId);
    } finally {
      await until(recorded.endedAt);
    }
  }

  return {
    reader: { snapshot: look, freshSnapshot: look, snapshotSince: look },
    nextAt: () => timeOf(next),
    until,
  };
}
