import { type ErrorCode, errorCodes, remedyOf } from "./codes.ts";

/**
 * The errors that a user can do something about. Each has a message that says what happened, without a full stop, a
 * code and a remedy; `sync/report/messages.ts` makes the text of them that a user reads. None holds a secret, and none is
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
    super(`the configuration cannot be used; nothing was sent:\n${problems.map((p) => `- ${p}`).join("\n")}`);
    this.problems = problems;
  }
}

/** What the service said of a request that it refused or could not carry out. */
export interface ServiceFault {
  /** What was asked, in words: "synchronize the node pool". */
  readonly call: string;
  /** HTTP status code. */
  readonly status: number;
  /** What the answer means. */
  readonly errorCode: ErrorCode;
  /** All codes of the service in the answer, such as `CCE.01403001`; an answer can have several, or none. */
  readonly codes?: readonly string[];
  /** The service's own words; undefined when the answer has none. */
  readonly detail?: string;
  /** The request id that the vendor's support asks for. */
  readonly requestId?: string;
  /** How long the service asks to wait before the next try, in milliseconds. */
  readonly retryAfter?: number;
  /** What to do, where the answer says more than its code. */
  readonly remedy?: string;
}

/** The service answered a request with something other than success. */
export class ServiceError extends DiagnosedError implements ServiceFault {
  override readonly name = "ServiceError";
  override readonly errorCode: ErrorCode;
  override readonly remedy: string;
  readonly call: string;
  readonly status: number;
  readonly codes: readonly string[];
  readonly detail?: string;
  readonly requestId?: string;
  readonly retryAfter?: number;

  constructor(fault: ServiceFault) {
    const { call, status, errorCode, codes = [], detail, requestId, retryAfter } = fault;
    const words = [`${status}`, ...codes, detail ?? ""].filter((part) => part !== "");
    const id = requestId === undefined ? "" : ` (request id ${requestId})`;
    super(`the service answered the request to ${call} with ${words.join(" ")}${id}`);
    this.errorCode = errorCode;
    this.remedy = fault.remedy ?? remedyOf(errorCode, codes);
    this.call = call;
    this.status = status;
    this.codes = codes;
    this.detail = detail;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
  }

  /** The same error with another remedy. */
  withRemedy(remedy: string): ServiceError {
    return new ServiceError({ ...this, remedy });
  }
}

/** More about a {@link ConnectionError}. */
export interface ConnectionFault {
  /** Whether the service can have received the request; false when the connection was never made. */
  readonly mayHaveArrived: boolean;
  /** Scheme, host and port that were asked. */
  readonly origin?: string;
  /** Whether that origin has answered any request in this process; default yes. */
  readonly everAnswered?: boolean;
}

/** No answer came, or none that can be read. */
export class ConnectionError extends DiagnosedError implements ConnectionFault {
  override readonly name = "ConnectionError";
  override readonly errorCode = errorCodes.unreachable;
  override readonly remedy = remedyOf(errorCodes.unreachable);
  readonly call: string;
  readonly mayHaveArrived: boolean;
  readonly origin?: string;
  readonly everAnswered: boolean;

  constructor(call: string, why: string, { mayHaveArrived, origin, everAnswered = true }: ConnectionFault) {
    super(`no usable answer to the request to ${call}: ${why}`);
    this.call = call;
    this.mayHaveArrived = mayHaveArrived;
    this.origin = origin;
    this.everAnswered = everAnswered;
  }
}

/** The caller's signal aborted a request. */
export class InterruptedError extends DiagnosedError {
  override readonly name = "InterruptedError";
  override readonly errorCode = errorCodes.interrupted;
  override readonly remedy = remedyOf(errorCodes.interrupted);
  readonly call: string;
  /** Whether the service can have received the request. */
  readonly mayHaveArrived: boolean;

  constructor(call: string, mayHaveArrived = false) {
    super(`interrupted during the request to ${call}`);
    this.call = call;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** Something in the program, the configuration or the cluster that the user has to fix. Nothing was reset by it. */
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

/** The error as the engine should show it: Pulumi prints the stack of whatever a provider throws. */
export function withoutStack<E extends Error>(error: E): E {
  error.stack = "";
  return error;
}
