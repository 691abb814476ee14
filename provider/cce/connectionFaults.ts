import { errorCodes } from "../errors/codes.ts";
import { ConnectionError, UserError } from "../errors/errors.ts";

/** What the error of a failed request says about it. */
interface FailedRequest {
  readonly call: string;
  readonly origin: string;
  readonly originSetting?: string;
  readonly answerTimeout: number;
}

/** The largest answer that is read, in bytes: some ten times the largest page of 2,000 nodes. */
export const largestBody = 50 * 1024 * 1024;

/** An answer is larger than {@link largestBody}. */
export class BodyTooLarge extends Error {}

/** Failures before a connection stood. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * The error that a failed request stands for. Only the kind of failure is reported, in our own words: a client's error
 * text can quote a header.
 * @param sent whether a first byte may have left.
 * @param everAnswered whether the origin has answered any request before.
 */
export function connectionError(
  { call, origin, originSetting, answerTimeout }: FailedRequest,
  error: unknown,
  sent: boolean,
  everAnswered: boolean,
): ConnectionError | UserError {
  const code = codeOf(error);
  const { host } = new URL(origin);
  const failure = (why: string, mayHaveArrived = sent) => {
    const from =
      everAnswered || originSetting === undefined ? "" : `; this address comes from ${originSetting}`;
    return new ConnectionError(call, why + from, { mayHaveArrived, origin, everAnswered });
  };
  if (error instanceof BodyTooLarge)
    return failure(`${host} sent more than ${largestBody / 1024 / 1024} MiB`);
  const refusedBy = proxyStatus(error);
  if (refusedBy?.startsWith("5")) return failure(`the proxy cannot reach ${host} (${refusedBy})`, false);
  if (refusedBy !== undefined) return proxyRefusal(host, refusedBy);
  if (neverConnected.has(code)) return failure(`${host} cannot be reached (${code})`, false);
  if (speaksNoTls(code)) {
    return new UserError(`nothing was sent: ${host} does not speak TLS (${code})`, errorCodes.tls);
  }
  if (isUntrusted(code)) {
    return new UserError(
      `nothing was sent: ${host} has a certificate that is not trusted (${code})`,
      errorCodes.tls,
    );
  }
  if ((error as { name?: unknown }).name === "TimeoutError")
    return failure(`${host} did not answer within ${answerTimeout / 1000} s`);
  return failure(`the connection to ${host} broke (${code})`);
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? "unknown reason");
}

/** The status with which a proxy refused to let us through; the library has it in the text of its error only. */
function proxyStatus(error: unknown): string | undefined {
  const { message = "", cause } = error as { message?: string; cause?: { message?: string } };
  const text = `${message} ${cause?.message ?? ""}`;
  return /Proxy response \((\d+)\)/.exec(text)?.[1];
}

function proxyRefusal(host: string, status: string): UserError {
  const remedy =
    status === "407"
      ? "Put the proxy's user name and password into HTTPS_PROXY"
      : "Allow this host in the proxy";
  return new UserError(
    `nothing was sent: the proxy refuses requests to ${host} (${status})`,
    errorCodes.unreachable,
    `${remedy}, or name the host in NO_PROXY.`,
  );
}

/** Failures that stay when a request is repeated. Any other fault of TLS can also break a connection that stood. */
function speaksNoTls(code: string): boolean {
  return /^ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|PACKET_LENGTH_TOO_LONG)$/.test(code);
}

function isUntrusted(code: string): boolean {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/.test(code);
}
