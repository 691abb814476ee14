import type { ClusterSnapshot } from "../../session/snapshot.ts";
import type { Clock } from "../../util/clock.ts";
import { listNames } from "../../util/text.ts";
import type { Selection } from "../record/declaration.ts";
import { nodesOfPool, poolIn } from "../record/selection.ts";
import { isWorking } from "./phases.ts";

/** What goes on in a pool that is not at rest. */
export interface PoolActivity {
  /** In a few words that stay the same while nodes come and go: `another sync is running`. */
  readonly what: string;
  /** The same with the names of the nodes. */
  readonly text: string;
  /** Whether it is no more than a scaling, which may stand still for good. */
  readonly isScaling: boolean;
  /** Changes whenever anything moves. */
  readonly fingerprint: string;
}

/** What goes on in the pool; undefined when it is at rest. */
export function activityOf(
  snapshot: ClusterSnapshot,
  { nodePoolId }: Selection,
  clusterUpgrading: boolean,
): PoolActivity | undefined {
  const pool = poolIn(snapshot, nodePoolId);
  const nodes = nodesOfPool(snapshot, nodePoolId);
  const working = nodes.filter((node) => isWorking(node, clusterUpgrading));
  const synchronizing = pool?.synchronizing === true;
  const scaling = pool?.scaling === true;
  if (!synchronizing && !scaling && !clusterUpgrading && working.length === 0) return undefined;
  const what = synchronizing
    ? "another sync is running"
    : clusterUpgrading
      ? "the cluster is being upgraded"
      : scaling
        ? "the pool is being scaled"
        : "nodes are being installed or reset";
  const who = working.length > 0 ? ` (${listNames(working.map(({ name }) => name))})` : "";
  const fingerprint = JSON.stringify(nodes.map(({ id, phase, updatedAt }) => [id, phase, updatedAt]));
  return { what, text: `${what}${who}`, isScaling: !synchronizing && !clusterUpgrading, fingerprint };
}

/** How long a scaling may stand still before it is not waited for. */
const longestStandstill = 10 * 60_000;

/** Says whether something has stood still for too long to be waited for. */
export function createStandstill(clock: Clock): (fingerprint: string) => boolean {
  let latest: string | undefined;
  let since = 0;
  return (fingerprint) => {
    if (fingerprint !== latest) [latest, since] = [fingerprint, clock.monotonic()];
    return clock.monotonic() - since >= longestStandstill;
  };
}
