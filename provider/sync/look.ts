import { type Node, type NodePool, serviceTime } from "../cce/model.ts";
import { isTransient } from "../cce/retryPolicy.ts";
import { errorCodes, remedyOf } from "../errors/codes.ts";
import { ConnectionError, InterruptedError, ServiceError } from "../errors/errors.ts";
import { orAborted } from "../util/abort.ts";
import { type Deadline, pauseWithin, type SyncContext } from "./context.ts";
import type { Selection } from "./declaration.ts";
import { type Obstacle, obstacleOf } from "./obstacle.ts";
import { createProgress } from "./progress.ts";
import { nodesOfPool, poolIn } from "./selection.ts";
import type { ClusterSnapshot } from "./snapshot.ts";

/** One look at the pool, with what several looks together have made sure of. */
export interface Look {
  readonly snapshot: ClusterSnapshot;
  /** The pool, where the service lists it. */
  readonly pool?: NodePool;
  /** Every node of the cluster by its id; empty where nodes may not be listed. */
  readonly nodes: ReadonlyMap<string, Node>;
  /** The nodes of the pool, in the order of their names. */
  readonly poolNodes: readonly Node[];
  /** Whether the list can be relied on to hold every node of the pool: one list is not believed alone. */
  readonly isWhole: boolean;
  /** Expected nodes of which the service says that they do not exist. */
  readonly gone: ReadonlySet<string>;
  readonly clusterUpgrading: boolean;
  /** Whether so much time has passed since the look before that something may have happened unseen. */
  readonly hadGap: boolean;
  /** Nodes that no earlier look of this run had shown, and that existed before the first one. */
  readonly overlooked: readonly Node[];
}

/** Looks at one pool for one run. */
export interface Observer {
  /**
   * The next look; undefined when the service could not be read, or the deadline or an interruption came first.
   * @param fresh whether something is to be decided on it.
   * @throws ServiceError when the service refuses to be read.
   * @throws ConnectionError when the address has not answered once in a minute.
   */
  look(fresh?: boolean): Promise<Look | undefined>;
  /** Nodes that are expected to be there: a list without them is not whole, and they are looked up one by one. */
  expect(ids: Iterable<string>): void;
  /** Why the latest look failed; undefined when it did not. */
  readonly blindness: () => Obstacle | undefined;
}

/** The longest time between two looks in which nothing can be missed. */
const longestGap = 60_000;
const unanswered: Obstacle = {
  text: "the service did not answer in time",
  code: errorCodes.unreachable,
  remedy: remedyOf(errorCodes.unreachable),
};
/** How long an address is tried that has never answered. */
const timeToAnswer = 60_000;
const readsToBeMissing = 2;
/** How many missing nodes are looked up in one look, and after how many reads one that exists is looked up again. */
const mostQuestions = 20;
const readsBetweenQuestions = 12;
/** After how many equal reads a list counts as whole although the pool says that it has more nodes. */
const readsToOutweighCount = 12;

/** Creates the observer of a run that begins now. */
export function createObserver(selection: Selection, context: SyncContext, deadline: Deadline): Observer {
  const { reader, clock, report } = context;
  const progress = createProgress(report, clock);
  const startedAt = clock.monotonic();
  const completeness = createCompleteness(selection);
  const presence = createPresence(selection, context, deadline);
  const firstSeen = createFirstSeen();
  let hasAnswered = false;
  let blindness: Obstacle | undefined;
  let latest: { readonly monotonic: number; readonly wall: number } | undefined;

  /** What the program changed before this run must be in its first look. */
  function snapshotFor(fresh: boolean): Promise<ClusterSnapshot> {
    if (fresh) return reader.freshSnapshot();
    return latest === undefined ? reader.snapshotSince(startedAt) : reader.snapshot();
  }

  async function read(fresh: boolean): Promise<Look> {
    const snapshot = await deadline.bound((signal) =>
      orAborted(snapshotFor(fresh), signal, () => {
        throw new InterruptedError("read the cluster");
      }),
    );
    const poolNodes = nodesOfPool(snapshot, selection.nodePoolId);
    const isWhole = completeness.isWhole(snapshot, poolNodes);
    const now = { monotonic: snapshot.readAt, wall: clock.now() };
    // A suspended machine shows on the wall clock only. One that is set back is no gap.
    const hadGap =
      latest !== undefined &&
      (now.monotonic - latest.monotonic > longestGap || now.wall - latest.wall > longestGap);
    latest = now;
    return {
      snapshot,
      pool: poolIn(snapshot, selection.nodePoolId),
      nodes: snapshot.nodes ?? new Map(),
      poolNodes,
      isWhole,
      gone: await presence.goneIn(snapshot, isWhole),
      clusterUpgrading: await isClusterUpgrading(poolNodes, selection, context, deadline),
      hadGap,
      overlooked: firstSeen(snapshot, poolNodes),
    };
  }

  return {
    blindness: () => blindness,
    expect(ids) {
      completeness.expect(ids);
      presence.expect(ids);
    },
    async look(fresh = false) {
      try {
        const look = await read(fresh);
        [hasAnswered, blindness] = [true, undefined];
        return look;
      } catch (error) {
        if (error instanceof InterruptedError) {
          if (!context.interrupted.aborted) blindness ??= unanswered;
          return undefined;
        }
        if (!isTransient(error)) throw error;
        hasAnswered ||= !(error instanceof ConnectionError) || error.everAnswered;
        blindness = obstacleOf(error);
        const isUnreachable = error instanceof ConnectionError && !hasAnswered;
        if (isUnreachable && clock.monotonic() - startedAt >= timeToAnswer) throw error;
        progress(`cannot read the cluster, retrying: ${error.message}`, "blind");
        await pauseWithin(deadline, context, error instanceof ServiceError ? (error.retryAfter ?? 0) : 0);
        return undefined;
      }
    },
  };
}

/** Says of each list whether it holds every node of the pool, as far as can be known. */
function createCompleteness({ nodePoolId }: Selection) {
  let expected = new Set<string>();
  let latest = "";
  let equalReads = 0;
  function isWhole(snapshot: ClusterSnapshot, poolNodes: readonly Node[]): boolean {
    if (snapshot.nodes === undefined) return true;
    const ids = poolNodes.map(({ id }) => id);
    const key = JSON.stringify(ids);
    equalReads = key === latest ? equalReads + 1 : 1;
    latest = key;
    const { nodeCount } = poolIn(snapshot, nodePoolId) ?? {};
    const isShort = nodeCount !== undefined && ids.length < nodeCount;
    const present = new Set(ids);
    const hasShrunk = ids.length === 0 || [...expected].some((id) => !present.has(id));
    const agrees = !isShort && (!hasShrunk || equalReads >= 2);
    const isOutweighed = isShort && ids.length > 0 && equalReads >= readsToOutweighCount;
    if (!agrees && !isOutweighed) return false;
    expected = present;
    return true;
  }
  return {
    isWhole,
    expect(ids: Iterable<string>) {
      for (const id of ids) expected.add(id);
    },
  };
}

/** Looks up one by one the expected nodes that lists do not show. */
function createPresence({ clusterId, nodePoolId }: Selection, { client }: SyncContext, deadline: Deadline) {
  const expected = new Set<string>();
  const missingReads = new Map<string, number>();
  const nextQuestion = new Map<string, number>();
  const gone = new Set<string>();

  async function isGone(id: string, isWhole: boolean): Promise<boolean> {
    try {
      const node = await deadline.bound((signal) => client.showNode(clusterId, id, signal));
      return node === undefined || node.poolId !== nodePoolId;
    } catch (error) {
      // Credentials that may list nodes may be refused to show one.
      if (error instanceof ServiceError && error.status === 403) return isWhole;
      if (error instanceof InterruptedError || isTransient(error)) return false;
      throw error;
    }
  }

  return {
    expect(ids: Iterable<string>) {
      for (const id of ids) expected.add(id);
    },
    async goneIn({ nodes }: ClusterSnapshot, isWhole: boolean): Promise<ReadonlySet<string>> {
      if (nodes === undefined) return gone;
      let asked = 0;
      for (const id of expected) {
        const isThere = nodes.get(id)?.poolId === nodePoolId;
        if (isThere) {
          gone.delete(id);
          nextQuestion.delete(id);
        }
        missingReads.set(id, isThere ? 0 : (missingReads.get(id) ?? 0) + 1);
        const reads = missingReads.get(id) ?? 0;
        const isDue = reads >= (nextQuestion.get(id) ?? readsToBeMissing);
        if (!isDue || gone.has(id) || asked >= mostQuestions) continue;
        asked += 1;
        nextQuestion.set(id, reads + readsBetweenQuestions);
        if (await isGone(id, isWhole)) gone.add(id);
      }
      return new Set(gone);
    },
  };
}

/**
 * Finds nodes that existed when the run began, and that no list had shown until now. The service's times are whole
 * seconds: one that was created in the second of the first look may have existed.
 */
function createFirstSeen() {
  let first: { readonly serviceTime?: number } | undefined;
  const seen = new Set<string>();
  return (snapshot: ClusterSnapshot, poolNodes: readonly Node[]): readonly Node[] => {
    const isFirst = first === undefined;
    if (snapshot.nodes !== undefined) first ??= snapshot;
    const unseen = poolNodes.filter(({ id }) => !seen.has(id));
    for (const { id } of unseen) seen.add(id);
    if (isFirst) return [];
    return unseen.filter(({ createdAt }) => {
      const created = serviceTime(createdAt);
      const begun = first?.serviceTime;
      const isNew = created !== undefined && begun !== undefined && created >= begun + 1000;
      return !isNew;
    });
  };
}

/** Asked only while a node shows a phase that an upgrade of the cluster explains. */
async function isClusterUpgrading(
  poolNodes: readonly Node[],
  { clusterId }: Selection,
  { client }: SyncContext,
  deadline: Deadline,
): Promise<boolean> {
  if (!poolNodes.some(({ phase }) => phase === "Upgrading")) return false;
  try {
    const phase = await deadline.bound((signal) => client.showClusterPhase(clusterId, signal));
    return phase === "Upgrading";
  } catch (error) {
    if (error instanceof InterruptedError || (error instanceof ServiceError && error.status === 403))
      // Where the cluster is not shown, an upgrade of it cannot be told from a reset.
      return true;
    throw error;
  }
}
