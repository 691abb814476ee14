import { errorCodes } from "../errors/codes.ts";
import { count, duration, listNames } from "../util/text.ts";
import type { SyncContext } from "./context.ts";
import type { Declaration, FailedNode, Outcome, Recorded } from "./declaration.ts";
import { enterDeclaration } from "./declare.ts";
import type { Look } from "./look.ts";
import { endText, failedText, laterText, unconfirmedText, watchFailedText } from "./messages.ts";
import type { ProvenTemplates, SentRequest } from "./mutex.ts";
import type { Watched } from "./observation.ts";
import { nothingSent } from "./obstacle.ts";
import {
  addDrift,
  addOverlooked,
  close,
  forget,
  isDrift,
  keepAside,
  leaveUnconfirmed,
  leaveUntouched,
  type OpenRequest,
  prove,
  type SyncRecord,
  settle,
  supersede,
} from "./record.ts";
import { createRun, outcomeOf, type Run, recordOf, selectedIn, takeIn, unselectedIds } from "./run.ts";
import { isSameSelection, isSelected } from "./selection.ts";
import { sendDue } from "./send.ts";
import type { NodeVerdict, Verdict } from "./verdict.ts";
import { waitUntil } from "./waiter.ts";
import { type WatchEnd, watch } from "./watch.ts";

/** How often a request that nobody waits for is looked at: one look cannot confirm its end. */
const looksToBeOver = 2;

/** A run that did not end well, and that leaves something to be recorded. */
export class SyncFailure extends Error {
  override readonly name = "SyncFailure";
  /** What to record: the next run goes on from there. */
  readonly outcome: Outcome;

  constructor(message: string, outcome: Outcome) {
    super(message);
    this.outcome = outcome;
  }
}

/**
 * Create and update: enters what is declared, sends what is due, and answers when every node that was due is proven
 * (or, without `wait`, when the service has accepted the request). Requests name exactly the nodes that are due.
 * @param recorded what the state says of earlier runs; undefined when nothing is recorded.
 * @throws SyncFailure when the run did not end well and has something to record.
 * @throws any other error when nothing was accepted or proven; nothing new is to be recorded.
 */
export async function synchronize(
  declaration: Declaration,
  recorded: Recorded | undefined,
  context: SyncContext,
): Promise<Outcome> {
  const { client, mutex } = context;
  if (recorded !== undefined && hasNothingToDo(declaration, recorded, context))
    return { isEntered: true, record: withoutLag(recorded.record), progress: recorded.progress };
  const { clusterId, nodePoolId } = declaration;
  const pool = JSON.stringify([client.endpoint, client.projectId, clusterId, nodePoolId]);
  return mutex.run(pool, context.clock.monotonic(), async (byOthers, reportSent) => {
    const run = createRun(declaration, recorded, context);
    try {
      return await synchronizeNow(run, byOthers, reportSent);
    } catch (error) {
      // A refusal or failure after anything was accepted or proven carries the state.
      if (error instanceof SyncFailure || !run.ledger.isDirty) throw error;
      throw failure("failed", laterText(error, declaration, context.subject), run);
    }
  });
}

/** Whether neither content nor selection nor address differ from what is recorded, and nothing is owed. */
function hasNothingToDo(declaration: Declaration, recorded: Recorded, { client }: SyncContext): boolean {
  const { record, selection, content, progress } = recorded;
  const isSamePlace = record.endpoint === client.endpoint && record.projectId === client.projectId;
  if (!isSamePlace || !isSameSelection(selection, declaration) || content !== declaration.content)
    return false;
  if (progress.status === "accepted" && !declaration.wait)
    return Object.keys(record.owed).every((id) => record.request?.ids.includes(id));
  if (progress.status !== "synced") return false;
  return Object.keys(record.owed).length === 0 && !record.request && !record.unresolved;
}

async function synchronizeNow(
  run: Run,
  byOthers: ProvenTemplates,
  reportSent: (request: SentRequest) => void,
): Promise<Outcome> {
  const { declaration, ledger } = run;
  const isLeftAlone = !(await resume(run));
  await enterDeclaration(run, byOthers);
  if (isLeftAlone) return accepted(run);
  refuseUnconfirmed(run);
  while (ledger.failed.length === 0 && hasUnsentNodes(run)) {
    const sent = await sendDue(run);
    if (sent.kind === "nothing") break;
    const { ids = [] } = recordOf(run).request ?? {};
    const { template } = declaration;
    try {
      if (!declaration.wait) return accepted(run);
      run.deadline.restart(ids.length, declaration.maxUnavailable);
      await follow(run, sent.look);
    } finally {
      const proven = ids.filter((id) => ledger.proven.has(id));
      reportSent({ template, sentAt: sent.at, ids, proven });
    }
  }
  return conclude(run);
}

/** Whether a node is due that no request of this run has named. */
function hasUnsentNodes({ ledger }: Run): boolean {
  const owed = ledger.record?.owed ?? {};
  return [...ledger.due].some((id) => id in owed && !ledger.requested.has(id));
}

/**
 * Goes on with a request whose end was not seen; one for another content is waited for, and proves nothing.
 * @returns false when it was accepted and nobody waits for it.
 */
async function resume(run: Run): Promise<boolean> {
  const { recorded, declaration, ledger, deadline } = run;
  const open = recorded?.record.request;
  if (recorded === undefined || open === undefined || open.unconfirmed) return true;
  const isSameContent = recorded.content === declaration.content;
  if (isSameContent && !declaration.wait && open.accepted) return isOverNow(run, open);
  if (recorded.record.unresolved !== undefined) await resolveNodes(run);
  const record = recordOf(run);
  const { request = open } = record;
  ledger.jobId = request.jobId;
  deadline.restart(request.ids.length, declaration.maxUnavailable);
  if (!isSameContent) ledger.record = supersede(record);
  for (const id of request.ids) {
    if (id in record.owed) ledger.due.add(id);
    if (isSameContent) ledger.requested.add(id);
  }
  await follow(run, undefined);
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
  const watched = watchedOf(record, request, run, false);
  const end = await watch(watched, undefined, run, looksToBeOver);
  if (end.kind !== "over") return false;
  enterVerdict(end, record, run);
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

/** A service that shows nothing of what it does is not asked again and again. */
function refuseUnconfirmed(run: Run): void {
  const { declaration, context } = run;
  const record = recordOf(run);
  if (record.request?.unconfirmed !== true) return;
  if (record.request.ids.some((id) => id in record.owed && run.ledger.due.has(id)))
    throw failure("failed", unconfirmedText(declaration, context.subject), run);
  run.ledger.record = close(record);
}

/** What is watched of a request. */
function watchedOf(record: SyncRecord, request: OpenRequest, run: Run, isFresh: boolean): Watched {
  const { declaration, ledger } = run;
  const { nodePoolId: poolId, hasTemplate } = declaration;
  const ignored = new Set(request.ids.filter((id) => !isSelected(declaration, { id, poolId })));
  return { request, hasTemplate, names: ledger.names, words: record.owed, ignored, isFresh };
}

/** Watches the open request to its end, and enters what that proves. */
async function follow(run: Run, sentOn: Look | undefined): Promise<void> {
  const { declaration, context, ledger } = run;
  const before = recordOf(run);
  if (before.request === undefined) return;
  const watched = watchedOf(before, before.request, run, sentOn !== undefined);
  let end: WatchEnd;
  try {
    end = await watch(watched, sentOn, run);
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
  const reasons = end.kind === "outcomeUnknown" ? unansweredIn(run) : end.reasons;
  throw failure(status, endText({ ...end, reasons }, declaration, context.subject), run);
}

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
    ledger.failed = failuresOf(kind, verdict, run);
    ledger.reasons = verdict?.reasons ?? [];
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
    const isAside = !isSelected(selection, { id, poolId: selection.nodePoolId });
    return isAside ? keepAside(proven, id) : proven;
  }
  const owed = state === "failed" ? addOverlooked(record, id) : record;
  return isUntouched ? leaveUntouched(owed, id, ledger.offBefore ?? before.off) : owed;
}

/**
 * The nodes that the request failed on. Of a request that an earlier run has sent, those that it did not reach are no
 * failure: this run sends them.
 */
function failuresOf(kind: WatchEnd["kind"], verdict: Verdict | undefined, run: Run): FailedNode[] {
  const { nodePoolId: poolId } = run.declaration;
  const failed = (verdict?.nodes ?? []).filter(
    ({ id, state }) => state === "failed" && isSelected(run.declaration, { id, poolId }),
  );
  const isResumed = kind === "over" && !run.ledger.hasSent;
  const counted = isResumed ? failed.filter(({ wasReached }) => wasReached) : failed;
  if (isResumed && counted.length === 0) for (const { id } of failed) run.ledger.requested.delete(id);
  return counted.map(({ id, name, reason, phase }) => ({ id, name, reason: reason ?? phase }));
}

function reportGone(verdict: Verdict | undefined, { context }: Run): void {
  const gone = (verdict?.nodes ?? []).filter(({ state }) => state === "gone");
  if (gone.length === 0) return;
  context.report(
    `deleted from the cluster during the sync: ${listNames(gone.map(({ name }) => name))}`,
    "warning",
  );
}

function accepted(run: Run): Outcome {
  const { request } = recordOf(run);
  const { subject } = run.context;
  if (request?.accepted) {
    run.ledger.record = withoutLag(recordOf(run));
    return outcomeOf("accepted", run);
  }
  throw failure(
    "inProgress",
    endText({ kind: "outcomeUnknown", reasons: unansweredIn(run) }, run.declaration, subject),
    run,
  );
}

function unansweredIn({ ledger: { unanswered } }: Run): string[] {
  return unanswered === undefined ? [] : [unanswered];
}

/** Ends the run: as synced when every node that was due is proven, or gone. */
function conclude(run: Run): Outcome {
  const { ledger, declaration, context, recorded } = run;
  const { nodePoolId: poolId } = declaration;
  const unproven = [...ledger.due].filter(
    (id) => id in recordOf(run).owed && !ledger.proven.has(id) && isSelected(declaration, { id, poolId }),
  );
  if (ledger.failed.length > 0 || unproven.length > 0) {
    throw failure("failed", failedText(ledger, declaration, context.subject), run);
  }
  const record = withoutLag(settle(recordOf(run), declaration.content, unselectedIds(run)));
  ledger.record =
    ledger.latest === undefined ? record : addDrift(record, selectedIn(ledger.latest, run), run.words);
  const isIdle = ledger.due.size === 0 && recorded !== undefined;
  const outcome = outcomeOf("synced", run);
  reportEnd(run, outcome);
  return isIdle && recorded.progress.status === "synced" && recorded.content === declaration.content
    ? { ...outcome, progress: { ...recorded.progress, outdatedNodeIds: outcome.progress.outdatedNodeIds } }
    : outcome;
}

function reportEnd({ ledger, context, declaration }: Run, { record, progress }: Outcome): void {
  const { clock, report } = context;
  if (ledger.proven.size > 0) {
    const since =
      ledger.acceptedAt === undefined ? "" : ` in ${duration(clock.now() - Date.parse(ledger.acceptedAt))}`;
    report(`${count(ledger.proven.size, "node")} synchronized${since}`, "info");
  } else if (ledger.due.size === 0 && ledger.skipped === undefined) {
    report("no node needs a reset", "info");
  }
  const next = progress.outdatedNodeIds.filter((id) => isDrift(record.owed[id]));
  const names = (ids: readonly string[]) => listNames(ids.map((id) => ledger.names.get(id) ?? id));
  if (next.length > 0)
    report(
      `${count(next.length, "node")} still outdated: ${names(next)}; the next \`pulumi up\` resets ${next.length === 1 ? "it" : "them"}`,
      "warning",
    );
  const left = progress.outdatedNodeIds.filter((id) => record.tolerated.includes(id));
  if (left.length > 0)
    report(
      `${count(left.length, "node")} ${left.length === 1 ? "reports" : "report"} being outdated and ${left.length === 1 ? "is" : "are"} left as ${left.length === 1 ? "it is" : "they are"} until \`triggers\` or \`nodeTemplate\` changes: ${names(left)}`,
      declaration.onCreate === "nothing" ? "info" : "warning",
    );
}

/** The failure with the state that the run leaves: the engine will hold older inputs beside it. */
function failure(status: "failed" | "inProgress", message: string, run: Run): SyncFailure {
  const outcome = outcomeOf(status, run);
  return new SyncFailure(message, { ...outcome, record: { ...outcome.record, lag: true } });
}

function withoutLag(record: SyncRecord): SyncRecord {
  const { lag: _lag, ...rest } = record;
  return rest;
}
