import { type Node, serviceTime } from "../../cce/model.ts";
import type { ClusterSnapshot } from "../../session/snapshot.ts";
import { nodesOfPool, poolIn } from "./selection.ts";

/**
 * What can be relied on of what nodes say of themselves. `false` counts at once. `true` may be a moment old: a program
 * that changes the pool and declares the sync in one run must not find flags that have not followed yet. It counts in
 * two reads that began some intervals after the pool's latest change by the service's clock, or, where that change is
 * not known or keeps moving, when it has been read for as long.
 */

/** For how many intervals a flag has to be at rest. */
export const intervalsToSettle = 12;
/** After how many intervals a pool whose update time keeps moving is judged by its nodes' flags alone. */
const mostIntervals = 3 * intervalsToSettle;
/** One read may come from a replica that has not heard of the pool's latest change. */
const readsToBelieve = 2;
/** The service's documentation: a status that was probed longer ago has no reference value. */
const oldestProbe = 5 * 60_000;

/** What can be relied on of what a node says of itself. */
export interface Words {
  /** Whether the node says that it is up to date, and can be believed. */
  isExempt(node: Node): boolean;
  /** What is noted of the node before a request. */
  note(node: Node): boolean | null;
}

/** The words of a pool's nodes as one run reads them. */
export interface WordReader extends Words {
  /** Takes in one more look. */
  read(snapshot: ClusterSnapshot): void;
  /** Whether every node's word can be judged now, or a later look is needed for some that say that they are up to date. */
  isSettled(nodes: readonly Node[]): boolean;
  /** Whether what is missing is no more than a second read. */
  needsSecondRead(): boolean;
}

/** @param interval milliseconds between looks. */
export function createWordReader(nodePoolId: string, interval: number): WordReader {
  const settling = interval * intervalsToSettle;
  const flags = createFlagTimes();
  let firstReadAt: number | undefined;
  let latest: ClusterSnapshot | undefined;
  let readsAtRest = 0;

  const hasFreshProbe = ({ probedAt }: Node) => {
    const probed = serviceTime(probedAt);
    const now = latest?.serviceTime;
    return probed === undefined || now === undefined || now - probed <= oldestProbe;
  };
  const poolIsAtRest = () => {
    const updated = latest && serviceTime(poolIn(latest, nodePoolId)?.updatedAt);
    if (latest?.serviceTime === undefined || updated === undefined) return undefined;
    return latest.serviceTime >= updated + settling;
  };
  const isLongTrue = ({ id }: Node) => (flags.trueFor(id) ?? 0) >= settling;
  const saidBehindLately = ({ id }: Node) => (flags.sinceBehind(id) ?? settling) < settling;
  const isBelieved = (node: Node) => {
    const atRest = poolIsAtRest();
    // A replica that lags behind may say `true` again of a node that has said that it is behind.
    if (atRest) return readsAtRest >= readsToBelieve && !saidBehindLately(node);
    const waited = latest !== undefined && latest.readAt - (firstReadAt ?? latest.readAt);
    const byNodes = atRest === undefined || (waited !== false && waited >= interval * mostIntervals);
    return byNodes && isLongTrue(node);
  };

  return {
    read(snapshot) {
      const isNew = latest?.readAt !== snapshot.readAt;
      latest = snapshot;
      if (isNew) readsAtRest = poolIsAtRest() ? readsAtRest + 1 : 0;
      firstReadAt ??= snapshot.readAt;
      flags.read(nodesOfPool(snapshot, nodePoolId), snapshot.readAt);
    },
    needsSecondRead: () => poolIsAtRest() === true && readsAtRest < readsToBelieve,
    isExempt: (node) => node.upToDate === true && hasFreshProbe(node) && isBelieved(node),
    isSettled: (nodes) =>
      nodes.every((node) => node.upToDate !== true || !hasFreshProbe(node) || isBelieved(node)),
    note(node) {
      if (node.upToDate === undefined) return null;
      if (node.upToDate) return true;
      // A node that was touched a moment ago may have been reset, and say so only later.
      const updated = serviceTime(node.updatedAt);
      const now = latest?.serviceTime;
      return updated !== undefined && now !== undefined && now >= updated + settling ? false : null;
    },
  };
}

/** For how long nodes have said what they say, over the looks of a run. */
function createFlagTimes() {
  const trueSince = new Map<string, number>();
  const falseAt = new Map<string, number>();
  let now = 0;
  const elapsed = (since: number | undefined) => (since === undefined ? undefined : now - since);
  return {
    read(nodes: readonly Node[], readAt: number): void {
      now = readAt;
      for (const { id, upToDate } of nodes) if (upToDate === false) falseAt.set(id, readAt);
      const saying = nodes.filter(({ upToDate }) => upToDate === true);
      const ids = new Set(saying.map(({ id }) => id));
      for (const id of trueSince.keys()) if (!ids.has(id)) trueSince.delete(id);
      for (const id of ids) if (!trueSince.has(id)) trueSince.set(id, readAt);
    },
    /** For how long the node has said without a break that it is up to date; undefined when it does not say so. */
    trueFor: (id: string) => elapsed(trueSince.get(id)),
    /** How long ago the node said last that it is behind; undefined when it never did. */
    sinceBehind: (id: string) => elapsed(falseAt.get(id)),
  };
}
