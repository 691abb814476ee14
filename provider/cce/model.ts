import { z } from "zod";
import { defaultPool } from "../nodePoolSync/schema.ts";
import { oneLine } from "../util/sanitize.ts";

/** A node as far as a sync is concerned. */
export interface Node {
  readonly id: string;
  readonly name: string;
  /** Id of its pool, or `DefaultPool` for a node that belongs to no other. */
  readonly poolId: string;
  /** The service's own word; the set is open. */
  readonly phase: string;
  /** When the node was created, as the service spells it. */
  readonly createdAt?: string;
  /** When the service last changed its record of the node, as it spells it. */
  readonly updatedAt?: string;
  /** Whether the node's OS and runtime are those of its pool; undefined when the service does not say. */
  readonly upToDate?: boolean;
  /** Why the node is in its phase, when the service says so. */
  readonly reason?: string;
}

/** A node pool as far as a sync is concerned. */
export interface NodePool {
  readonly id: string;
  readonly name: string;
  /** Whether a condition says that node configurations are being synchronized; undefined when none speaks of it. */
  readonly synchronizing?: boolean;
  /** Whether nodes are being added or removed. */
  readonly scaling: boolean;
  /** The job that the pool's status names. */
  readonly jobId?: string;
}

/** A job of the service, with its sub-jobs taken into account. */
export interface Job {
  readonly phase: "running" | "success" | "failed";
  /** When the job was created, as the service spells it. */
  readonly createdAt?: string;
  /** Reasons of the job and of its failed sub-jobs, each with the name of what it was about. */
  readonly reasons: readonly string[];
}

const text = z.string().optional().catch(undefined);
/** Words that are only shown and compared, made safe for a terminal. */
const words = z
  .string()
  .transform((said) => oneLine(said))
  .optional()
  .catch(undefined);
/** A job's id, which becomes a part of a path; one that cannot is taken as not said. */
export const jobId = z
  .string()
  .regex(/^[\w-]+$/)
  .optional()
  .catch(undefined);
const count = z.number().optional().catch(undefined);

/** One item of ListNodes; fields that are missing or of another type are taken as not said. */
export const nodeSchema = z
  .object({
    metadata: z.object({
      uid: z.string().min(1),
      name: words,
      creationTimestamp: text,
      updateTimestamp: text,
      annotations: z.record(z.string(), z.unknown()).optional().catch(undefined),
      ownerReferences: z.object({ nodepoolID: text }).optional().catch(undefined),
    }),
    status: z
      .object({
        phase: words,
        reason: words,
        message: words,
        configurationUpToDate: z.boolean().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  })
  .transform(
    ({ metadata, status }): Node => ({
      id: metadata.uid,
      name: metadata.name ?? oneLine(metadata.uid),
      poolId: poolOf(
        metadata.annotations?.["kubernetes.io/node-pool.id"],
        metadata.ownerReferences?.nodepoolID,
      ),
      phase: status?.phase ?? "",
      createdAt: metadata.creationTimestamp,
      updatedAt: metadata.updateTimestamp,
      upToDate: status?.configurationUpToDate,
      reason: status?.reason ?? status?.message,
    }),
  );

const conditionSchema = z.object({ type: text, status: text }).catch({ type: undefined, status: undefined });

/** One item of ListNodePools. */
export const nodePoolSchema = z
  .object({
    metadata: z.object({ uid: text, name: words }),
    status: z
      .object({
        conditions: z.array(conditionSchema).optional().catch(undefined),
        jobId,
        creatingNode: count,
        deletingNode: count,
      })
      .optional()
      .catch(undefined),
  })
  .transform(({ metadata, status }): NodePool => {
    const condition = status?.conditions?.find(({ type }) => type === "ConfigurationSynchronizing");
    return {
      id: metadata.uid ?? metadata.name ?? "",
      name: metadata.name ?? oneLine(metadata.uid ?? ""),
      synchronizing: condition && condition.status === "True",
      scaling: (status?.creatingNode ?? 0) > 0 || (status?.deletingNode ?? 0) > 0,
      jobId: status?.jobId,
    };
  });

/** The answer of ShowCluster, as far as it is needed. */
export const clusterSchema = z.object({ status: z.object({ phase: words }) });

interface RawJob {
  metadata?: { creationTimestamp?: string } | null;
  spec?: { resourceName?: string; subJobs?: RawJob[] | null } | null;
  status: { phase: string; reason?: string };
}

const rawJobSchema: z.ZodType<RawJob> = z.object({
  metadata: z.object({ creationTimestamp: text }).nullish(),
  get spec() {
    return z.object({ resourceName: words, subJobs: z.array(rawJobSchema).nullish() }).nullish();
  },
  status: z.object({ phase: z.string(), reason: words }),
});

/** As many nodes' names as an error shows. */
const mostReasons = 20;

/** The answer of ShowJob. */
export const jobSchema = rawJobSchema.transform((job): Job => {
  const all = withSubJobs(job);
  const failed = all.filter(({ status }) => status.phase === "Failed");
  const told = failed
    .slice(0, mostReasons)
    .map(({ spec, status }) => [spec?.resourceName, status.reason].filter(Boolean).join(": "));
  const more = failed.length - told.length;
  const reasons = more > 0 ? [...told, `and ${more} more`] : told;
  const createdAt = job.metadata?.creationTimestamp;
  const ended = all.every(({ status }) => status.phase === "Success" || status.phase === "Failed");
  if (job.status.phase === "Failed" || (ended && failed.length > 0))
    return { phase: "failed", createdAt, reasons: reasons.filter((reason) => reason !== "") };
  return { phase: ended ? "success" : "running", createdAt, reasons };
});

function withSubJobs(job: RawJob): RawJob[] {
  return [job, ...(job.spec?.subJobs ?? []).flatMap(withSubJobs)];
}

/** A node outside pools has "zone#flavor#os" where others have the id of their pool. */
function poolOf(annotation: unknown, owner: string | undefined): string {
  const id = typeof annotation === "string" && annotation !== "" ? annotation : (owner ?? "");
  return id === "" || id.includes("#") ? defaultPool : id;
}

/**
 * A time as the service spells it (`2020-02-02 08:12:40.124294439 +0000 UTC`, or ISO 8601) in milliseconds since
 * 1970, with their fraction; undefined when it cannot be read.
 */
export function serviceTime(text: string | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?(?: ?([+-]\d\d):?(\d\d))?/.exec(text ?? "");
  if (match === null) return undefined;
  const [, date, time, fraction = 0, hours = "+00", minutes = "00"] = match;
  const seconds = Date.parse(`${date}T${time}${hours}:${minutes}`);
  return Number.isNaN(seconds) ? undefined : seconds + Number(fraction) * 1000;
}
