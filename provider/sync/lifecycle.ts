import { count, duration } from "../util/text.ts";
import { isFailing } from "./proof/phases.ts";
import type { Declaration } from "./record/declaration.ts";
import { addDrift } from "./record/drift.ts";
import type { Outcome, Recorded } from "./record/outcome.ts";
import { clearLag, close, isDrift, isUnfinished } from "./record/record.ts";
import { isSameSelection, isSelectedId } from "./record/selection.ts";
import {
  acceptedText,
  brokenText,
  failedText,
  laterText,
  shortListText,
  stillOutdatedText,
  toleratedText,
  unconfirmedText,
  unwatchedText,
} from "./report/messages.ts";
import type { SyncContext } from "./run/context.ts";
import type { ProvenTemplates, SentRequest } from "./run/mutex.ts";
import { outcomeOf } from "./run/outcome.ts";
import { selectedIn } from "./run/poolNodes.ts";
import { createRun, type Run, recordOf, settledRecord, unansweredIn } from "./run/run.ts";
import { failure, SyncFailure } from "./run/syncFailure.ts";
import { createAdoption } from "./sending/adoption.ts";
import { hasUnsentNodes } from "./sending/due.ts";
import { enterDeclaration } from "./sending/enterDeclaration.ts";
import { sendDue } from "./sending/send.ts";
import { maxUnavailableNow, mayGoOn, notBegun } from "./sending/waves.ts";
import { follow } from "./watching/follow.ts";
import { resume } from "./watching/resume.ts";
import { soak } from "./watching/soak.ts";

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
    return { isEntered: true, record: clearLag(recorded.record), progress: recorded.progress };
  const { clusterId, nodePoolId } = declaration;
  const pool = JSON.stringify([client.endpoint, client.projectId, clusterId, nodePoolId]);
  return mutex.run(pool, context.clock.monotonic(), async (byOthers, reportSent) => {
    const run = createRun(declaration, recorded, context);
    try {
      return await synchronizeNow(run, byOthers, reportSent);
    } catch (error) {
      // A refusal or failure after anything was accepted or proven carries the state.
      if (error instanceof SyncFailure || !run.ledger.isDirty) throw error;
      throw failure("failed", laterText(error, declaration, context.subject, notBegun(run)), run);
    }
  });
}

/** Whether neither content nor selection nor address differ from what is recorded, and nothing is owed. */
function hasNothingToDo(declaration: Declaration, recorded: Recorded, { client }: SyncContext): boolean {
  const { record, selection, content, progress } = recorded;
  const { status } = progress;
  const isSamePlace = record.endpoint === client.endpoint && record.projectId === client.projectId;
  if (!isSamePlace || !isSameSelection(selection, declaration) || content !== declaration.content)
    return false;
  const hasToWait = status === "accepted" && declaration.wait;
  return !hasToWait && !isUnfinished(record, status, declaration);
}

async function synchronizeNow(
  run: Run,
  byOthers: ProvenTemplates,
  reportSent: (request: SentRequest) => void,
): Promise<Outcome> {
  const { declaration, ledger } = run;
  const isLeftAlone = !(await resume(run));
  const adoption = createAdoption(run);
  await enterDeclaration(run, adoption, byOthers);
  if (isLeftAlone) return accepted(run);
  refuseUnconfirmed(run);
  await soak(run, [...(recordOf(run).soaking ?? []), ...ledger.proven]);
  while (mayGoOn(run) && hasUnsentNodes(run)) {
    const sent = await sendDue(run, adoption);
    if (sent.kind === "nothing") break;
    const { ids = [] } = recordOf(run).request ?? {};
    const { template } = declaration;
    try {
      if (!declaration.wait) return accepted(run);
      run.deadline.restart(ids.length, maxUnavailableNow(run, ids.length));
      await follow(run, sent.look);
      await soak(
        run,
        ids.filter((id) => ledger.proven.has(id)),
      );
    } finally {
      const proven = ids.filter((id) => ledger.proven.has(id));
      reportSent({ template, sentAt: sent.at, ids, proven });
    }
  }
  return conclude(run);
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

function accepted(run: Run): Outcome {
  const { request } = recordOf(run);
  const { subject, report } = run.context;
  if (request?.accepted) {
    report(acceptedText(request.ids.length), "info");
    run.ledger.record = clearLag(recordOf(run));
    return outcomeOf("accepted", run);
  }
  throw failure("inProgress", unwatchedText(unansweredIn(run.ledger), run.declaration, subject), run);
}

/** Ends the run: as synced when every node that was due is proven, or gone. */
function conclude(run: Run): Outcome {
  const { ledger, declaration, context, recorded } = run;
  const unproven = [...ledger.due].filter(
    (id) => id in recordOf(run).owed && !ledger.proven.has(id) && isSelectedId(declaration, id),
  );
  if (ledger.failed.length > 0 || unproven.length > 0) {
    throw failure("failed", failedText(ledger, declaration, context.subject, notBegun(run)), run);
  }
  const record = clearLag(settledRecord(run));
  ledger.record =
    ledger.latest === undefined ? record : addDrift(record, selectedIn(ledger.latest, run), run.words);
  const isIdle = ledger.due.size === 0 && recorded !== undefined;
  const outcome = outcomeOf("synced", run);
  reportEnd(run, outcome);
  return isIdle && recorded.progress.status === "synced" && recorded.content === declaration.content
    ? { ...outcome, progress: { ...recorded.progress, outdatedNodeIds: outcome.progress.outdatedNodeIds } }
    : outcome;
}

function reportEnd(run: Run, { record, progress }: Outcome): void {
  const { ledger, context, declaration } = run;
  const { clock, report } = context;
  if (ledger.proven.size > 0) {
    const { firstAcceptedAt, wave } = ledger;
    const since = firstAcceptedAt && ` in ${duration(clock.now() - Date.parse(firstAcceptedAt))}`;
    const waves = wave && ` in ${count(wave.number, "wave")}`;
    report(`${count(ledger.proven.size, "node")} synchronized${waves ?? ""}${since ?? ""}`, "info");
  } else if (ledger.due.size === 0 && ledger.skipped === undefined) {
    report("no node needs a reset", "info");
  }
  const { latest } = ledger;
  if (latest?.isShort) report(shortListText(latest.poolNodes.length, latest.pool?.nodeCount ?? 0), "warning");
  const nodes = latest === undefined ? [] : selectedIn(latest, run);
  const broken = nodes.filter(isFailing);
  if (broken.length > 0) report(brokenText(broken), "warning");
  const nameOf = (id: string) => ledger.names.get(id) ?? id;
  const next = progress.outdatedNodeIds.filter((id) => isDrift(record.owed[id])).map(nameOf);
  if (next.length > 0) report(stillOutdatedText(next), "warning");
  const left = progress.outdatedNodeIds.filter((id) => record.tolerated.includes(id)).map(nameOf);
  if (left.length > 0) report(toleratedText(left), declaration.onCreate === "nothing" ? "info" : "warning");
}
