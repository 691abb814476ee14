import assert from "node:assert/strict";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import { isSelected, type Tale } from "./tale.ts";

/** What a user is shown of a sync agrees with itself and with what is recorded of each node. */
export function assertOutputs({ known }: Tale, { progress, record }: State, recorded: Inputs): void {
  const { status, failedNodes, outdatedNodeIds } = progress;
  const { targetNodeCount, syncedNodeCount, skippedNodeCount } = progress;
  for (const [name, count] of Object.entries({ targetNodeCount, syncedNodeCount, skippedNodeCount }))
    assert.ok(count === undefined || (Number.isInteger(count) && count >= 0), `${name} is ${count}`);
  const failed = failedNodes.map(({ id }) => id);
  for (const [name, ids] of Object.entries({ failedNodes: failed, outdatedNodeIds })) {
    assert.equal(new Set(ids).size, ids.length, `${name} names a node twice`);
    assert.ok(
      ids.every((id) => known.has(id) && isSelected(recorded, id)),
      `${name} names a node that is not selected`,
    );
  }
  const isUnrecorded = (id: string) => !(id in record.owed || record.tolerated.includes(id));
  assert.deepEqual(outdatedNodeIds.filter(isUnrecorded), [], "outdated, and neither owed nor left alone");
  const done = (syncedNodeCount ?? 0) + failed.length;
  if (targetNodeCount !== undefined)
    assert.ok(done <= targetNodeCount, `${done} nodes synchronized or failed of ${targetNodeCount}`);
  if (status !== "synced") return;
  assert.deepEqual(failed, [], "synced, and nodes have failed");
  assert.equal(syncedNodeCount, targetNodeCount, "synced, and not all of its nodes are");
}

/** A run counts no node that was not there while it lasted. */
export function assertCounts(
  { pool }: Tale,
  { progress }: State,
  recorded: Inputs,
  before: Iterable<string>,
) {
  const ids = new Set([...before, ...pool.nodes().map(({ id }) => id)]);
  const existing = [...ids].filter((id) => isSelected(recorded, id)).length;
  for (const name of ["targetNodeCount", "syncedNodeCount", "skippedNodeCount"] as const) {
    const { [name]: count = 0 } = progress;
    assert.ok(count <= existing, `${name} is ${count}, and the pool had ${existing} selected nodes`);
  }
}
