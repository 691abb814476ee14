import type { Cce } from "../cce/client.ts";
import { type Node, serviceTime } from "../cce/model.ts";
import { ServiceError } from "../errors/errors.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import type { Deadline, SyncContext } from "./context.ts";
import { isMoving, isUpdatedSince } from "./observation.ts";
import type { ClusterView } from "./snapshot.ts";
import { narrowed, poolIn } from "./targets.ts";

/** A sync that the service runs, or may be running, for a declared change. */
export interface Running {
  /** The nodes that the sync is about, as they were seen before it. */
  readonly targets: readonly Node[];
  /** The newest update time of any target before the request. */
  readonly watermark?: string;
  readonly jobId?: string;
  /** When the service accepted the request, ISO 8601; undefined while that is not known. */
  readonly acceptedAt?: string;
  /** The nodes that the request named in place of the inputs' own. */
  readonly narrowedTo?: readonly string[];
}

/**
 * The earlier sync, when the service shows any sign of it: the pool or its nodes at work, a record that was changed
 * since, or its job. One that was accepted a short time ago may still begin.
 * @throws ServiceError or ConnectionError when the job cannot be read: then it is not known.
 */
export async function resume(
  earlier: Running,
  targets: readonly Node[],
  view: ClusterView,
  inputs: Inputs,
  { cce, clock }: SyncContext,
  deadline: Deadline,
): Promise<Running | undefined> {
  const mark = serviceTime(earlier.watermark);
  const { acceptedAt, jobId } = earlier;
  const present = targetsOfEarlier(earlier, targets);
  const pool = poolIn(view, inputs.nodePoolId);
  const shows =
    pool?.synchronizing === true || present.some((node) => isMoving(node) || isUpdatedSince(node, mark));
  const granted = deadline.at() - clock.now();
  const mayStillBegin = acceptedAt !== undefined && clock.now() < Date.parse(acceptedAt) + granted;
  if (!shows && !mayStillBegin && !(await isKnown(jobId, cce))) return undefined;
  return { ...earlier, jobId: jobId ?? pool?.jobId, targets: present };
}

/** The nodes that the earlier request is about; one that was added after it is none of them. */
export function targetsOfEarlier(
  { watermark, narrowedTo }: Pick<Running, "watermark" | "narrowedTo">,
  nodes: readonly Node[],
): readonly Node[] {
  const mark = serviceTime(watermark) ?? Number.POSITIVE_INFINITY;
  return narrowed(nodes, narrowedTo).filter(({ createdAt }) => (serviceTime(createdAt) ?? 0) <= mark);
}

/** Whether the service still knows the job, running or ended. */
async function isKnown(jobId: string | undefined, cce: Cce): Promise<boolean> {
  if (jobId === undefined) return false;
  try {
    return (await cce.showJob(jobId)) !== undefined;
  } catch (error) {
    if (error instanceof ServiceError && error.status === 403) return false;
    throw error;
  }
}
