import type { CceClient } from "../../cce/client.ts";
import { errorCodes } from "../../errors/codes.ts";
import { ServiceError, UserError } from "../../errors/errors.ts";

/** Phases of a cluster that no waiting ends (CCE API, ClusterStatus); it takes no sync in them. */
const lastingPhases = new Set([
  "Hibernating",
  "Hibernation",
  "Unavailable",
  "Deleting",
  "Empty",
  "Error",
  "RollbackFailed",
]);

/**
 * Checks, after a refusal that means "not now", whether waiting can help.
 * @throws UserError when the cluster is in a phase that does not end by itself.
 */
export async function assertClusterRecoverable(
  refusal: Error,
  clusterId: string,
  client: CceClient,
  signal: AbortSignal,
): Promise<void> {
  if (!(refusal instanceof ServiceError) || refusal.status === 429) return;
  // Where the cluster cannot be shown, the wait goes on: it may well recover.
  const phase = await client.showClusterPhase(clusterId, signal).catch(() => undefined);
  if (phase === undefined || !lastingPhases.has(phase)) return;
  throw new UserError(
    `${refusal.message}; the cluster's phase is ${phase}, which does not end by itself`,
    errorCodes.clusterUnavailable,
  );
}
