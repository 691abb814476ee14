import { type Job, type JobPart, type Node, serviceTime } from "../../cce/model.ts";
import type { OpenRequest } from "../record/record.ts";
import type { Observation, Watched } from "./observation.ts";

/** How long after the answer to a request was lost the service may still create its job. */
const timeToCreateJob = 30_000;
/** The same after it was sent, where a state of an earlier version does not say when the answer was lost. */
const longestTimeToCreateJob = 2 * 60_000;

/** What a job says of the request. */
export interface JobReading {
  readonly phase: Job["phase"];
  /** Whether its id came with the answer to the request. */
  readonly isOwn: boolean;
  /** The latest sub-job that names each node: by the node's id, its server's id, or its name where no other has it. */
  readonly byNode: ReadonlyMap<string, JobPart>;
  /** Whether a sub-job failed that nothing says the node of. */
  readonly hasUnmatchedFailure: boolean;
}

/** The job, where it is the request's: one that only the pool's status names has to name our nodes. */
export function readJob(
  { request, names }: Watched,
  { job, isOwnJob, nodes }: Observation,
): JobReading | undefined {
  if (job === undefined || !(isOwnJob || isOfRequest(job, request))) return undefined;
  const owners = ownersOf(request.ids, nodes, names);
  const idsOf: IdsOf = ({ references }) => [
    ...new Set(references.flatMap((reference) => owners.get(reference) ?? [])),
  ];
  const named = job.parts.flatMap((part) => namedParts(part, idsOf));
  const byNode = new Map(inOrder(named).map(({ id, part }) => [id, part]));
  const hasUnmatchedFailure = job.parts.some((part) => isUnmatchedFailure(part, idsOf));
  if (!isOwnJob && byNode.size === 0) return undefined;
  return { phase: job.phase, isOwn: isOwnJob, byNode, hasUnmatchedFailure };
}

/** The ids of the request's nodes that a sub-job names. */
type IdsOf = (part: JobPart) => readonly string[];

interface NamedPart {
  readonly id: string;
  readonly part: JobPart;
}

/**
 * The sub-jobs that say how it went with one node. What is below such a sub-job are its steps, which say nothing more. A
 * group that names several nodes says something of each only when all of it succeeded.
 */
function namedParts(part: JobPart, idsOf: IdsOf): NamedPart[] {
  const ids = idsOf(part);
  if (ids.length === 1) return ids.map((id) => ({ id, part }));
  const inner = part.parts.flatMap((each) => namedParts(each, idsOf));
  if (part.phase !== "success") return inner;
  const shared = ids.filter((id) => !inner.some((each) => each.id === id));
  return [...shared.map((id) => ({ id, part })), ...inner];
}

/**
 * Whether something failed that may be any node's. What happens below a node's sub-job is that node's, and a group of
 * sub-jobs fails because some of them do.
 */
function isUnmatchedFailure(part: JobPart, idsOf: IdsOf): boolean {
  if (part.phase !== "failed" || idsOf(part).length === 1) return false;
  const failed = part.parts.filter(({ phase }) => phase === "failed");
  return failed.length === 0 || failed.some((each) => isUnmatchedFailure(each, idsOf));
}

/** Whether the job was created when the request came; somebody else's sync of the same nodes may have run since. */
function isOfRequest({ createdAt }: Job, { sentAt, answeredAt }: OpenRequest): boolean {
  const [created, sent] = [serviceTime(createdAt), serviceTime(sentAt)];
  if (created === undefined || sent === undefined) return true;
  const answered = serviceTime(answeredAt);
  const latest = answered === undefined ? sent + longestTimeToCreateJob : answered + timeToCreateJob;
  // The service's times are whole seconds.
  return created > sent - 1000 && created <= latest;
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
function inOrder(named: readonly NamedPart[]): readonly NamedPart[] {
  const times = named.map(({ part }) => serviceTime(part.createdAt));
  if (times.includes(undefined)) return named;
  return named.toSorted(
    (a, b) => (serviceTime(a.part.createdAt) ?? 0) - (serviceTime(b.part.createdAt) ?? 0),
  );
}
