import { errorCodes } from "../errors/codes.ts";
import { UserError } from "../errors/errors.ts";
import type { Selection } from "../sync/record/declaration.ts";

type PoolId = Pick<Selection, "clusterId" | "nodePoolId">;

/** The ID of a resource: the same for the same pool, whoever makes it. */
export function resourceId({ clusterId, nodePoolId }: PoolId): string {
  return `${encodeURIComponent(clusterId)}/${encodeURIComponent(nodePoolId)}`;
}

/**
 * The pool that an ID names.
 * @throws UserError when it is not the ID of a NodePoolSync.
 */
export function parseResourceId(id: string): PoolId {
  const [, cluster, pool] = /^([^/]+)\/([^/]+)$/.exec(id) ?? [];
  try {
    if (cluster !== undefined && pool !== undefined)
      return { clusterId: decodeURIComponent(cluster), nodePoolId: decodeURIComponent(pool) };
  } catch {
    // An escape that cannot be decoded makes it no ID either.
  }
  throw new UserError(
    `${JSON.stringify(id)} is not a valid ID of a NodePoolSync`,
    errorCodes.notFound,
    "Write it as `<clusterId>/<nodePoolId>`.",
  );
}
