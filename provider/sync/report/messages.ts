import type { Node } from "../../cce/model.ts";
import { type ErrorCode, errorCodes, remedyOf } from "../../errors/codes.ts";
import { ConfigurationError, DiagnosedError } from "../../errors/errors.ts";
import { count, listNames } from "../../util/text.ts";
import type { Verdict } from "../proof/verdict.ts";
import type { Selection } from "../record/declaration.ts";
import type { FailedNode } from "../record/standing.ts";
import { countStates } from "./progress.ts";

/**
 * The texts in which a user reads how a run went wrong: whose it is, what happened, what to do next, and the code.
 * Where a sync was accepted, or may have been, the code says how that stands, and not what led to it: from the code
 * alone one must be able to tell whether nodes are being reset.
 */

/** How the watch of a request ended. */
export interface Ending {
  readonly kind: "over" | "unconfirmed" | "outcomeUnknown" | "poolGone" | "timedOut" | "interrupted";
  /** The verdict of the latest look; undefined when there was none. */
  readonly verdict?: Verdict;
  /** Why it did not end well, besides the nodes' own reasons. */
  readonly reasons: readonly string[];
}

const nodesShown = 20;
const isNotKnown = "it is not known whether the sync was accepted, so it was not sent again";

/**
 * The error of a run in which no sync was accepted. An error that is no known one is a fault of this package; only its
 * message is shown.
 */
export function refusalText(error: unknown, selection: Partial<Selection>, subject: string): string {
  return `${causeText(error, selection, subject)} [${codeOf(error)}]`;
}

/**
 * The error of a run that ended for the same reason as that of another resource, which has said it at length: what is
 * wrong with the configuration or the credentials is wrong for all of them.
 */
export function sameRefusalText(
  error: DiagnosedError,
  selection: Partial<Selection>,
  subject: string,
  first: string,
): string {
  const what =
    error instanceof ConfigurationError
      ? `${subject}: the configuration cannot be used; nothing was sent`
      : `${whose(selection, subject)}: the service refuses the credentials; no sync was sent`;
  return `${what}; ${first} says why. [${error.errorCode}]`;
}

/**
 * The error of a run that has something to record, and then failed before it sent what was left.
 * @param rest the nodes of a rollout that no wave has come to.
 */
export function laterText(
  error: unknown,
  selection: Selection,
  subject: string,
  rest: readonly string[],
): string {
  const left = rest.map((text) => ` ${text}.`).join("");
  return `${causeText(error, selection, subject)}${left} The progress so far is recorded. [${codeOf(error)}]`;
}

/**
 * A sync that was accepted, or may have been, and that the service does not allow to be watched to its end.
 * @param isAccepted whether it is known that the service took the request.
 */
export function watchFailedText(
  error: unknown,
  selection: Selection,
  subject: string,
  isAccepted: boolean,
): string {
  const standing = isAccepted
    ? "the sync was accepted and may still be running, but it cannot be watched"
    : `${isNotKnown}; the pool cannot be watched`;
  const { text, remedy } = causeOf(error);
  const code = isAccepted ? errorCodes.watchFailed : errorCodes.outcomeUnknown;
  return ending(`${whose(selection, subject)}: ${standing}: ${text}. ${remedy}`, code);
}

/** An earlier request whose time has passed, and of which the service has shown nothing. */
export function unconfirmedText(selection: Selection, subject: string): string {
  const what =
    "the service accepted an earlier sync but showed no sign that it reset any node; it is not sent again";
  return ending(`${whose(selection, subject)}: ${what}.`, errorCodes.unconfirmed);
}

/** A watch that did not come to a good end. */
export function endText({ kind, verdict, reasons }: Ending, selection: Selection, subject: string): string {
  const where = whose(selection, subject);
  const why = reasons.join("; ");
  if (kind === "outcomeUnknown") {
    const what = [...reasons, "there is no sign that the sync has started"].join("; ");
    return ending(`${where}: ${isNotKnown}: ${what}.`, errorCodes.outcomeUnknown);
  }
  if (kind === "unconfirmed") {
    const what = "the sync was accepted and has ended, but the service showed no sign that it reset any node";
    return ending(`${where}: ${what}.`, errorCodes.unconfirmed);
  }
  if (kind === "poolGone") return ending(`${where}: the sync failed: ${why}.`, errorCodes.syncFailed);
  const nodes = verdict?.nodes ?? [];
  const done = `${countStates(nodes).proven} of ${count(nodes.length, "node")} synchronized`;
  const soFar = nodes.length > 0 ? `; ${done}` : "";
  return ending(`${where}: ${why}${soFar}.`, cutShortCode(kind));
}

/** A sync that nobody waits for, and whose answer was lost. */
export function unwatchedText(reasons: readonly string[], selection: Selection, subject: string): string {
  const what = [...reasons, "this run does not wait, so it has not looked whether the sync has started"];
  return ending(
    `${whose(selection, subject)}: ${isNotKnown}: ${what.join("; ")}.`,
    errorCodes.outcomeUnknown,
  );
}

/** A sync that was accepted, and that nobody waits for. */
export function acceptedText(nodes: number): string {
  return `the sync of ${count(nodes, "node")} was accepted, and this run does not wait for it; \`pulumi refresh\` shows how it went`;
}

/** A soak that the deadline or an interruption has ended: no sync is running, and no node has to be reset again. */
export function soakEndText(
  kind: "timedOut" | "interrupted",
  reasons: readonly string[],
  selection: Selection,
  subject: string,
): string {
  const goOn = "Run `pulumi up` again: it soaks these nodes anew, then goes on with the next wave.";
  const remedy = kind === "timedOut" ? `${goOn} Allow more time with customTimeouts if needed.` : goOn;
  return `${whose(selection, subject)}: ${reasons.join("; ")}. ${remedy} [${cutShortCode(kind)}]`;
}

/**
 * A sync that has ended, and that failed on nodes.
 * @param rest the nodes of a rollout that no wave has come to.
 */
export function failedText(
  {
    failed,
    due,
    reasons,
  }: {
    readonly failed: readonly FailedNode[];
    readonly due: ReadonlySet<string>;
    readonly reasons: readonly string[];
  },
  selection: Selection,
  subject: string,
  rest: readonly string[],
): string {
  const names = failed.map(({ name, reason }) => `${name} (${reason || "unknown reason"})`);
  const which = `${failed.length} of ${count(Math.max(due.size, failed.length), "node")} not synchronized: ${listNames(names, nodesShown)}`;
  const isSaid = (reason: string) =>
    failed.some(({ name, reason: own }) => reason.includes(name) || reason === own);
  const job = [...new Set(reasons)].filter((reason) => !isSaid(reason));
  const left = rest.map(
    (text) =>
      `the rollout has stopped, ${text}; to go on without a node that cannot be repaired, add it to excludeNodeIds`,
  );
  const what = [...job, which, ...left].join("; ");
  return ending(`${whose(selection, subject)}: the sync failed: ${what}.`, errorCodes.syncFailed);
}

/** Nodes that have a fault when a run ends well: no sync of them was due, or it is of after their reset. */
export function brokenText(nodes: readonly Node[]): string {
  const words = nodes.map(({ name, phase, reason }) => `${name} (${reason ? `${phase}: ${reason}` : phase})`);
  const are = nodes.length === 1 ? "is" : "are";
  return `${count(nodes.length, "node")} ${are} not healthy, though no sync is needed: ${listNames(words, nodesShown)}`;
}

/** A list that was believed although the pool says that it has more nodes. */
export function shortListText(listed: number, all: number): string {
  return `the pool has ${count(all, "node")}, but the service lists ${listed}; nodes that are not listed were not reset: once they are, change \`triggers\` to reset them too`;
}

/** Nodes that report being outdated when a run ends, and that the next one resets. */
export function stillOutdatedText(names: readonly string[]): string {
  return `${count(names.length, "node")} still outdated: ${listNames(names)}; the next \`pulumi up\` resets ${names.length === 1 ? "it" : "them"}`;
}

/** Nodes that report being outdated when a run ends, and that are left as they are. */
export function toleratedText(names: readonly string[]): string {
  const [report, are] =
    names.length === 1 ? ["reports", "is left as it is"] : ["report", "are left as they are"];
  return `${count(names.length, "node")} ${report} being outdated and ${are} until \`triggers\` or \`nodeTemplate\` changes: ${listNames(names)}`;
}

/** A sync that a refresh found under way. */
export function stillRunningText(synced: number, all: number): string {
  return synced > 0
    ? `the sync is running: ${synced} of ${count(all, "node")} synchronized so far`
    : `the sync of ${count(all, "node")} has not ended yet`;
}

/** A sync that a refresh found ended, and ended well. */
export function endedWellText(synced: number): string {
  return `the sync has ended: ${count(synced, "node")} synchronized`;
}

/** A sync that a refresh found ended, and of which so many nodes are left. */
export function endedShortText(left: number): string {
  return `the sync has ended, and ${count(left, "node")} ${left === 1 ? "is" : "are"} not synchronized; \`pulumi up\` resets ${left === 1 ? "it" : "them"}`;
}

/** Nodes that a refresh found outdated, and that an update resets; it may be the one that the refresh belongs to. */
export function outdatedText(outdated: number, all: number): string {
  return `${outdated} of ${count(all, "node")} outdated; \`pulumi up\` resets ${outdated === 1 ? "it" : "them"}`;
}

/** Nodes that a refresh found outdated, and that are left as they are. */
export function outdatedToleratedText(outdated: number, all: number): string {
  return `${outdated} of ${count(all, "node")} outdated, and left alone until \`triggers\` or \`nodeTemplate\` changes`;
}

/** What went wrong and what to do about it. */
function causeText(error: unknown, selection: Partial<Selection>, subject: string): string {
  // Its problems are a list, and they are about no pool.
  if (error instanceof ConfigurationError) return `${subject}: ${error.message}\n${error.remedy}`;
  const { text, remedy } = causeOf(error);
  return `${whose(selection, subject)}: ${text}. ${remedy}`;
}

function causeOf(error: unknown): { readonly text: string; readonly remedy: string } {
  const text = error instanceof Error ? error.message : String(error);
  return { text, remedy: error instanceof DiagnosedError ? error.remedy : remedyOf(errorCodes.internal) };
}

function codeOf(error: unknown): ErrorCode {
  return error instanceof DiagnosedError ? error.errorCode : errorCodes.internal;
}

function cutShortCode(kind: Ending["kind"]): ErrorCode {
  return kind === "timedOut" ? errorCodes.timedOut : errorCodes.interrupted;
}

function ending(text: string, code: ErrorCode): string {
  return `${text} ${remedyOf(code)} [${code}]`;
}

/** @param selection without a cluster where it comes from an id that is none. */
function whose({ nodePoolId, clusterId }: Partial<Selection>, subject: string): string {
  if (clusterId === undefined) return subject;
  return `${subject}, node pool ${nodePoolId} of cluster ${clusterId}`;
}
