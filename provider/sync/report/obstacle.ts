import { type ErrorCode, errorCodes } from "../../errors/codes.ts";
import { DiagnosedError, UserError } from "../../errors/errors.ts";

/** What stands in the way of a run, and what a user can do about it. */
export interface Obstacle {
  readonly text: string;
  readonly code: ErrorCode;
  readonly remedy?: string;
}

/** The obstacle that an error is. */
export function obstacleOf(error: Error): Obstacle {
  const { message: text } = error;
  return error instanceof DiagnosedError
    ? { text, code: error.errorCode, remedy: error.remedy }
    : { text, code: errorCodes.internal };
}

/**
 * The error of a run that ended before it sent anything, or anything more; it names what was waited for last.
 * @param hasSent whether the run has sent a request before, or has seen one of an earlier run at work.
 */
export function nothingSent(
  kind: "timedOut" | "interrupted",
  obstacle: Obstacle | undefined,
  hasSent = false,
): UserError {
  const [sync, node] = hasSent ? ["next sync", "further node"] : ["sync", "node"];
  if (kind === "interrupted") {
    const waitedFor = obstacle === undefined ? "" : ` while waiting: ${obstacle.text}`;
    return new UserError(
      `interrupted${waitedFor}; no ${hasSent ? "further sync" : sync} was sent and no ${node} was reset`,
      errorCodes.interrupted,
    );
  }
  const { text, code, remedy } = obstacle ?? {
    text: "the time was too short",
    code: errorCodes.busy,
  };
  const message = `the ${sync} could not be sent before the deadline: ${text}. No ${node} was reset`;
  return new UserError(message, code, remedy);
}

/** What is added to the end of a wait whose latest reads failed. */
export function blindnessText(obstacle: Obstacle | undefined): string {
  return obstacle === undefined ? "" : `; the last reads of the cluster failed: ${obstacle.text}`;
}
