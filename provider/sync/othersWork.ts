import type { Cce } from "../cce/client.ts";
import { type Node, serviceTime } from "../cce/model.ts";
import { isMoving, isUpdatedSince } from "./observation.ts";
import { listNames } from "./progress.ts";
import type { ClusterView } from "./snapshot.ts";
import { nodesOfPool, poolIn } from "./targets.ts";

/** What goes on in a pool that is not at rest. */
export interface Unrest {
  /** In a few words that stay the same while nodes come and go: `another sync is running`. */
  readonly what: string;
  /** The same with the pool and the names of the nodes. */
  readonly text: string;
}

/** What others do to a pool, noted so that it can be recognised when it is all that the declared sync would do. */
export interface OthersWork {
  /** Notes what the look shows; undefined when the pool is at rest. */
  note(view: ClusterView): Unrest | undefined;
  /** Notes the nodes that the pool's job has finished with before the first look: their records are newer than it. */
  noteJob(view: ClusterView): Promise<void>;
  /** Whether others were at work, and brought all of the targets up to date. */
  broughtAll(targets: readonly Node[]): boolean;
}

/**
 * Opens the notes on one pool.
 * @param broughtByOthers nodes that other syncs of this process have just brought up to date.
 */
export function openOthersWork(
  nodePoolId: string,
  broughtByOthers: ReadonlySet<string>,
  cce: Cce,
): OthersWork {
  const worked = new Set(broughtByOthers);
  let wereAtWork = broughtByOthers.size > 0;
  let notedJob: string | undefined;

  return {
    note(view) {
      const pool = poolIn(view, nodePoolId);
      const moving = nodesOfPool(view, nodePoolId).filter(isMoving);
      for (const { id } of moving) worked.add(id);
      const scaling = pool?.scaling === true;
      if (pool?.synchronizing !== true && !scaling && moving.length === 0) return undefined;
      // A scaling makes nodes, and brings those that are there nothing.
      if (pool?.synchronizing === true || !scaling) wereAtWork = true;
      const what =
        pool?.synchronizing === true ? "another sync is running" : "nodes are being added, reset or removed";
      const who = moving.length > 0 ? ` (${listNames(moving.map(({ name }) => name))})` : "";
      return { what, text: `${what} in the pool${who}` };
    },

    async noteJob(view) {
      const jobId = poolIn(view, nodePoolId)?.jobId;
      if (jobId === undefined || jobId === notedJob) return;
      notedJob = jobId;
      const job = await cce.showJob(jobId).catch(() => undefined);
      if (job?.phase !== "running") return;
      const begun = serviceTime(job.createdAt);
      for (const node of nodesOfPool(view, nodePoolId)) if (isUpdatedSince(node, begun)) worked.add(node.id);
    },

    broughtAll: (targets) =>
      wereAtWork &&
      targets.every(({ id, phase, upToDate }) => phase === "Active" && (upToDate ?? worked.has(id))),
  };
}
