/**
 * The errors that reach a user. Each text says what happened and what to do next; none holds a secret, and none
 * is shown with a stack (see `withoutStack`).
 */

/** The configuration is missing something or contradicts itself. Nothing was sent. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
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
export class ServiceError extends Error implements ServiceFault {
  override readonly name = "ServiceError";
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
    this.call = fault.call;
    this.status = fault.status;
    this.code = fault.code;
    this.detail = fault.detail;
    this.requestId = fault.requestId;
    this.retryAfter = fault.retryAfter;
  }
}

/** No answer came, or none that can be read. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly call: string;
  /** Whether the service can have received the request; false when the connection was never made. */
  readonly mayHaveArrived: boolean;

  constructor(call: string, why: string, mayHaveArrived: boolean) {
    super(`no usable answer to the request to ${call}: ${why}`);
    this.call = call;
    this.mayHaveArrived = mayHaveArrived;
  }
}

/** A program's fault or the cluster's state that the user has to mend; the text says how. Nothing was reset by it. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** What to do about a request that failed; the codes are those of the vendor's page "Error Codes". */
export function advice(error: ConnectionError | Pick<ServiceFault, "status" | "code">): string {
  if (error instanceof ConnectionError)
    return "Check the network and the endpoint, then run `pulumi up` again.";
  const { status, code = "" } = error;
  if (code.endsWith(".0303")) return "Set this machine's clock: it is more than 15 minutes off.";
  if (/\.0140(0007|0008|0009|001[0-4]|0019|0020|0025)$/.test(code))
    return "Ask for a higher quota, then run `pulumi up` again.";
  if (statesForbidding(status, code) || code === "CCE.01429002")
    return "Wait until the cluster, the pool and its nodes are at rest, then run `pulumi up` again.";
  if (status === 400) return "Correct the named value, then run `pulumi up` again.";
  if (status === 401) {
    return "Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key.";
  }
  if (code === "CCE.01403002")
    return "Have the restriction of the account lifted, then run `pulumi up` again.";
  if (code === "CCE.01403008")
    return "Grant CCE's own agency its permissions in IAM, then run `pulumi up` again.";
  if (status === 403) {
    return "Grant the IAM actions cce:nodepool:upgradeNodepool (to sync) and cce:nodepool:list, cce:node:list, cce:job:get, cce:cluster:get (to watch).";
  }
  if (status === 404)
    return "Check clusterId and nodePoolId, and the region and project that the configuration names.";
  if (status === 409)
    return "Something else changed the pool at the same time: look at it, then run `pulumi up` again.";
  if (status === 429)
    return "Too many requests for this user: wait a few minutes, then run `pulumi up` again.";
  return "Run `pulumi up` again: it looks at the pool first and sends nothing that is already running.";
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
