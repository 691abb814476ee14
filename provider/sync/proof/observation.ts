/** What looks show of a request since it was sent, look by look. Everything here is pure. */

import { type Job, type Node, type NodePool, serviceTime } from "../../cce/model.ts";
import type { OpenRequest, Word } from "../record/record.ts";
import { isFailing, isWorking } from "./phases.ts";

/** What is watched. */
export interface Watched {
  readonly request: OpenRequest;
  readonly hasTemplate: boolean;
  /** The nodes' names, for those that are not in the list any more. */
  readonly names: ReadonlyMap<string, string>;
  /** What each node said before the request; nodes that are not in it were proven in an earlier run. */
  readonly words: Readonly<Record<string, Word>>;
  /** Nodes of the request that nobody waits for, since they are not selected any more. */
  readonly ignored?: ReadonlySet<string>;
  /** Whether this process has sent the request, and has seen its nodes just before. */
  readonly isFresh: boolean;
}

/** What was seen in one look. */
export interface Observation {
  /** The pool; undefined when the service does not list it. */
  readonly pool?: NodePool;
  readonly nodes: ReadonlyMap<string, Node>;
  /** Nodes of which the service has said that they do not exist any more. */
  readonly gone: ReadonlySet<string>;
  readonly job?: Job;
  /** Whether the job is the one in the answer to the request, and not only the one that the pool's status names. */
  readonly isOwnJob: boolean;
  readonly clusterUpgrading: boolean;
  /** Whether so much time has passed since the look before that something may have happened unseen. */
  readonly hadGap?: boolean;
  /** Whether the time that the request was granted has passed. */
  readonly isTimeUp: boolean;
}

/** What looks have shown of one node since the request. */
export interface NodeEvidence {
  /** The node in its failure phase as it was before the request; undefined once something has changed about it. */
  readonly brokenAs?: Node;
  readonly workingSeen: boolean;
  /** Whether it has been at work ever since before the request, which is no sign of the request. */
  readonly workedBefore?: true;
  /** The update time of a record that shows the node at work, and seems to be from before the request. */
  readonly doubted?: string;
  /** What the phase `Upgrading` of the latest read is due to: the cluster's own upgrade, or a reset of the node. */
  readonly upgrade?: "cluster" | "node";
  readonly failingReads: number;
  /** Why it failed after it was at work, which stays so when somebody repairs it; not once it is at work again. */
  readonly failure?: string;
  readonly activeReads: number;
  /** In how many reads in a row it was active, whatever its record did. */
  readonly activeRun: number;
  /** The update time of the latest record; a change means that the node is not at rest. */
  readonly updatedAt?: string;
  /** The update time before the request. */
  readonly updatedBefore?: string;
}

/** What all looks so far have shown. */
export interface Evidence {
  readonly nodes: ReadonlyMap<string, NodeEvidence>;
  readonly conditionSeen: boolean;
  /** In how many reads in a row the pool's condition, having been seen, was gone. */
  readonly conditionGoneReads: number;
  /** Whether the watch had a gap in which something may have happened unseen. */
  readonly hasGap: boolean;
}

/** In how many reads a fault fails a node. */
export const readsToFail = 2;
/** In how many reads a node has to be at rest. */
export const readsToSettle = 2;
/** After how many active reads in a row it does not matter any more that the node's record moves. */
const readsToOutweighMoves = 12;

/** The evidence when the watch begins. A watch that goes on with an earlier run's request begins with a gap. */
export function beginWatch(watched: Watched, nodes: ReadonlyMap<string, Node>): Evidence {
  const { request, isFresh } = watched;
  const sentAt = serviceTime(request.sentAt);
  const begin = (id: string): NodeEvidence => {
    const node = nodes.get(id);
    const isOld = isFresh || !isNewer(node?.updatedAt, sentAt);
    const brokenAs = node !== undefined && isFailing(node) && isOld ? node : undefined;
    return {
      brokenAs,
      workingSeen: false,
      ...(request.before.working?.includes(id) && { workedBefore: true }),
      failingReads: 0,
      activeReads: 0,
      activeRun: 0,
      updatedBefore: isFresh ? node?.updatedAt : undefined,
    };
  };
  return {
    nodes: new Map(request.ids.map((id) => [id, begin(id)])),
    conditionSeen: false,
    conditionGoneReads: 0,
    hasGap: !isFresh,
  };
}

/** The evidence with one more look. */
export function observe(evidence: Evidence, watched: Watched, look: Observation): Evidence {
  const synchronizing = look.pool?.synchronizing === true;
  const conditionSeen = evidence.conditionSeen || synchronizing;
  const isGone = conditionSeen && look.pool !== undefined && !synchronizing;
  const nodes = new Map(
    [...evidence.nodes].map(([id, before]) => [id, observeNode(before, look.nodes.get(id), watched, look)]),
  );
  return {
    nodes,
    conditionSeen,
    conditionGoneReads: isGone ? evidence.conditionGoneReads + 1 : 0,
    hasGap: evidence.hasGap || look.hadGap === true,
  };
}

function observeNode(
  before: NodeEvidence,
  node: Node | undefined,
  { request, isFresh }: Watched,
  { clusterUpgrading }: Observation,
): NodeEvidence {
  if (node === undefined) return { ...before, failingReads: 0, activeReads: 0, activeRun: 0 };
  const { brokenAs, updatedBefore } = before;
  const workedBefore = before.workedBefore && isWorking(node, clusterUpgrading);
  // A record that moves in each read is no sign of a fault that is new.
  const isBroken =
    brokenAs?.phase === node.phase &&
    (brokenAs.updatedAt === node.updatedAt || before.updatedAt !== node.updatedAt);
  // A replica that lags behind may show a phase from before the request.
  const isOldRecord = isOlder(node.updatedAt, serviceTime(isFresh ? updatedBefore : request.sentAt));
  const upgrade = upgradeOf(node, before, clusterUpgrading);
  // A list that is a moment older than the cluster's phase shows the end of the cluster's upgrade.
  const isExplained = node.phase === "Upgrading" && !(upgrade === "node" && before.upgrade === "node");
  const shown = isWorking(node, clusterUpgrading) && !isExplained && !workedBefore;
  const doubted = shown && isOldRecord ? node.updatedAt : before.doubted;
  // A phase that changes without its record's time shows that such times say nothing of a record's age.
  const timesStandStill = before.doubted !== undefined && before.doubted === node.updatedAt && !shown;
  const working = (shown && !isOldRecord) || timesStandStill;
  const isActive = node.phase === "Active";
  const moves = before.activeReads > 0 && before.updatedAt !== node.updatedAt;
  // A record that moves all the time is no sign of a node that is not at rest.
  const isStill = !moves || before.activeRun >= readsToOutweighMoves;
  const failingReads = isFailing(node) && !isBroken ? before.failingReads + 1 : 0;
  const hasFailed = before.workingSeen && failingReads >= readsToFail;
  const failure = hasFailed ? (node.reason ?? node.phase) : working ? undefined : before.failure;
  return {
    ...(isBroken ? { brokenAs } : {}),
    workingSeen: before.workingSeen || working,
    ...(workedBefore && { workedBefore }),
    ...(doubted === undefined ? {} : { doubted }),
    ...(upgrade === undefined ? {} : { upgrade }),
    failingReads,
    ...(failure === undefined ? {} : { failure }),
    activeReads: isActive ? (isStill ? before.activeReads + 1 : 1) : 0,
    activeRun: isActive ? before.activeRun + 1 : 0,
    updatedAt: node.updatedAt,
    updatedBefore,
  };
}

/** What the phase `Upgrading` of a read is due to; undefined in another phase. One that began with the cluster's stays it. */
export function upgradeOf(
  { phase }: Node,
  { upgrade }: Pick<NodeEvidence, "upgrade">,
  clusterUpgrading: boolean,
): NodeEvidence["upgrade"] {
  if (phase !== "Upgrading") return undefined;
  return clusterUpgrading || upgrade === "cluster" ? "cluster" : "node";
}

/** Whether a second read has to confirm what the node shows, before the end of the request counts. */
export function isUnsettled(seen: NodeEvidence | undefined, phase: string): boolean {
  if (seen === undefined) return false;
  if (seen.failingReads > 0) return seen.failingReads < readsToFail;
  return phase === "Active" && seen.workingSeen && seen.activeReads < readsToSettle;
}

/** Whether anything has happened to the node since the request. */
export function isTouched(seen: NodeEvidence | undefined): boolean {
  return seen !== undefined && (seen.workingSeen || seen.failingReads > 0);
}

/** Whether the time, as the service spells it, lies after the other. */
export function isNewer(time: string | undefined, than: number | undefined): boolean {
  const at = serviceTime(time);
  return at !== undefined && than !== undefined && at > than;
}

function isOlder(time: string | undefined, than: number | undefined): boolean {
  const at = serviceTime(time);
  return at !== undefined && than !== undefined && at < than;
}
