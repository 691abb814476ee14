import type { Dispatcher } from "undici";
import { InterruptedError } from "../errors/errors.ts";
import { isLoopback } from "../util/address.ts";
import { subnetMatcher } from "../util/subnets.ts";
import { BodyTooLarge, connectionError, largestBody } from "./connectionFaults.ts";

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
  /** Ends the request when it aborts. */
  readonly signal?: AbortSignal;
  /** The setting that the origin comes from, in words, for the message that nobody answers there. */
  readonly originSetting?: string;
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
  /** Hosts that are asked directly, as in the environment variable `NO_PROXY`, with addresses and subnets (CIDR). */
  readonly noProxy?: string;
  /** Milliseconds in which an answer must be there to its end, however slowly it trickles; default 120,000. */
  readonly answerTimeout?: number;
}

/** An answer, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** Header values by lower-case name; repeated ones are joined. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * Sends one request.
 * @throws ConnectionError when no complete answer comes.
 * @throws InterruptedError when the request's signal aborts.
 * @throws UserError when the host cannot be trusted; nothing was sent to it.
 */
export type HttpHandler = (request: HttpRequest) => Promise<HttpResponse>;

/** Answers of CCE can be slow; its own clients wait this long, in milliseconds. */
const standardAnswerTimeout = 120_000;
const connectTimeout = 30_000;

/** Sends requests, and knows what it takes to end. */
export interface HttpClient {
  readonly handler: HttpHandler;
  readonly close: () => Promise<void>;
}

/**
 * Sends requests over connections that are kept open between them. Never repeats a request and follows no
 * redirection: a credential is for one host.
 */
export function createHttp(transport: Transport = {}): HttpClient {
  const answered = new Set<string>();
  const isInSubnet = subnetMatcher(transport.noProxy ?? "");
  let creating: Promise<Dispatchers> | undefined;
  return {
    handler: async (request) => {
      creating ??= createDispatchers(transport);
      const { direct, proxied } = await creating;
      const { hostname } = new URL(request.origin);
      const near = request.direct || isLoopback(hostname) || isInSubnet(hostname);
      const { answerTimeout = transport.answerTimeout ?? standardAnswerTimeout } = request;
      return send(near ? direct : proxied, { ...request, answerTimeout }, answered);
    },
    close: async () => {
      const created = await creating;
      await Promise.all([created?.direct.destroy(), created?.proxied.destroy()]);
    },
  };
}

/**
 * Says in each request which setting its origin comes from.
 * @param settings by origin, in words.
 */
export function withOriginSettings(
  handler: HttpHandler,
  settings: Readonly<Record<string, string>>,
): HttpHandler {
  return (request) => handler({ originSetting: settings[request.origin], ...request });
}

/** A request with the time in which its answer must be there. */
type TimedRequest = HttpRequest & { readonly answerTimeout: number };

interface Dispatchers {
  readonly direct: Dispatcher;
  readonly proxied: Dispatcher;
}

/** The HTTP client takes longer to load than everything of ours, and a run that sends nothing needs none. */
async function createDispatchers(transport: Transport): Promise<Dispatchers> {
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

async function send(
  dispatcher: Dispatcher,
  request: TimedRequest,
  answered: Set<string>,
): Promise<HttpResponse> {
  const { method, origin, headers, body, signal: aborting, answerTimeout } = request;
  const path = request.query ? `${request.path}?${request.query}` : request.path;
  const limit = new AbortController();
  // Ended with the request: a timer that runs on would hold all of this for as long.
  const timer = setTimeout(
    () => limit.abort(new DOMException("no answer in time", "TimeoutError")),
    answerTimeout,
  );
  const signal = aborting === undefined ? limit.signal : AbortSignal.any([limit.signal, aborting]);
  let sent = false;
  const watched = dispatcher.compose(
    watchStart(() => {
      sent = true;
    }),
  );
  try {
    const answer = await watched.request({ origin, path, method, headers, body, signal });
    answered.add(origin);
    return {
      status: answer.statusCode,
      headers: flatten(answer.headers),
      body: await readBounded(answer.body),
    };
  } catch (error) {
    if (aborting?.aborted) throw new InterruptedError(request.call, sent);
    throw connectionError(request, error, sent, answered.has(origin));
  } finally {
    clearTimeout(timer);
  }
}

/** Calls back when a request has a connection, just before its first byte leaves. */
function watchStart(started: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart(controller, context) {
        started();
        handler.onRequestStart?.(controller, context);
      },
      onResponseStart: (...args) => handler.onResponseStart?.(...args),
      onResponseData: (...args) => handler.onResponseData?.(...args),
      onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
      onResponseError: (...args) => handler.onResponseError?.(...args),
    });
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

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    [value ?? []].flat().join(", "),
  ]);
  return Object.fromEntries(entries);
}
