import assert from "node:assert/strict";
import type { AcceptedSync } from "../../../emulator/index.ts";
import { isDrift } from "../../../provider/sync/record/record.ts";
import type { Run } from "./needless.ts";
import type { Target } from "./oracle.ts";
import { contentOf, type Tale } from "./tale.ts";

/** For how long a node must have been at rest for its word to be believed whatever the service is like. */
const longEnough = 300_000;

/**
 * Fails when a request names a node that has long reported being up to date, although the rule of the run spares such
 * nodes, and nothing was owed to it but that it had been outdated.
 */
export function assertIsSpared(tale: Tale, sync: AcceptedSync, target: Target, run: Run): void {
  if (!target.isHealthy || target.saysBehind || target.isBehind) return;
  if (!spares(tale, run) || owedBefore(tale, run, target.id) || wasTouched(tale, sync, target.id, run))
    return;
  assert.fail(`node ${target.id} reported being up to date, and was reset by sync ${sync.serial}`);
}

function spares({ kept, profile }: Tale, { inputs, content }: Run): boolean {
  if (inputs.nodeTemplate !== undefined || !profile.upToDateField) return false;
  // Words of these services are not believed, or may be those of an earlier record.
  if (profile.probes === "old" || profile.replicaLag > 0) return false;
  if (kept === undefined) return inputs.onCreate === "outdated";
  return contentOf(kept.recorded) !== content && inputs.onChange === "outdated";
}

/** Whether the node was owed for a content, or has left the one that the program goes back to. */
function owedBefore({ kept, runs }: Tale, { content, serial }: Run, id: string): boolean {
  if (kept === undefined) return false;
  const { off, owed } = kept.state.record;
  const mayGoBack = runs.some((each) => each.serial < serial && each.content === content);
  return (mayGoBack && off.includes(id)) || (id in owed && !isDrift(owed[id]));
}

/** Whether anything has happened to it, or to what lists show, shortly before the run or in it. */
function wasTouched(
  { pool, harness }: Tale,
  { at: until }: AcceptedSync,
  id: string,
  { from }: Run,
): boolean {
  const since = from - longEnough;
  const happened = pool.happened.some(
    ({ at, nodeId }) => at >= since && at <= until && (nodeId === undefined || nodeId === id),
  );
  const resets = harness.emulator.cluster.resetLog(id);
  return happened || resets.some(({ startedAt, endedAt = until }) => startedAt < until && endedAt >= since);
}
