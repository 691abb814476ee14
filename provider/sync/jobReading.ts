import { type Job, type JobPart, type Node, serviceTime } from "../cce/model.ts";
import type { Observation, Watched } from "./observation.ts";
import type { OpenRequest } from "./record.ts";

/** How long after a request has left the service may create its job. */
const timeToCreateJob = 2 * 60_000;

/** What a job says of the request. */
export interface JobReading {
  readonly phase: Job["phase"];
  /** Whether its id came with the answer to the request. */
  readonly isOwn: boolean;
  /** The latest sub-job that names each node: by the node's id, its server's id, or its name where no other has it. */
  readonly byNode: ReadonlyMap<string, JobPart>;
  /** Whether a sub-job failed of which nothing tells whose it is. */
  readonly hasUnmatchedFailure: boolean;
}

/** The job, where it is the request's: one that only the pool's status names has to name our nodes. */
export function readJob(
  { request, names }: Watched,
  { job, isOwnJob, nodes }: Observation,
): JobReading | undefined {
  if (job === undefined || !(isOwnJob || isOfRequest(job, request))) return undefined;
  const owners = ownersOf(request.ids, nodes, names);
  const ownerOf = ({ references }: JobPart) =>
    references.map((reference) => owners.get(reference)).find((owner) => owner !== undefined);
  const byNode = new Map<string, JobPart>();
  for (const part of inOrder(job.parts.flatMap(withParts))) {
    const id = ownerOf(part);
    if (id !== undefined) byNode.set(id, part);
  }
  const hasUnmatchedFailure = job.parts.some((part) => isUnmatchedFailure(part, ownerOf));
  if (!isOwnJob && byNode.size === 0) return undefined;
  return { phase: job.phase, isOwn: isOwnJob, byNode, hasUnmatchedFailure };
}

/** Each one before its own sub-jobs. */
function withParts(part: JobPart): JobPart[] {
  return [part, ...part.parts.flatMap(withParts)];
}

/**
 * Whether something failed that may be any node's. What happens below a node's sub-job is that node's, and a group of
 * sub-jobs fails because some of them do.
 */
function isUnmatchedFailure(part: JobPart, ownerOf: (part: JobPart) => string | undefined): boolean {
  if (part.phase !== "failed" || ownerOf(part) !== undefined) return false;
  const failed = part.parts.filter(({ phase }) => phase === "failed");
  return failed.length === 0 || failed.some((each) => isUnmatchedFailure(each, ownerOf));
}

/** Whether the job was created when the request came; somebody else's sync of the same nodes may have run since. */
function isOfRequest({ createdAt }: Job, { sentAt }: OpenRequest): boolean {
  const [created, sent] = [serviceTime(createdAt), serviceTime(sentAt)];
  if (created === undefined || sent === undefined) return true;
  // The service's times are whole seconds.
  return created > sent - 1000 && created <= sent + timeToCreateJob;
}

function ownersOf(
  ids: readonly string[],
  nodes: ReadonlyMap<string, Node>,
  names: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const holders = new Map<string, number>();
  for (const { name } of nodes.values()) holders.set(name, (holders.get(name) ?? 0) + 1);
  const owners = new Map<string, string>();
  for (const id of ids) {
    const node = nodes.get(id);
    const name = node?.name ?? names.get(id);
    if (name !== undefined && (holders.get(name) ?? 0) <= 1) owners.set(name, id);
    if (node?.serverId !== undefined) owners.set(node.serverId, id);
  }
  for (const id of ids) owners.set(id, id);
  return owners;
}

/** By their creation where all of them say it, else as the service lists them. */
function inOrder(parts: readonly JobPart[]): readonly JobPart[] {
  const times = parts.map(({ createdAt }) => serviceTime(createdAt));
  if (times.includes(undefined)) return parts;
  return parts.toSorted((a, b) => (serviceTime(a.createdAt) ?? 0) - (serviceTime(b.createdAt) ?? 0));
}
