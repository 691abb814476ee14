import type { ClusterState } from "./clusterState.ts";
import { cceError, type Refusal } from "./errors.ts";
import type { Pool } from "./inventory.ts";
import { isSynchronizing } from "./poolStatus.ts";

/**
 * Why the service takes no sync of the pool at present; undefined when it does. Which code refuses a second sync is not
 * documented.
 */
export function refusalOf(pool: Pool, { phase, rules }: ClusterState): Refusal | undefined {
  if (phase !== "Available") {
    return cceError(403, "CCE.01403009", `Forbidden: the cluster is ${phase}, not Available`);
  }
  if (pool.scaling.until > rules.now()) {
    return cceError(400, "CCE.01400023", "Resource conflict: the node pool is being scaled");
  }
  if (!isSynchronizing(pool)) return undefined;
  const { status, code } = rules.profile.whileRunning;
  return cceError(status, code, "The node pool is being synchronized");
}
