import { type Node, type NodePool, serviceTime } from "../cce/model.ts";
import { errorCodes } from "../errors/codes.ts";
import { UserError } from "../errors/errors.ts";
import { defaultPool, type Inputs } from "../nodePoolSync/schema.ts";
import { isUpdatedSince } from "./observation.ts";
import { listNames } from "./progress.ts";
import type { ClusterView } from "./snapshot.ts";

/** What an earlier sync for the same request has left to do. */
export interface LeftToDo {
  /** The nodes that it is known to have left; empty when that is not known of any by itself. */
  readonly ids: readonly string[];
  /** The newest update time of any target before that sync's request; undefined when a word of the node is enough. */
  readonly watermark?: string;
}

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
 * The targets that are left to do, with those that have fallen behind since, when these are a part of all, or none
 * because they are gone or mended; undefined when the request can ask for all.
 */
export function partToName(
  inputs: Pick<Inputs, "nodeTemplate">,
  targets: readonly Node[],
  view: ClusterView,
  leftToDo: LeftToDo | undefined,
): readonly string[] | undefined {
  if (leftToDo === undefined) return undefined;
  const { ids, watermark } = leftToDo;
  // Where nodes may not be listed, those that are known to need it are all that may be reset.
  if (view.nodes === undefined) return ids.length > 0 ? ids : undefined;
  const named = new Set(ids.length > 0 ? ids : targets.map(({ id }) => id));
  const left = targets.filter(
    (node) => node.upToDate === false || (named.has(node.id) && !isMended(node, inputs, watermark)),
  );
  return left.length < targets.length ? left.map(({ id }) => id) : undefined;
}

/**
 * Whether a node that a sync has left was brought up to date by something else since: it says so itself, and was
 * touched since the request. Nothing else brings a node what the request's own template says.
 */
export function isMended(
  node: Node,
  { nodeTemplate }: Pick<Inputs, "nodeTemplate">,
  watermark: string | undefined,
): boolean {
  if (nodeTemplate !== undefined || node.phase !== "Active" || node.upToDate !== true) return false;
  return watermark === undefined || isUpdatedSince(node, serviceTime(watermark));
}

/** The ids of the nodes that say that they are behind their pool's configuration. */
export function outdated(nodes: readonly Node[]): string[] {
  return nodes.filter(({ upToDate }) => upToDate === false).map(({ id }) => id);
}

/** Those of the targets that a request names in place of the inputs' own; all of them when it names none. */
export function narrowed(
  targets: readonly Node[],
  narrowedTo: readonly string[] | undefined,
): readonly Node[] {
  const named = narrowedTo && new Set(narrowedTo);
  return named === undefined ? targets : targets.filter(({ id }) => named.has(id));
}
