import { errorCodes } from "../../errors/codes.ts";
import { listNames } from "../../util/text.ts";
import type { Verdict } from "../proof/verdict.ts";
import { close } from "../record/record.ts";
import { endText, watchFailedText } from "../report/messages.ts";
import { nothingSent } from "../report/obstacle.ts";
import type { Look } from "../run/look.ts";
import { type Run, recordOf, unansweredIn } from "../run/run.ts";
import { failure } from "../run/syncFailure.ts";
import { notBegun } from "../sending/waves.ts";
import { enterVerdict } from "./enterVerdict.ts";
import { type WatchEnd, watch } from "./watch.ts";

/**
 * Watches the open request to its end, and enters what that proves.
 * @param sentOn the look that the request was decided on; undefined when an earlier run has sent it.
 * @throws SyncFailure when it did not come to an end.
 * @throws UserError when one of earlier inputs, which proves nothing, did not come to an end.
 */
export async function follow(run: Run, sentOn: Look | undefined): Promise<void> {
  const { declaration, context, ledger } = run;
  const before = recordOf(run);
  if (before.request === undefined) return;
  let end: WatchEnd;
  try {
    end = await watch(before.request, sentOn, run);
  } catch (error) {
    // What was recorded before is right: the request proves something again when its content is declared again.
    if (before.request.superseded) throw error;
    const text = watchFailedText(error, declaration, context.subject, before.request.accepted);
    throw failure("inProgress", text, run);
  }
  enterVerdict(end, before, run);
  if (end.kind === "over") return reportGone(end.verdict, run);
  if (end.kind === "outcomeUnknown" && sentOn === undefined) {
    // This run has looked once more and seen no sign of the request: its nodes are still due.
    ledger.record = close(recordOf(run));
    ledger.requested.clear();
    return;
  }
  if (before.request.superseded && (end.kind === "timedOut" || end.kind === "interrupted"))
    throw nothingSent(end.kind, {
      text: "a sync of the earlier inputs is still running",
      code: errorCodes.busy,
    });
  const status = end.kind === "unconfirmed" || end.kind === "poolGone" ? "failed" : "inProgress";
  const why = end.kind === "outcomeUnknown" ? unansweredIn(ledger) : end.reasons;
  const reasons = [...why, ...notBegun(run)];
  throw failure(status, endText({ ...end, reasons }, declaration, context.subject), run);
}

function reportGone(verdict: Verdict | undefined, { context }: Run): void {
  const gone = (verdict?.nodes ?? []).filter(({ state }) => state === "gone");
  if (gone.length === 0) return;
  context.report(
    `deleted from the cluster during the sync: ${listNames(gone.map(({ name }) => name))}`,
    "warning",
  );
}
