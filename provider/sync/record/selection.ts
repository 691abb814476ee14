import { defaultPool, type Node, type NodePool } from "../../cce/model.ts";
import { errorCodes } from "../../errors/codes.ts";
import { UserError } from "../../errors/errors.ts";
import type { ClusterSnapshot } from "../../session/snapshot.ts";
import { listNames } from "../../util/text.ts";
import type { Selection } from "./declaration.ts";

const poolsShown = 10;
const nodesShown = 20;

/** Whether the selection holds the node. */
export function isSelected(selection: Selection, { id, poolId }: Pick<Node, "id" | "poolId">): boolean {
  return poolId === selection.nodePoolId && isSelectedId(selection, id);
}

/** Whether the selection holds the node of its pool that has this ID. */
export function isSelectedId({ nodeIds, excludeNodeIds }: Selection, id: string): boolean {
  return (nodeIds?.includes(id) ?? true) && !(excludeNodeIds?.includes(id) ?? false);
}

/** Whether two selections hold the same nodes of the same pool. */
export function isSameSelection(one: Selection, other: Selection): boolean {
  const meaning = ({ nodePoolId, nodeIds, excludeNodeIds = [] }: Selection) =>
    JSON.stringify([nodePoolId, nodeIds?.toSorted(), excludeNodeIds.toSorted()]);
  return meaning(one) === meaning(other);
}

/** The nodes of the pool, in the order of their names; none where nodes may not be listed. */
export function nodesOfPool({ nodes }: ClusterSnapshot, nodePoolId: string): Node[] {
  return [...(nodes?.values() ?? [])].filter(({ poolId }) => poolId === nodePoolId);
}

/** The pool, where the service lists it. */
export function poolIn({ pools }: ClusterSnapshot, nodePoolId: string): NodePool | undefined {
  return pools.find(({ id }) => id === nodePoolId);
}

/** Whether there is such a pool; the default pool is none and is not always listed. */
export function hasPool(snapshot: ClusterSnapshot, nodePoolId: string): boolean {
  return nodePoolId === defaultPool || poolIn(snapshot, nodePoolId) !== undefined;
}

/** @throws UserError when the cluster has no such pool. */
export function assertPoolExists(snapshot: ClusterSnapshot, { nodePoolId }: Selection): void {
  if (hasPool(snapshot, nodePoolId)) return;
  const known = snapshot.pools.map(({ id, name }) => (name === id ? id : `${id} (${name})`));
  throw new UserError(
    `nodePoolId: the cluster has no such node pool; it has ${listNames(known, poolsShown) || "none"}`,
    errorCodes.notFound,
    "Correct nodePoolId or clusterId, then run `pulumi up` again.",
  );
}

/** The ids that the selection names and that are not nodes of its pool; none where nodes may not be listed. */
export function strangersIn(snapshot: ClusterSnapshot, { nodePoolId, nodeIds = [] }: Selection): string[] {
  if (snapshot.nodes === undefined) return [];
  return nodeIds.filter((id) => snapshot.nodes?.get(id)?.poolId !== nodePoolId);
}

/** The error for nodes that the selection names and that are not in its pool. */
export function strangersError(snapshot: ClusterSnapshot, ids: readonly string[]): UserError {
  const where = ids.map((id) => {
    const node = snapshot.nodes?.get(id);
    return node === undefined ? `${id} (not in the cluster)` : `${id} (${node.name}, in pool ${node.poolId})`;
  });
  return new UserError(
    `nodeIds: not in this node pool: ${listNames(where, nodesShown)}`,
    errorCodes.notFound,
    "Remove these ids, or leave nodeIds out to select every node of the pool, then run `pulumi up` again.",
  );
}
