import { type ErrorCode, errorCodes } from "../errors/codes.ts";
import { ConnectionError, InterruptedError, ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";

/**
 * What a failure means for the request that failed:
 * - `transient`: trying again soon may go well, and does no harm.
 * - `retryLater`: the service did not accept the request, and may accept the same one later.
 * - `outcomeUnknown`: the service may have accepted the request; it must not be sent again blindly.
 * - `credentials`: nothing more may be sent with these credentials.
 * - `fatal`: the same request will fail again.
 */
export type FailureClass = "transient" | "retryLater" | "outcomeUnknown" | "credentials" | "fatal";

/** Requests that only look, and those that change something: the same answer can mean different things to the two. */
export type RequestKind = "read" | "write";

interface Rule extends Readonly<Record<RequestKind, FailureClass>> {
  /** The HTTP status that it is about; left out, any that no rule before it took. */
  readonly status?: number | "3xx" | "5xx";
  /** Found in one of the answer's codes, when it must be there at all. */
  readonly code?: RegExp;
  readonly errorCode: ErrorCode;
}

/**
 * What each answer other than success means; the first rule that fits holds. The codes are those of the vendor's pages
 * "Error Codes" and "Status Codes", of its open source (`CCE_CM`), and of answers that were seen (`E.CFE`).
 */
const rules: readonly Rule[] = [
  { status: "5xx", ...unanswered(), errorCode: errorCodes.serviceFault },
  // Redirections are not followed: something else than the service answers here.
  { status: "3xx", ...never(), errorCode: errorCodes.unreachable },
  { status: 408, ...unanswered(), errorCode: errorCodes.serviceFault },
  { status: 401, read: "credentials", write: "credentials", errorCode: errorCodes.credentialsRefused },
  // The state of the cluster, the pool or its nodes does not allow the call now.
  {
    status: 400,
    code: /^CCE\.014000(23|24|74|75)$|^CCE_CM\.0002$/,
    ...later("fatal"),
    errorCode: errorCodes.busy,
  },
  {
    status: 403,
    code: /^CCE\.0140300([3-7]|9)$|^CCE_CM\.0002$|^E\.CFE\.4030002$/,
    ...later("fatal"),
    errorCode: errorCodes.busy,
  },
  { status: 409, code: /^CCE\.01409001$/, ...never(), errorCode: errorCodes.busy },
  { status: 409, ...later("fatal"), errorCode: errorCodes.busy },
  { status: 429, code: /^CCE\.01429002$/, ...later("transient"), errorCode: errorCodes.busy },
  { status: 429, ...later("transient"), errorCode: errorCodes.throttled },
  { code: /\.0140(0007|0008|0009|001[0-4]|0019|0020|0025)$/, ...never(), errorCode: errorCodes.quota },
  { status: 400, ...never(), errorCode: errorCodes.invalidRequest },
  { status: 403, ...never(), errorCode: errorCodes.permissionDenied },
  { status: 404, ...never(), errorCode: errorCodes.notFound },
  { ...never(), errorCode: errorCodes.serviceFault },
];

function later(read: FailureClass) {
  return { read, write: "retryLater" } as const;
}

function never() {
  return { read: "fatal", write: "fatal" } as const;
}

function unanswered() {
  return { read: "transient", write: "outcomeUnknown" } as const;
}

/** Pauses before a read is tried again, in milliseconds; after the last one its error is the caller's. */
const readPauses = [1000, 2000, 4000];
/** The longest pause that the service may ask for before a read, and still have it tried again here. */
const longestReadPause = 4000;
/**
 * How long to wait after a refused write, in milliseconds, where the service does not say it: its limits are for each
 * minute, and it seldom says when to try again.
 */
export const pauseAfterRefusedWrite = 60_000;

function ruleFor(status: number, codes: readonly string[]): Rule {
  const fits = ({ status: wanted, code }: Rule) =>
    (wanted === undefined || wanted === status || wanted === `${Math.floor(status / 100)}xx`) &&
    (code === undefined || codes.some((said) => code.test(said)));
  return rules.find(fits) as Rule;
}

/** The error code of an answer, by its status and all codes that its body has. */
export function errorCodeOf(status: number, codes: readonly string[]): ErrorCode {
  return ruleFor(status, codes).errorCode;
}

function classifyAnswer(status: number, codes: readonly string[], kind: RequestKind): FailureClass {
  return ruleFor(status, codes)[kind];
}

/** What a failure means for the request that failed. What is no failure of a request is fatal. */
export function classify(error: unknown, kind: RequestKind): FailureClass {
  if (error instanceof ServiceError) return classifyAnswer(error.status, error.codes, kind);
  if (error instanceof ConnectionError) {
    if (kind === "read") return "transient";
    return error.mayHaveArrived ? "outcomeUnknown" : "retryLater";
  }
  return "fatal";
}

/** Whether an answer refuses a signature for its time: the key itself may be fine. */
export function isClockRefusal({
  status,
  codes,
  detail = "",
}: Pick<ServiceError, "status" | "codes" | "detail">): boolean {
  if (classifyAnswer(status, codes, "read") !== "credentials") return false;
  return codes.some((code) => code.endsWith(".0303")) || /signature expired/i.test(detail);
}

/** Whether a failed read may go well when it is tried again. */
export function isTransient(error: unknown): error is ServiceError | ConnectionError {
  return classify(error, "read") === "transient";
}

/** Whether a failed write may have been carried out all the same. */
export function mayHaveBeenAccepted(error: unknown): boolean {
  return classify(error, "write") === "outcomeUnknown";
}

/** Whether a failed write was certainly not accepted, and may be sent again later. */
export function isRetryLater(error: unknown): error is ServiceError | ConnectionError {
  return classify(error, "write") === "retryLater";
}

/**
 * Tries a read up to four times while its failures are transient. When the service asks for a longer pause than a few
 * seconds, its error is thrown at once: only the caller knows how long it may wait.
 * @param call what is read, in words.
 * @throws InterruptedError when the signal aborts during a pause.
 */
export async function tryRead<T>(
  call: string,
  read: () => Promise<T>,
  clock: Clock,
  signal?: AbortSignal,
): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await read();
    } catch (error) {
      const pause = readPauses[tries];
      const asked = error instanceof ServiceError ? (error.retryAfter ?? 0) : 0;
      if (pause === undefined || asked > longestReadPause || !isTransient(error)) throw error;
      await clock.sleep(Math.max(pause, asked), signal);
      if (signal?.aborted) throw new InterruptedError(call);
    }
  }
}
