import type { Node } from "../cce/model.ts";
import { errorCodes } from "../errors/codes.ts";
import { UserError } from "../errors/errors.ts";
import { activityOf } from "./proof/activity.ts";
import type { Selection } from "./record/declaration.ts";
import { lookAtExistingPool, quietly } from "./refresh.ts";
import { createDeadline, type SyncContext } from "./run/context.ts";
import { createObserver, type Look } from "./run/look.ts";

/** A pool and its nodes, as the service shows them. */
export interface PoolView {
  readonly name: string;
  /** In the order of their names. */
  readonly nodes: readonly Pick<Node, "id" | "name" | "phase" | "upToDate" | "zone" | "reason">[];
  readonly synchronizing: boolean;
}

/**
 * Looks at a pool, whoever manages it. Sends nothing that changes anything.
 * @throws UserError when there is no such pool, or its nodes may not be listed.
 */
export async function view(selection: Selection, context: SyncContext): Promise<PoolView> {
  const quiet = quietly(context);
  const deadline = createDeadline(quiet);
  const observer = createObserver(selection, quiet, deadline);
  const look = await lookAtExistingPool({ context: quiet, deadline, observer, declaration: selection });
  if (look.snapshot.nodes === undefined)
    throw new UserError(
      "the credentials do not allow listing nodes",
      errorCodes.permissionDenied,
      "Grant the IAM action cce:node:list.",
    );
  return {
    name: look.pool?.name ?? selection.nodePoolId,
    nodes: look.poolNodes.map(({ id, name, phase, upToDate, zone, reason }) => {
      return { id, name, phase, upToDate, zone, reason };
    }),
    synchronizing: isSynchronizing(look, selection),
  };
}

/** By the pool's condition; where the service shows none, by nodes that are being installed and no other reason for it. */
function isSynchronizing({ pool, snapshot, clusterUpgrading }: Look, selection: Selection): boolean {
  if (pool?.synchronizing !== undefined) return pool.synchronizing;
  const isBusy = activityOf(snapshot, selection, clusterUpgrading) !== undefined;
  return isBusy && !clusterUpgrading && pool?.scaling !== true;
}
