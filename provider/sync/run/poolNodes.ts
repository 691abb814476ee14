import type { Node } from "../../cce/model.ts";
import { errorCodes } from "../../errors/codes.ts";
import { UserError } from "../../errors/errors.ts";
import type { Declaration, Selection } from "../record/declaration.ts";
import { isSelected } from "../record/selection.ts";
import type { Look } from "./look.ts";

/** The selected nodes of a look. */
export function selectedIn(look: Look, { declaration }: { readonly declaration: Selection }): Node[] {
  return look.poolNodes.filter((node) => isSelected(declaration, node));
}

/**
 * The nodes of the pool. Where nodes may not be listed, those that the inputs name, when nobody waits for them.
 * @throws UserError when nothing is known of the nodes.
 */
export function knownNodes(look: Look, { declaration }: { readonly declaration: Declaration }) {
  if (look.snapshot.nodes !== undefined) return look.poolNodes;
  const { nodeIds, wait, nodePoolId, onCreate } = declaration;
  if (nodeIds !== undefined && !wait)
    return nodeIds.map((id) => ({ id, name: id, poolId: nodePoolId, phase: "" }));
  if (onCreate === "nothing") return [];
  throw nodesNotListed();
}

/** The error where nodes may not be listed. */
export function nodesNotListed(): UserError {
  return new UserError(
    "the credentials do not allow listing nodes, and without the list no node can be chosen or watched",
    errorCodes.permissionDenied,
    "Grant the IAM action cce:node:list. Without it, a sync can only be sent with `wait: false` and `nodeIds`.",
  );
}
