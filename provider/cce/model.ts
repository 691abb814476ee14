/** The id of the pool that stands for the nodes outside every other pool. */
export const defaultPool = "DefaultPool";

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
  /** Id of the server that the node runs on. */
  readonly serverId?: string;
  /** When the service last probed the node's status, as it spells it. */
  readonly probedAt?: string;
  /** Its availability zone. */
  readonly zone?: string;
}

/** A node pool as far as a sync is concerned. */
export interface NodePool {
  readonly id: string;
  readonly name: string;
  /** Whether a condition says that node configurations are being synchronized; undefined when none speaks of it. */
  readonly synchronizing?: boolean;
  /** When that condition last changed, as the service spells it. */
  readonly transition?: string;
  /** Whether nodes are being added or removed. */
  readonly scaling: boolean;
  /** The job that the pool's status names. */
  readonly jobId?: string;
  /** How many nodes the service counts in the pool. */
  readonly nodeCount?: number;
  /** When the service last changed its record of the pool, as it spells it. */
  readonly updatedAt?: string;
}

/** How far a job or a part of it is. */
export type JobPhase = "running" | "success" | "failed";

/** A job of the service, with its sub-jobs taken into account. */
export interface Job {
  readonly phase: JobPhase;
  /** When the job was created, as the service spells it. */
  readonly createdAt?: string;
  /** Reasons of the job and of its failed sub-jobs, each with the name of what it was about. */
  readonly reasons: readonly string[];
  /** Its sub-jobs, in the service's order. */
  readonly parts: readonly JobPart[];
}

/** A sub-job, with its own sub-jobs taken into account. */
export interface JobPart {
  /** Ids and names of what it is about, each once; any of them may be that of a node or of its server. */
  readonly references: readonly string[];
  readonly phase: JobPhase;
  /** When it was created, as the service spells it. */
  readonly createdAt?: string;
  readonly reason?: string;
  /** Its own sub-jobs, in the service's order. */
  readonly parts: readonly JobPart[];
}

let collator: Intl.Collator | undefined;

/** The order of names in which people read them. */
export function byName(a: string, b: string): number {
  // Made when it is needed first: its data takes long to load, and a run that changes nothing looks at no names.
  collator ??= new Intl.Collator("en", { numeric: true });
  return collator.compare(a, b);
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
