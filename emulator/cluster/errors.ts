import { randomUUID } from "node:crypto";

/** An answer of the service; with neither body nor text it is an empty one. */
export interface Answer {
  readonly status: number;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** The request's id where the body has it too; any other answer is given one when it is sent. */
  readonly requestId?: string;
  /** Why the service refuses, in one line for the log of requests. */
  readonly refusal?: string;
}

/** An answer that refuses, in the shape of the part of the service that gives it. */
export interface Refusal extends Answer {
  readonly refusal: string;
}

/** An id of a request, as the header `X-Request-Id` has it, or IAM's `X-IAM-Trace-Id`. */
export function newRequestId(): string {
  return randomUUID().replaceAll("-", "");
}

/** CCE's own shape ("Error Codes"). */
export function cceError(status: number, code: string, message: string): Refusal {
  return { status, body: { errorCode: code, errorMessage: message }, refusal: `${code}: ${message}` };
}

/** The API gateway's shape ("API gateway error codes"), which has the id of the request in the body too. */
export function gatewayError(status: number, code: string, message: string): Refusal {
  const requestId = newRequestId();
  return {
    status,
    body: { error_msg: message, error_code: code, request_id: requestId },
    requestId,
    refusal: `${code}: ${message}`,
  };
}

const iamTitles = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
} as const;

/** The shape of the identity service (Keystone). */
export function iamError(status: keyof typeof iamTitles, message: string): Refusal {
  const title = iamTitles[status];
  return { status, body: { error: { code: status, message, title } }, refusal: `${title}: ${message}` };
}

/** What is answered where something does not exist. */
export const notFound = {
  cluster: cceError(404, "CCE.01404001", "Resource not found: the cluster does not exist"),
  pool: cceError(404, "CCE.01404001", "Resource not found: the node pool does not exist"),
  node: cceError(404, "CCE.01404001", "Resource not found: the node does not exist"),
  job: cceError(404, "CCE.01404001", "Resource not found: the job does not exist"),
} as const;

/** A request that breaks a rule of the API's page. */
export function invalidRequest(problem: string): Refusal {
  return cceError(400, "CCE.01400001", `Invalid request: ${problem}`);
}
