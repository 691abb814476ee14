import type { Job } from "../../cce/model.ts";
import { isTransient } from "../../cce/retryPolicy.ts";
import { InterruptedError } from "../../errors/errors.ts";
import type { NodeVerdict, Verdict } from "../proof/verdict.ts";
import type { Deadline, SyncContext } from "./context.ts";

/** Intervals between two readings of a job; with the default interval, a job is read once a minute at most. */
const intervalsBetweenReads = 12;
/** How often in a row the reading of a job may fail in passing before a verdict that needs nothing of it is given. */
const mostFailures = 3;

/** The job of one request: what is known of it, and a way to read it again. */
export interface JobWatcher {
  /** The job as it was read last; undefined when it is not known (any more): jobs are kept for a short time only. */
  readonly known: () => Job | undefined;
  /**
   * Whether its latest reading failed in passing and is to be repeated before this verdict is given. Nodes are not
   * called unreached while the job that may say otherwise cannot be read.
   */
  isOwed(verdict: Verdict): boolean;
  /**
   * Reads the job when it could change the verdict or has to confirm it: when every node is back, which spares the
   * read of the nodes that would have to confirm it, when that read has, and else once in a while.
   * @param id the job to read; another one than before starts anew.
   * @param isWanted whether it is to be read whatever the verdict, when it is not known.
   * @returns whether it was read.
   */
  readFor(id: string | undefined, verdict: Verdict, isWanted?: boolean): Promise<boolean>;
}

/** Whether the verdict rests on the request having ended without coming to the node. */
function isUnreached({ state, wasReached }: NodeVerdict): boolean {
  return state === "waiting" || (state === "failed" && !wasReached);
}

const restOrder = ["moving", "settling", "settled"] as const;

/** Creates the watcher of a request's job. */
export function createJobWatcher(context: SyncContext, deadline: Deadline): JobWatcher {
  const { client, clock, interval } = context;
  const pause = interval * intervalsBetweenReads;
  let jobId: string | undefined;
  let known: Job | undefined;
  let readAs: Verdict["rest"] = "moving";
  let failures = 0;
  let nextAt = clock.monotonic() + pause;

  async function read(id: string): Promise<boolean> {
    try {
      known = await deadline.bound((signal) => client.showJob(id, signal));
      failures = 0;
      return true;
    } catch (error) {
      if (error instanceof InterruptedError) return false;
      failures = isTransient(error) ? failures + 1 : 0;
      if (failures > 0 && failures < mostFailures) return false;
      known = undefined;
      return true;
    }
  }

  return {
    known: () => known,
    isOwed: ({ nodes }) => failures > 0 && (failures < mostFailures || nodes.some(isUnreached)),
    async readFor(id, verdict, isWanted = false) {
      if (id !== jobId) [jobId, known, failures] = [id, undefined, 0];
      if (id === undefined) return false;
      const rest = verdict.isOpen || verdict.rest === "settling" ? verdict.rest : "settled";
      const confirms = restOrder.indexOf(rest) > restOrder.indexOf(readAs);
      const isIdle = !verdict.isOpen || !verdict.nodes.some(({ state }) => state === "resetting");
      const isDue = isIdle && clock.monotonic() >= nextAt;
      if (!confirms && !isDue && failures === 0 && !(isWanted && known === undefined)) return false;
      nextAt = clock.monotonic() + pause;
      if (!(await read(id))) return false;
      readAs = rest;
      return true;
    },
  };
}
