import { isFailing } from "../proof/phases.ts";
import type { NodeVerdict, Verdict } from "../proof/verdict.ts";
import { leaveUnconfirmed, leaveUntouched } from "../record/openRequest.ts";
import {
  addOverlooked,
  beginSoak,
  close,
  forget,
  keepAside,
  prove,
  type SyncRecord,
} from "../record/record.ts";
import { isSelectedId } from "../record/selection.ts";
import type { FailedNode } from "../record/standing.ts";
import { type Run, recordOf } from "../run/run.ts";
import { isWithinBudget } from "../sending/waves.ts";
import type { WatchEnd } from "./watch.ts";

const noReason = "its part of the job failed, and the service gives no reason";

/** Enters what the watch has shown of each node. A request that is over is not recorded any more. */
export function enterVerdict({ kind, verdict, request }: WatchEnd, before: SyncRecord, run: Run): void {
  const { ledger } = run;
  let record: SyncRecord = { ...recordOf(run), request };
  for (const node of verdict?.nodes ?? []) {
    if (node.state === "gone") ledger.gone.add(node.id);
    record = request.superseded
      ? node.state === "gone"
        ? forget(record, node.id)
        : record
      : enterNode(record, node, before, run);
  }
  if (kind === "over" || kind === "poolGone") record = close(record);
  if (kind === "unconfirmed") record = leaveUnconfirmed(record);
  ledger.record = record;
  if (!request.superseded) {
    const reasons = verdict?.reasons ?? [];
    ledger.reasons = ledger.failed.length > 0 ? [...ledger.reasons, ...reasons] : reasons;
    const earlier = ledger.failed.filter(({ id }) => !request.ids.includes(id));
    ledger.failed = [...earlier, ...failuresOf(kind, verdict, run)];
  }
  if (ledger.proven.size > 0) ledger.isDirty = true;
}

function enterNode(record: SyncRecord, node: NodeVerdict, before: SyncRecord, run: Run): SyncRecord {
  const { id, state, saysBehind, isUntouched } = node;
  const { ledger, declaration } = run;
  if (state === "gone") return forget(record, id);
  if (state === "proven") {
    if (!(id in record.owed)) return record;
    ledger.proven.add(id);
    const proven = prove(record, id, declaration.content, saysBehind);
    // Until the declaration is entered, the record is that of the selection before.
    const selection = ledger.isEntered ? declaration : (run.recorded?.selection ?? declaration);
    const isAside = !isSelectedId(selection, id);
    if (isAside) return keepAside(proven, id);
    return (declaration.rollout?.soak ?? 0) > 0 ? beginSoak(proven, id) : proven;
  }
  const owed = state === "failed" ? addOverlooked(record, id) : record;
  return isUntouched ? leaveUntouched(owed, id, ledger.offBefore ?? before.off) : owed;
}

/**
 * The nodes that the request failed on. Of a request that an earlier run has sent, those that it did not reach are no
 * failure while this run may go on: it sends them. A refresh sends nothing.
 */
function failuresOf(kind: WatchEnd["kind"], verdict: Verdict | undefined, run: Run): FailedNode[] {
  const failed = (verdict?.nodes ?? []).filter(
    ({ id, state }) => state === "failed" && isSelectedId(run.declaration, id),
  );
  const reached = failed.filter(({ wasReached }) => wasReached);
  // An earlier run's request is resumed before the declaration is entered.
  const goesOn = kind === "over" && !run.ledger.isEntered && isWithinBudget(reached.length, run);
  if (goesOn) for (const { id, wasReached } of failed) if (!wasReached) run.ledger.requested.delete(id);
  return (goesOn ? reached : failed).map(({ id, name, reason, phase }) => ({
    id,
    name,
    reason: reason || (isFailing({ phase }) ? phase : noReason),
  }));
}
