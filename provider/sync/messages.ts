import { type ErrorCode, errorCodes, remedyOf } from "../errors/codes.ts";
import { ConfigurationError, DiagnosedError, UserError } from "../errors/errors.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { countStandings, listNames } from "./progress.ts";
import type { Watched } from "./watch.ts";

/**
 * The texts in which a user reads how a sync went wrong: whose it is, what happened, what to do next, and the code.
 * Where a sync was accepted, or may have been, the code says how that stands, and not what led to it: from the code
 * alone one must be able to tell whether nodes are being reset.
 */

const namesShown = 20;

/**
 * The error of a sync that was not accepted. An error that is no known one is a fault of this package; it is
 * told by its message only.
 */
export function refusalText(error: unknown, inputs: Inputs, subject: string): string {
  const { errorCode } = error instanceof DiagnosedError ? error : { errorCode: errorCodes.internal };
  return `${causeText(error, inputs, subject)} [${errorCode}]`;
}

/** A request whose answer never came, and of which nothing was seen since. */
export function unansweredText(what: string, inputs: Inputs, subject: string): string {
  return ending(
    `${whose(inputs, subject)}: ${what}. It is not known whether the sync was accepted, so it was not sent again.`,
    errorCodes.unanswered,
  );
}

/** A sync that was accepted, and that the service does not let be watched to its end. */
export function lostSightText(error: unknown, inputs: Inputs, subject: string): string {
  const cause = causeText(error, inputs, subject);
  return ending(`${cause} The sync was accepted and may still be running.`, errorCodes.lostSight);
}

/** A sync that was accepted and did not end well. */
export function endText({ end, nodes, reasons }: Watched, inputs: Inputs, subject: string): string {
  const where = whose(inputs, subject);
  const counts = countStandings(nodes);
  const why = reasons.join("; ");
  if (end !== "failed") {
    const soFar = nodes.length > 0 ? `; ${counts.synced} of ${nodes.length} nodes are up to date` : "";
    return ending(
      `${where}: ${why}${soFar}.`,
      end === "timedOut" ? errorCodes.timedOut : errorCodes.interrupted,
    );
  }
  const failed = nodes.filter(({ standing }) => standing === "failed");
  const names = failed.map(
    ({ name, phase, reason }) => `${name} (${[phase, reason].filter(Boolean).join(": ")})`,
  );
  const which =
    failed.length > 0
      ? `${failed.length} of ${nodes.length} nodes not up to date: ${listNames(names, namesShown)}`
      : "";
  const what = [why, which].filter((part) => part !== "").join("; ");
  return ending(`${where}: the sync failed: ${what}.`, errorCodes.syncFailed);
}

/** What went wrong and what to do about it. */
function causeText(error: unknown, inputs: Inputs, subject: string): string {
  // Its problems are a list, and they are about no pool.
  if (error instanceof ConfigurationError) return `${subject}: ${error.message}\n${error.remedy}`;
  const message = error instanceof Error ? error.message : String(error);
  const remedy = error instanceof DiagnosedError ? error.remedy : remedyOf(errorCodes.internal);
  return `${whose(inputs, subject)}: ${message}. ${remedy}`;
}

/** An id that a program looked a pool up by, and that cannot be one. */
export function noResourceId(id: string): UserError {
  return new UserError(
    `${JSON.stringify(id)} is no id of a NodePoolSync`,
    errorCodes.notFound,
    "Write it as `<clusterId>/<nodePoolId>`.",
  );
}

function ending(text: string, code: ErrorCode): string {
  return `${text} ${remedyOf(code)} [${code}]`;
}

/** @param inputs without a cluster where they come from an id that is none. */
function whose({ nodePoolId, clusterId }: Partial<Inputs>, subject: string): string {
  if (clusterId === undefined) return subject;
  return `${subject}, node pool ${nodePoolId} of cluster ${clusterId}`;
}
