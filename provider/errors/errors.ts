import { type ErrorCode, errorCodes, remedyOf } from "./codes.ts";

/**
 * The errors that a user can do something about. Each has a message that says what happened, without a full stop, a
 * code and a remedy; `explanations.ts` makes the text of them that a user reads. None holds a secret, and none is
 * shown with a stack (see {@link withoutStack}).
 */
export abstract class DiagnosedError extends Error {
  abstract readonly errorCode: ErrorCode;
  /** What to do, as one or more sentences. */
  abstract readonly remedy: string;
}

/** The configuration is missing something or contradicts itself. Nothing was sent. */
export class ConfigurationError extends DiagnosedError {
  override readonly name = "ConfigurationError";
  override readonly errorCode = errorCodes.configuration;
  override readonly remedy = remedyOf(errorCodes.configuration);
  /** One sentence a problem, each saying what was looked for and where. */
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `the configuration cannot be used, and nothing was sent:\n${problems.map((p) => `- ${p}`).join("\n")}`,
    );
    this.problems = problems;
  }
}

/** What the service said of a request that it refused or could not carry out. */
export interface ServiceFault {
  /** What was asked, in words: "synchronize the node pool". */
  readonly call: string;
  /** HTTP status code. */
  readonly status: number;
  /** The service's own code, such as `CCE.01403001`; undefined when the answer has none. */
  readonly code?: string;
  /** The service's own words; undefined when the answer has none. */
  readonly detail?: string;
  /** The request id that the vendor's support asks for. */
  readonly requestId?: string;
  /** How long the service asks to wait before the next try, in milliseconds. */
  readonly retryAfter?: number;
}

/** The service answered a request with something other than success. */
export class ServiceError extends DiagnosedError implements ServiceFault {
  override readonly name = "ServiceError";
  override readonly errorCode: ErrorCode;
  override readonly remedy: string;
  readonly call: string;
  readonly status: number;
  readonly code?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly retryAfter?: number;

  constructor(fault: ServiceFault) {
    const words = [`${fault.status}`, fault.code, fault.detail].filter(
      (part) => part !== undefined && part !== "",
    );
    const id = fault.requestId === undefined ? "" : ` (request id ${fault.requestId})`;
    super(`the service answered the request to ${fault.call} with ${words.join(" ")}${id}`);
    this.errorCode = diagnose(fault.status, fault.code);
    this.remedy = remedyOf(this.errorCode, fault.code);
    this.call = fault.call;
    this.status = fault.status;
    this.code = fault.code;
    this.detail = fault.detail;
    this.requestId = fault.requestId;
    this.retryAfter = fault.retryAfter;
  }
}

/** No answer came, or none that can be read. */
export class ConnectionError extends DiagnosedError {
  override readonly name = "ConnectionError";
  override readonly errorCode = errorCodes.unreachable;
  override readonly remedy = remedyOf(errorCodes.unreachable);
  readonly call: string;
  /** Whether the service can have received the request; false when the connection was never made. */
  readonly mayHaveArrived: boolean;

  constructor(call: string, why: string, mayHaveArrived: boolean) {
    super(`no usable answer to the request to ${call}: ${why}`);
    this.call = call;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** A program's fault or the cluster's state that the user has to mend. Nothing was reset by it. */
export class UserError extends DiagnosedError {
  override readonly name = "UserError";
  override readonly errorCode: ErrorCode;
  override readonly remedy: string;

  /**
   * @param problem what happened, without a full stop.
   * @param remedy what to do, where more is known than the code's own remedy says.
   */
  constructor(problem: string, errorCode: ErrorCode, remedy = remedyOf(errorCode)) {
    super(problem);
    this.errorCode = errorCode;
    this.remedy = remedy;
  }
}

/** What an answer means; the service's codes are those of the vendor's page "Error Codes". */
function diagnose(status: number, code = ""): ErrorCode {
  if (statesForbidding(status, code) || status === 409 || code === "CCE.01429002") return errorCodes.busy;
  if (/\.0140(0007|0008|0009|001[0-4]|0019|0020|0025)$/.test(code)) return errorCodes.quota;
  if (status === 400) return errorCodes.invalidRequest;
  if (status === 401) return errorCodes.credentialsRefused;
  if (status === 403) return errorCodes.permissionDenied;
  if (status === 404) return errorCodes.notFound;
  if (status === 429) return errorCodes.throttled;
  return errorCodes.serviceFault;
}

/**
 * Whether an answer means "not now": the state of the cluster, the pool or its nodes does not allow the call.
 * Such a request was not accepted and may be sent again later.
 */
export function statesForbidding(status: number, code = ""): boolean {
  if (status === 400) return /^CCE\.014000(23|24|74|75)$/.test(code) || code === "CCE_CM.0002";
  if (status === 403) return /^CCE\.0140300([3-7]|9)$/.test(code) || code === "CCE_CM.0002";
  return status === 409 && code !== "CCE.01409001";
}

/** The error as the engine should show it: Pulumi prints the stack of whatever a provider throws. */
export function withoutStack<E extends Error>(error: E): E {
  error.stack = "";
  return error;
}
