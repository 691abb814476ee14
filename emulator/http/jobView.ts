import type { ClusterState } from "../cluster/clusterState.ts";
import type { Job, SubJob } from "../cluster/jobs.ts";
import type { Profile } from "../cluster/profiles.ts";
import { cceTime } from "./views.ts";

/** What a job or a sub-job says that it is about. */
interface Subject {
  readonly resourceID: string;
  readonly resourceName: string;
  readonly extendParam: Readonly<Record<string, string>>;
}

/** A job with its sub-jobs (ShowJob). */
export function jobView(job: Job, { id: clusterUID, rules }: ClusterState) {
  const { subJobs, subJobsAppear, subJobsNested } = rules.profile;
  const view = (part: Job | SubJob, subject: Subject, parts: readonly unknown[]) => ({
    kind: "Job",
    apiVersion: "v3",
    metadata: {
      uid: part.id,
      creationTimestamp: cceTime(part.createdAt),
      updateTimestamp: cceTime(part.updatedAt),
    },
    spec: { type: part.type, clusterUID, ...subject, subJobs: parts },
    status: { phase: part.phase, ...(part.reason === undefined ? {} : { reason: part.reason }) },
  });
  const shown = job.subJobs
    .filter((_, index) => subJobs !== "someNodes" || index % 2 === 0)
    .filter(({ phase }) => subJobsAppear === "atOnce" || phase !== "Initializing");
  const pool: Subject = { resourceID: job.poolId, resourceName: job.poolName, extendParam: {} };
  const parts = shown.map((part) => view(part, subjectOf(part, subJobs), []));
  if (subJobs === "none") return view(job, pool, []);
  if (!subJobsNested) return view(job, pool, parts);
  const group: SubJob = { ...job, id: job.groupId, type: "ResetNodes" };
  return view(job, pool, [view(group, subjectOf(group, "nobody"), parts)]);
}

function subjectOf({ id, node }: SubJob, named: Profile["subJobs"]): Subject {
  const nobody = { resourceID: id, resourceName: "", extendParam: {} };
  if (node === undefined || named === "nobody") return nobody;
  if (named === "servers") return { ...nobody, resourceID: node.serverId };
  if (named === "extendParam") return { ...nobody, extendParam: { nodeID: node.id, nodeName: node.name } };
  return { ...nobody, resourceID: node.id, resourceName: node.name };
}
