import { type Node, serviceTime } from "../../cce/model.ts";
import { isTransient } from "../../cce/retryPolicy.ts";
import { InterruptedError, ServiceError } from "../../errors/errors.ts";
import type { ClusterSnapshot } from "../../session/snapshot.ts";
import type { Selection } from "../record/declaration.ts";
import { poolIn } from "../record/selection.ts";
import type { Deadline, SyncContext } from "./context.ts";

/** What several lists of nodes together make sure of: one list is not believed alone. */

const readsToBeMissing = 2;
/** How many missing nodes are looked up in one look, and after how many reads one that exists is looked up again. */
const mostQuestions = 20;
const readsBetweenQuestions = 12;
/** After how many equal reads a list counts as whole although the pool says that it has more nodes. */
const readsToOutweighCount = 12;

/** Whether the pool says that it has more nodes than are listed. */
export function isShortList(
  snapshot: ClusterSnapshot,
  poolNodes: readonly Node[],
  nodePoolId: string,
): boolean {
  const { nodeCount = 0 } = poolIn(snapshot, nodePoolId) ?? {};
  return snapshot.nodes !== undefined && poolNodes.length < nodeCount;
}

/** Says of each list whether it holds every node of the pool, as far as can be known. */
export function createCompleteness({ nodePoolId }: Selection) {
  let expected = new Set<string>();
  let latest = "";
  let equalReads = 0;
  function isWhole(snapshot: ClusterSnapshot, poolNodes: readonly Node[]): boolean {
    if (snapshot.nodes === undefined) return true;
    const ids = poolNodes.map(({ id }) => id);
    const key = JSON.stringify(ids);
    equalReads = key === latest ? equalReads + 1 : 1;
    latest = key;
    const isShort = isShortList(snapshot, poolNodes, nodePoolId);
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
export function createPresence(
  { clusterId, nodePoolId }: Selection,
  { client }: SyncContext,
  deadline: Deadline,
) {
  const expected = new Set<string>();
  const missingReads = new Map<string, number>();
  const nextQuestion = new Map<string, number>();
  const gone = new Set<string>();

  async function isGone(id: string, listsAll: boolean): Promise<boolean> {
    try {
      const node = await deadline.bound((signal) => client.showNode(clusterId, id, signal));
      return node === undefined || node.poolId !== nodePoolId;
    } catch (error) {
      // Credentials that may list nodes may be refused to show one.
      if (error instanceof ServiceError && error.status === 403) return listsAll;
      if (error instanceof InterruptedError || isTransient(error)) return false;
      throw error;
    }
  }

  return {
    expect(ids: Iterable<string>) {
      for (const id of ids) expected.add(id);
    },
    /** @param listsAll whether the list holds as many nodes as the pool says that it has. */
    async goneIn({ nodes }: ClusterSnapshot, listsAll: boolean): Promise<ReadonlySet<string>> {
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
        if (await isGone(id, listsAll)) gone.add(id);
      }
      return new Set(gone);
    },
  };
}

/**
 * Finds nodes that existed when the run began, and that its first list did not show. The service's times are whole
 * seconds: one that was created in the second of the first look may have existed.
 */
export function createOverlooked() {
  let first: { readonly ids: ReadonlySet<string>; readonly begun: number | undefined } | undefined;
  return (snapshot: ClusterSnapshot, poolNodes: readonly Node[]): readonly Node[] => {
    if (snapshot.nodes === undefined) return [];
    first ??= { ids: new Set(poolNodes.map(({ id }) => id)), begun: snapshot.serviceTime };
    const { ids, begun } = first;
    return poolNodes.filter(({ id, createdAt }) => {
      const created = serviceTime(createdAt);
      const isNew = created !== undefined && begun !== undefined && created >= begun + 1000;
      return !ids.has(id) && !isNew;
    });
  };
}
