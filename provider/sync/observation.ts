/**
 * When is a sync done? The service's documentation does not say how it tells, so the verdict rests on several
 * signals and works when any of them is missing. A sync has succeeded when all of these hold:
 *
 * 1. No job says otherwise: a readable job decides, `Success` with all its sub-jobs, or `Failed` with its reasons
 *    and theirs. A job that is not found is unknown, not failed.
 * 2. No condition of the pool says that configurations are being synchronized. Having been seen to say so, and no
 *    longer, is proof that the sync ran, unless its job failed; so is a job's success.
 * 3. Every target node that still exists is `Active` and does not say that its configuration is out of date; and
 *    unless 1 or 2 has proved that the sync ran, it was touched since the request (it left `Active`, its record
 *    was updated, or it stopped being out of date) and showed itself unchanged in two looks, or its job has ended.
 *
 * All nodes being `Active` is no evidence by itself: a sync that has not begun looks just like that. A node in
 * `Error`, `RepairFailed` or `Abnormal` in two looks has failed, and fails the sync once no other target is moving.
 * One that was so before the request has not failed by it, until something has changed about it. A node that is gone in
 * two looks is not waited for. An unknown phase is pending, never fatal. The pool's own `phase` is about
 * scaling and decides nothing.
 *
 * Everything here is pure.
 */

import { type Job, type Node, type NodePool, serviceTime } from "../cce/model.ts";

/** What was seen in one look. */
export interface Observation {
  /** The pool; undefined when the service does not list it. */
  readonly pool?: NodePool;
  /** Every node of the cluster by its id; undefined when they may not be listed. */
  readonly nodes?: ReadonlyMap<string, Node>;
  /** The sync's job; undefined when there is none, or it is not known any more. */
  readonly job?: Job;
}

/** A node that the sync is to bring up to date. */
export interface Target {
  readonly id: string;
  readonly name: string;
}

/** What earlier looks have shown. */
export interface Evidence {
  /** The newest update time of any target before the request, as {@link serviceTime}; undefined when none was told. */
  readonly watermark?: number;
  /** Whether the pool has been seen synchronizing. */
  readonly synchronizingSeen: boolean;
  /** Targets that were in a phase of failure before the request, and that nothing has happened to since. */
  readonly brokenBefore: ReadonlySet<string>;
  /** Targets that were seen out of `Active`, or back from a failure. */
  readonly busySeen: ReadonlySet<string>;
  /** Targets that said that they are out of date. */
  readonly outdatedSeen: ReadonlySet<string>;
  /** In how many looks in a row each target was in a phase of failure. */
  readonly failingLooks: ReadonlyMap<string, number>;
  /** In how many looks in a row each target was not in the cluster: one list that lacks it is no proof. */
  readonly missingLooks: ReadonlyMap<string, number>;
  /** In how many looks in a row no target was moving. */
  readonly restingLooks: number;
  /** The update time that each `Active` target showed in the latest look; two equal ones in a row are rest. */
  readonly settling: ReadonlyMap<string, { readonly updatedAt?: string; readonly looks: number }>;
}

/** Where one target stands: `waiting` for its turn, `resetting`, `synced`, `failed`, or `gone` from the cluster. */
export type NodeStanding = "waiting" | "resetting" | "synced" | "failed" | "gone";

/** One target's standing, with the reason where the service gives one. */
export interface JudgedNode extends Target {
  readonly standing: NodeStanding;
  readonly phase: string;
  readonly reason?: string;
}

/** What a look and the evidence before it amount to. */
export interface Verdict {
  readonly outcome: "pending" | "done" | "failed";
  /** Whether there is any sign that the sync has begun. */
  readonly begun: boolean;
  /**
   * What the nodes say by themselves: still `moving`; all back, which a second look has to confirm (`settling`); or
   * `settled`.
   */
  readonly rest: "moving" | "settling" | "settled";
  readonly nodes: readonly JudgedNode[];
  /** Why the sync failed as a whole, besides its nodes' own reasons. */
  readonly reasons: readonly string[];
}

const failurePhases = new Set(["Error", "RepairFailed", "Abnormal"]);
const looksToFail = 2;
const looksToBeGone = 2;
const looksToSettle = 2;

/** The evidence at the time of the request. */
export function initialEvidence(watermark: string | undefined, targets: readonly Node[]): Evidence {
  const mark = serviceTime(watermark);
  const broken = targets.filter((node) => failurePhases.has(node.phase) && !isUpdatedSince(node, mark));
  return {
    watermark: mark,
    synchronizingSeen: false,
    brokenBefore: new Set(broken.map(({ id }) => id)),
    busySeen: new Set(),
    outdatedSeen: new Set(),
    failingLooks: new Map(),
    missingLooks: new Map(),
    restingLooks: 0,
    settling: new Map(),
  };
}

/** The newest update time that any of the nodes shows, as the service spells it. */
export function watermarkOf(nodes: readonly Node[]): string | undefined {
  const told = nodes.map(({ updatedAt }) => updatedAt).filter((time) => serviceTime(time) !== undefined);
  return told.reduce(
    (newest, time) => ((serviceTime(time) ?? 0) > (serviceTime(newest) ?? 0) ? time : newest),
    told[0],
  );
}

/** Whether the service is adding, installing, resetting or removing the node. */
export function isMoving({ phase }: Node): boolean {
  return phase !== "Active" && !failurePhases.has(phase);
}

/** Whether the node's record was changed after the watermark was taken. */
export function isUpdatedSince(node: Node, watermark: number | undefined): boolean {
  const updated = serviceTime(node.updatedAt);
  return watermark !== undefined && updated !== undefined && updated > watermark;
}

/** The evidence with one more look. */
export function gather(evidence: Evidence, targets: readonly Target[], look: Observation): Evidence {
  const brokenBefore = new Set(evidence.brokenBefore);
  const busySeen = new Set(evidence.busySeen);
  const outdatedSeen = new Set(evidence.outdatedSeen);
  const failingLooks = new Map<string, number>();
  const missingLooks = new Map<string, number>();
  const settling = new Map<string, { updatedAt?: string; looks: number }>();
  let moving = false;
  for (const { id } of targets) {
    const node = look.nodes?.get(id);
    if (node === undefined) {
      if (look.nodes !== undefined) missingLooks.set(id, (evidence.missingLooks.get(id) ?? 0) + 1);
      continue;
    }
    if (brokenBefore.has(id)) {
      if (failurePhases.has(node.phase) && !isUpdatedSince(node, evidence.watermark)) continue;
      brokenBefore.delete(id);
      busySeen.add(id);
    }
    if (node.phase !== "Active") busySeen.add(id);
    if (node.upToDate === false) outdatedSeen.add(id);
    if (failurePhases.has(node.phase)) failingLooks.set(id, (evidence.failingLooks.get(id) ?? 0) + 1);
    if (isMoving(node)) moving = true;
    const before = evidence.settling.get(id);
    const still = before !== undefined && before.updatedAt === node.updatedAt;
    if (node.phase === "Active")
      settling.set(id, { updatedAt: node.updatedAt, looks: still ? before.looks + 1 : 1 });
  }
  return {
    watermark: evidence.watermark,
    synchronizingSeen: evidence.synchronizingSeen || look.pool?.synchronizing === true,
    brokenBefore,
    busySeen,
    outdatedSeen,
    failingLooks,
    missingLooks,
    restingLooks: moving ? 0 : evidence.restingLooks + 1,
    settling,
  };
}

/** The verdict on a look; the evidence holds that look already. */
export function judge(evidence: Evidence, targets: readonly Target[], look: Observation): Verdict {
  const running = look.job?.phase === "running" || look.pool?.synchronizing === true;
  const stopped = evidence.synchronizingSeen && look.pool !== undefined && !running;
  // A sync whose job failed has ended, too; that says nothing of the nodes that it had not come to.
  const proven = look.job?.phase === "success" || (stopped && look.job?.phase !== "failed");
  const nodes = targets.map((target) => judgeNode(target, evidence, look, proven));
  const begun =
    proven ||
    running ||
    evidence.synchronizingSeen ||
    targets.some(({ id }) => isTouched(id, evidence, look));
  const open = nodes.filter(({ standing }) => standing === "waiting" || standing === "resetting");
  const resetting = open.some(({ standing }) => standing === "resetting");
  const failed = nodes.some(({ standing }) => standing === "failed");
  const rest = restOf(open, evidence, look);

  if (look.job?.phase === "failed" && !resetting) {
    const reasons = jobReasons(look.job);
    return { outcome: "failed", begun: true, rest, nodes: nodes.map(unreached), reasons };
  }
  if (failed && !resetting && !running && evidence.restingLooks >= looksToFail) {
    return { outcome: "failed", begun, rest, nodes: nodes.map(unreached), reasons: [] };
  }
  // Without the node list, only a proof that the sync ran can end the wait.
  const complete = look.nodes === undefined ? proven : open.length === 0 && !failed;
  return { outcome: complete && !running ? "done" : "pending", begun, rest, nodes, reasons: [] };
}

function restOf(open: readonly JudgedNode[], evidence: Evidence, look: Observation): Verdict["rest"] {
  if (look.nodes === undefined || look.pool?.synchronizing === true) return "moving";
  if (open.length === 0) return "settled";
  return open.every(({ id }) => isBack(look.nodes?.get(id), evidence, look)) ? "settling" : "moving";
}

function judgeNode(target: Target, evidence: Evidence, look: Observation, proven: boolean): JudgedNode {
  if (look.nodes === undefined) return { ...target, standing: proven ? "synced" : "waiting", phase: "" };
  const node = look.nodes.get(target.id);
  if (node === undefined) {
    const isGone = (evidence.missingLooks.get(target.id) ?? 0) >= looksToBeGone;
    return { ...target, standing: isGone ? "gone" : "waiting", phase: "" };
  }
  const { phase, name, reason } = node;
  const standing = standingOf(node, evidence, look, proven);
  return { id: target.id, name, standing, phase, reason };
}

/** Whether anything has happened to the target since the request. */
function isTouched(id: string, evidence: Evidence, look: Observation): boolean {
  if (evidence.busySeen.has(id)) return true;
  const node = look.nodes?.get(id);
  if (node === undefined) return false;
  const mended = evidence.outdatedSeen.has(id) && node.upToDate !== false;
  return mended || isUpdatedSince(node, evidence.watermark);
}

function standingOf(node: Node, evidence: Evidence, look: Observation, proven: boolean): NodeStanding {
  if ((evidence.failingLooks.get(node.id) ?? 0) >= looksToFail) return "failed";
  if (evidence.brokenBefore.has(node.id)) return "waiting";
  if (node.phase !== "Active") return "resetting";
  if (node.upToDate === false) return "waiting";
  if (proven) return "synced";
  // A job that has ended in failure goes on with no node: one that is back needs no second look.
  const settled =
    look.job?.phase === "failed" || (evidence.settling.get(node.id)?.looks ?? 0) >= looksToSettle;
  return isTouched(node.id, evidence, look) && settled ? "synced" : "waiting";
}

/** Whether the target looks like one that the sync has dealt with. */
function isBack(node: Node | undefined, evidence: Evidence, look: Observation): boolean {
  if (node === undefined || evidence.brokenBefore.has(node.id)) return false;
  return node.phase === "Active" && node.upToDate !== false && isTouched(node.id, evidence, look);
}

/** In a sync that has ended in failure, a node that still waits will not get its turn. */
function unreached(node: JudgedNode): JudgedNode {
  if (node.standing !== "waiting") return node;
  return { ...node, standing: "failed", reason: node.reason ?? "not reached before the sync failed" };
}

function jobReasons({ reasons }: Job): readonly string[] {
  return reasons.length > 0 ? reasons : ["the service's job failed without a reason"];
}
