import type { Dispatcher } from "undici";
import { errorCodes } from "../errors/codes.ts";
import { ConnectionError, UserError } from "../errors/errors.ts";
import { isLoopback } from "../util/address.ts";

/** A request as it goes over the wire. */
export interface HttpRequest {
  /** What is asked, in words that follow "the request to": "list the nodes". */
  readonly call: string;
  readonly method: "GET" | "POST" | "PUT";
  /** Scheme, host and port. */
  readonly origin: string;
  /** Path as sent, percent-encoded. */
  readonly path: string;
  /** Query as sent, without the question mark. */
  readonly query?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it goes past any proxy; default no. */
  readonly direct?: boolean;
  /** Milliseconds in which its answer must be there to its end; default that of the transport. */
  readonly answerTimeout?: number;
}

/** How requests get to where they go. */
export interface Transport {
  /** Certificates (PEM) of the only issuers that are trusted; default those that Node trusts. */
  readonly ca?: string;
  /** A client's certificate and its key (PEM), where the service asks for one. */
  readonly cert?: string;
  readonly key?: string;
  /** Whether a server's certificate is taken without a look; default no. */
  readonly insecure?: boolean;
  /** URL of the proxy for requests over TLS; loopback is never asked through one. */
  readonly httpsProxy?: string;
  /** Hosts that are asked directly, as in the environment variable `NO_PROXY`. */
  readonly noProxy?: string;
  /** Milliseconds in which an answer must be there to its end, however slowly it trickles; default 120,000. */
  readonly answerTimeout?: number;
}

/** An answer, whatever its status. */
export interface HttpAnswer {
  readonly status: number;
  /** Header values by lower-case name; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one request. */
export type Exchange = (request: HttpRequest) => Promise<HttpAnswer>;

/** Answers of CCE can be slow; its own clients wait this long, in milliseconds. */
const standardAnswerTimeout = 120_000;
const connectTimeout = 30_000;

/** Some ten times the largest page of 2,000 nodes. */
const largestBody = 50 * 1024 * 1024;

/** Failures before a connection stood: nothing can have reached the service. */
const neverConnected = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

/**
 * Sends requests over connections that are kept open between them. Never repeats a request and follows no
 * redirection: a credential is for one host.
 * @throws ConnectionError when no complete answer comes.
 * @throws UserError when the host cannot be trusted; nothing was sent to it.
 */
export function openHttp(transport: Transport = {}): {
  readonly exchange: Exchange;
  readonly close: () => Promise<void>;
} {
  let opening: Promise<Dispatchers> | undefined;
  return {
    exchange: async (request) => {
      opening ??= openDispatchers(transport);
      const { direct, proxied } = await opening;
      const near = request.direct || isLoopback(new URL(request.origin).hostname);
      const { answerTimeout = transport.answerTimeout ?? standardAnswerTimeout } = request;
      return exchangeOver(near ? direct : proxied, request, answerTimeout);
    },
    close: async () => {
      const opened = await opening;
      await Promise.all([opened?.direct.destroy(), opened?.proxied.destroy()]);
    },
  };
}

interface Dispatchers {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

/** The HTTP client takes longer to load than everything of ours, and a run that sends nothing needs none. */
async function openDispatchers(transport: Transport): Promise<Dispatchers> {
  const { Agent, EnvHttpProxyAgent } = await import("undici");
  const { ca, cert, key, insecure, httpsProxy, noProxy = "" } = transport;
  const tls = { ca, cert, key, rejectUnauthorized: !insecure };
  const connect = { timeout: connectTimeout, ...tls };
  // Without these, the library would take the process's own environment; what is configured is complete.
  const proxies = { httpProxy: "", httpsProxy: httpsProxy ?? "", noProxy };
  return {
    direct: new Agent({ connect }),
    proxied: new EnvHttpProxyAgent({ connect, requestTls: tls, proxyTls: { ca }, ...proxies }),
  };
}

async function exchangeOver(
  dispatcher: Dispatcher,
  request: HttpRequest,
  answerTimeout: number,
): Promise<HttpAnswer> {
  const { call, method, origin, headers, body } = request;
  const path = request.query ? `${request.path}?${request.query}` : request.path;
  try {
    const signal = AbortSignal.timeout(answerTimeout);
    const answer = await dispatcher.request({ origin, path, method, headers, body, signal });
    return {
      status: answer.statusCode,
      headers: flatten(answer.headers),
      body: await readBounded(answer.body),
    };
  } catch (error) {
    throw connectionError(call, origin, error, answerTimeout);
  }
}

async function readBounded(body: AsyncIterable<Uint8Array> & { destroy(): unknown }): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > largestBody) {
      body.destroy();
      throw new BodyTooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

class BodyTooLarge extends Error {}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? []].flat().join(", "),
  ]);
  return Object.fromEntries(entries);
}

/** Only the kind of failure is told, in our own words: a client's error text can quote a header. */
function connectionError(
  call: string,
  origin: string,
  error: unknown,
  answerTimeout: number,
): ConnectionError | UserError {
  const code = codeOf(error);
  const { host } = new URL(origin);
  if (error instanceof BodyTooLarge) {
    return new ConnectionError(call, `${host} sent more than ${largestBody / 1024 / 1024} MiB`, true);
  }
  const refusedBy = proxyStatus(error);
  if (refusedBy !== undefined) return proxyError(call, host, refusedBy);
  if (neverConnected.has(code))
    return new ConnectionError(call, `${host} cannot be reached (${code})`, false);
  if (speaksNoTls(code)) {
    return new UserError(`nothing was sent: ${host} does not speak TLS (${code})`, errorCodes.tls);
  }
  if (isUntrusted(code)) {
    return new UserError(
      `nothing was sent: ${host} has a certificate that is not trusted (${code})`,
      errorCodes.tls,
    );
  }
  if ((error as { name?: unknown }).name === "TimeoutError") {
    return new ConnectionError(call, `${host} did not answer within ${answerTimeout / 1000} s`, true);
  }
  return new ConnectionError(call, `the connection to ${host} broke (${code})`, true);
}

function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  return String(code ?? cause?.code ?? "unknown reason");
}

/** The status with which a proxy refused to let us through; the library tells it in the text of its error only. */
function proxyStatus(error: unknown): string | undefined {
  const { message = "", cause } = error as { message?: string; cause?: { message?: string } };
  const text = `${message} ${cause?.message ?? ""}`;
  return /Proxy response \((\d+)\)/.exec(text)?.[1];
}

function proxyError(call: string, host: string, status: string): ConnectionError | UserError {
  if (status.startsWith("5"))
    return new ConnectionError(call, `the proxy cannot reach ${host} (${status})`, false);
  const remedy =
    status === "407"
      ? "Put the proxy's user name and password into HTTPS_PROXY"
      : "Let the proxy allow this host";
  return new UserError(
    `nothing was sent: the proxy does not let requests through to ${host} (${status})`,
    errorCodes.unreachable,
    `${remedy}, or name the host in NO_PROXY.`,
  );
}

/** Failures that no later try mends. Any other fault of TLS can also break a connection that stood. */
function speaksNoTls(code: string): boolean {
  return /^ERR_SSL_(WRONG_VERSION_NUMBER|UNSUPPORTED_PROTOCOL|PACKET_LENGTH_TOO_LONG)$/.test(code);
}

function isUntrusted(code: string): boolean {
  return /^(ERR_TLS_CERT|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/.test(code);
}
