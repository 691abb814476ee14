import { supersede } from "../record/openRequest.ts";
import type { OpenRequest } from "../record/record.ts";
import { isSameSelection } from "../record/selection.ts";
import { nothingSent } from "../report/obstacle.ts";
import { type Run, recordOf, takeIn } from "../run/run.ts";
import { waitUntil } from "../run/waiter.ts";
import { needsWords } from "../sending/enterDeclaration.ts";
import { maxUnavailableNow } from "../sending/waves.ts";
import { enterVerdict } from "./enterVerdict.ts";
import { follow } from "./follow.ts";
import { watch } from "./watch.ts";

/** How often a request that nobody waits for is looked at: one look cannot confirm its end. */
const looksToBeOver = 2;

/**
 * Goes on with a request whose end was not seen; one for another content is waited for, and proves nothing. A run that
 * does not wait leaves it alone, unless the pool has to be at rest before it can go on.
 * @returns false when it was accepted and nobody waits for it.
 */
export async function resume(run: Run): Promise<boolean> {
  const { recorded, declaration, ledger, deadline } = run;
  const open = recorded?.record.request;
  if (recorded === undefined || open === undefined || open.unconfirmed) return true;
  const isSameContent = recorded.content === declaration.content;
  const isLeftAlone = isSameContent && !declaration.wait && open.accepted;
  if (isLeftAlone && !needsWords(run)) return isOverNow(run, open);
  if (recorded.record.unresolved !== undefined) await resolveNodes(run);
  const record = recordOf(run);
  const { request = open } = record;
  ledger.jobId = request.jobId;
  const nodes = request.ids.length;
  deadline.restart(nodes, maxUnavailableNow(run, nodes));
  if (!isSameContent) ledger.record = supersede(record);
  for (const id of request.ids) {
    if (id in record.owed) ledger.due.add(id);
    if (isSameContent) ledger.requested.add(id);
  }
  await follow(run, undefined);
  ledger.hasSent = ledger.proven.size + ledger.failed.length > 0;
  if (!isSameContent) ledger.due.clear();
  return true;
}

/**
 * Whether a request that nobody waits for is over: asked only when nodes may be due that it does not name, since they
 * are sent when it is.
 */
async function isOverNow(run: Run, request: OpenRequest): Promise<boolean> {
  const { declaration, recorded } = run;
  const record = recordOf(run);
  const others = Object.keys(record.owed).filter((id) => !request.ids.includes(id));
  const mayOweMore = recorded !== undefined && !isSameSelection(recorded.selection, declaration);
  if (others.length === 0 && !mayOweMore) return false;
  if (record.unresolved !== undefined) await resolveNodes(run);
  const resolved = recordOf(run);
  const end = await watch(resolved.request ?? request, undefined, run, looksToBeOver);
  if (end.kind !== "over") return false;
  enterVerdict(end, resolved, run);
  return true;
}

/** Finds the nodes that the request of a version 1 state named: that version did not record them. */
async function resolveNodes(run: Run): Promise<void> {
  const { context, deadline, observer } = run;
  const end = await waitUntil<true>({ ...context, deadline }, async () => {
    const look = await observer.look();
    return look !== undefined && takeIn(look, run) === undefined ? true : undefined;
  });
  if (end.kind !== "settled") throw nothingSent(end.kind, observer.blindness());
}
