import type { Node, NodePool } from "../cce/model.ts";
import { errorCodes } from "../errorCodes.ts";
import { UserError } from "../errors.ts";
import { defaultPool, type Inputs } from "../schema.ts";
import type { ClusterView } from "./clusterReader.ts";
import { listNames } from "./progress.ts";

/** The nodes of the inputs' pool. */
export function nodesOfPool(view: ClusterView, nodePoolId: string): Node[] {
  return [...(view.nodes?.values() ?? [])].filter(({ poolId }) => poolId === nodePoolId);
}

/** Those of the pool's nodes that the inputs choose. */
export function nodesChosenBy(
  { nodePoolId, nodeIds, skippedNodes }: Pick<Inputs, "nodePoolId" | "nodeIds" | "skippedNodes">,
  view: ClusterView,
): Node[] {
  const named = nodeIds && new Set(nodeIds);
  const skipped = new Set(skippedNodes);
  return nodesOfPool(view, nodePoolId).filter(({ id }) => (named?.has(id) ?? true) && !skipped.has(id));
}

/** The pool, where the service lists it. */
export function poolIn({ pools }: ClusterView, nodePoolId: string): NodePool | undefined {
  return pools.find(({ id }) => id === nodePoolId);
}

/** Whether there is such a pool; the default pool is none and is not always listed. */
export function hasPool(view: ClusterView, nodePoolId: string): boolean {
  return nodePoolId === defaultPool || poolIn(view, nodePoolId) !== undefined;
}

/**
 * The nodes that a sync with these inputs is about.
 * @throws UserError when the pool, or a node that the inputs name, is not there.
 */
export function targetsOf(inputs: Inputs, view: ClusterView): Node[] {
  const { nodePoolId, nodeIds = [] } = inputs;
  if (!hasPool(view, nodePoolId)) {
    const known = view.pools.map(({ id, name }) => (name === id ? id : `${id} (${name})`));
    throw new UserError(
      `nodePoolId: cluster ${inputs.clusterId} has no node pool ${nodePoolId}; it has ${listNames(known, 10) || "none"}`,
      errorCodes.notFound,
      "Correct nodePoolId or clusterId, then run `pulumi up` again.",
    );
  }
  const inPool = new Set(nodesOfPool(view, nodePoolId).map(({ id }) => id));
  const strangers = nodeIds.filter((id) => !inPool.has(id));
  if (strangers.length > 0 && view.nodes !== undefined) {
    const where = strangers.map((id) => {
      const node = view.nodes?.get(id);
      return node === undefined
        ? `${id} (not in the cluster)`
        : `${id} (${node.name}, in pool ${node.poolId})`;
    });
    throw new UserError(
      `nodeIds: not in node pool ${nodePoolId}: ${listNames(where, 20)}`,
      errorCodes.notFound,
      "Take them out, or leave nodeIds out to mean every node of the pool, then run `pulumi up` again.",
    );
  }
  return nodesChosenBy(inputs, view);
}

/**
 * The targets that are left to do, when these are a part of all, or none because they are gone; undefined when the
 * request can ask for all.
 */
export function partToName(
  targets: readonly Node[],
  leftToDo: readonly string[] = [],
): readonly string[] | undefined {
  const there = new Set(targets.map(({ id }) => id));
  const left = leftToDo.filter((id) => there.has(id));
  return leftToDo.length > 0 && left.length < targets.length ? left : undefined;
}

/** Those of the targets that a request names in place of the inputs' own; all of them when it names none. */
export function narrowed(
  targets: readonly Node[],
  narrowedTo: readonly string[] | undefined,
): readonly Node[] {
  const named = narrowedTo && new Set(narrowedTo);
  return named === undefined ? targets : targets.filter(({ id }) => named.has(id));
}
