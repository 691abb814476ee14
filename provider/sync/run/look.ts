import type { Node, NodePool } from "../../cce/model.ts";
import { isTransient } from "../../cce/retryPolicy.ts";
import { errorCodes, remedyOf } from "../../errors/codes.ts";
import { ConnectionError, InterruptedError, ServiceError } from "../../errors/errors.ts";
import type { ClusterSnapshot } from "../../session/snapshot.ts";
import { orAborted } from "../../util/abort.ts";
import type { Selection } from "../record/declaration.ts";
import { nodesOfPool, poolIn } from "../record/selection.ts";
import { type Obstacle, obstacleOf } from "../report/obstacle.ts";
import { createProgress } from "../report/progress.ts";
import { type Deadline, pauseWithin, type SyncContext } from "./context.ts";
import { createCompleteness, createOverlooked, createPresence, isShortList } from "./nodeLists.ts";

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
  /** Whether the pool says that it has more nodes than are listed. */
  readonly isShort: boolean;
  /** Expected nodes of which the service says that they do not exist. */
  readonly gone: ReadonlySet<string>;
  readonly clusterUpgrading: boolean;
  /** Whether so much time has passed since the look before that something may have happened unseen. */
  readonly hadGap: boolean;
  /** Nodes that the first look of this run did not show, and that existed before it. */
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

/** Creates the observer of a run that begins now. */
export function createObserver(selection: Selection, context: SyncContext, deadline: Deadline): Observer {
  const { clock, report } = context;
  const progress = createProgress(report, clock);
  const startedAt = clock.monotonic();
  const looks = createLooks(selection, context, deadline);
  let hasAnswered = false;
  let blindness: Obstacle | undefined;

  /** @throws the failure when trying again does not help. */
  async function endure(error: unknown): Promise<void> {
    if (error instanceof InterruptedError) {
      if (!context.interrupted.aborted) blindness ??= unanswered;
      return;
    }
    if (!isTransient(error)) throw error;
    hasAnswered ||= !(error instanceof ConnectionError) || error.everAnswered;
    blindness = obstacleOf(error);
    const isUnreachable = error instanceof ConnectionError && !hasAnswered;
    if (isUnreachable && clock.monotonic() - startedAt >= timeToAnswer) throw error;
    progress(`cannot read the cluster, retrying: ${error.message}`, "blind");
    await pauseWithin(deadline, context, error instanceof ServiceError ? (error.retryAfter ?? 0) : 0);
  }

  return {
    blindness: () => blindness,
    expect: looks.expect,
    async look(fresh = false) {
      try {
        const look = await looks.take(fresh);
        [hasAnswered, blindness] = [true, undefined];
        return look;
      } catch (error) {
        await endure(error);
        return undefined;
      }
    },
  };
}

function createLooks(selection: Selection, context: SyncContext, deadline: Deadline) {
  const { reader, clock } = context;
  const startedAt = clock.monotonic();
  const completeness = createCompleteness(selection);
  const presence = createPresence(selection, context, deadline);
  const overlooked = createOverlooked();
  let latest: { readonly monotonic: number; readonly wall: number } | undefined;

  /** What the program changed before this run must be in its first look. */
  function snapshotFor(fresh: boolean): Promise<ClusterSnapshot> {
    if (fresh) return reader.freshSnapshot();
    return latest === undefined ? reader.snapshotSince(startedAt) : reader.snapshot();
  }

  /** A suspended machine shows on the wall clock only. One that is set back is no gap. */
  function hadGapBefore(now: { readonly monotonic: number; readonly wall: number }): boolean {
    const before = latest ?? now;
    latest = now;
    return now.monotonic - before.monotonic > longestGap || now.wall - before.wall > longestGap;
  }

  return {
    expect(ids: Iterable<string>) {
      const expected = [...ids];
      completeness.expect(expected);
      presence.expect(expected);
    },
    async take(fresh: boolean): Promise<Look> {
      const snapshot = await deadline.bound((signal) =>
        orAborted(snapshotFor(fresh), signal, () => {
          throw new InterruptedError("read the cluster");
        }),
      );
      const poolNodes = nodesOfPool(snapshot, selection.nodePoolId);
      const isWhole = completeness.isWhole(snapshot, poolNodes);
      const isShort = isShortList(snapshot, poolNodes, selection.nodePoolId);
      return {
        snapshot,
        pool: poolIn(snapshot, selection.nodePoolId),
        nodes: snapshot.nodes ?? new Map(),
        poolNodes,
        isWhole,
        isShort,
        hadGap: hadGapBefore({ monotonic: snapshot.readAt, wall: clock.now() }),
        gone: await presence.goneIn(snapshot, isWhole && !isShort),
        clusterUpgrading: await isClusterUpgrading(poolNodes, selection, context, deadline),
        overlooked: overlooked(snapshot, poolNodes),
      };
    },
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
      // Where the cluster is not shown, an upgrade of it cannot be distinguished from a reset.
      return true;
    throw error;
  }
}
