import type { HttpHandler, HttpRequest, HttpResponse } from "../cce/http.ts";
import { serviceError } from "../cce/responses.ts";
import { classify, isClockRefusal, isTransient } from "../cce/retryPolicy.ts";
import { type AccessKey, sign } from "../cce/signer.ts";
import { ConnectionError, InterruptedError, ServiceError } from "../errors/errors.ts";
import { orAborted } from "../util/abort.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { CredentialProvider } from "./credentialProvider.ts";
import { type Credential, locatedRemedy } from "./credentialSource.ts";

/**
 * What is known of a key in this process. More than five refused signatures in a row lock an access key at the
 * service, so one refusal is the last request that is sent with it, whatever the number of resources.
 */
interface Trust {
  refusal?: ServiceError;
  /** Pending while the very first request of the key is under way: nobody else sends before its answer. */
  firstAnswer?: Promise<void>;
  proven: boolean;
}

/** Wraps a handler of requests so that each one carries the provider's credential. */
export type Authenticate = (provider: CredentialProvider, handler: HttpHandler) => HttpHandler;

/** Authenticates requests; what is known of an access key is shared by all of them. */
export function createAuthenticator(clock: Clock): Authenticate {
  const known = new Map<string, Trust>();
  const trustIn = ({ accessKey, securityToken }: AccessKey): Trust =>
    memoize(known, JSON.stringify([accessKey, securityToken]), () => ({ proven: false }));

  async function send(
    request: HttpRequest,
    credential: Credential,
    setting: string,
    handler: HttpHandler,
  ): Promise<HttpResponse> {
    try {
      return await (credential.kind === "accessKey"
        ? sendSigned(request, credential.key, trustIn(credential.key), handler, clock)
        : sendWithToken(request, credential.token, handler, clock));
    } catch (error) {
      throw isRefusal(error) ? error.withRemedy(locatedRemedy(setting, error.remedy)) : error;
    }
  }

  return (provider, handler) => async (request) => {
    const { signal } = request;
    const { setting } = provider;
    const credential = await authenticating(request, () => provider.current(signal));
    try {
      return await send(request, credential, setting, handler);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A refused request did nothing, so that even the one that starts a sync may be sent again.
      const another = await authenticating(request, () => provider.replace(credential, signal));
      if (another === undefined) throw error;
      return send(request, another, setting, handler);
    }
  };
}

/** A failure to get a credential is reported as one in which the request itself was never sent. */
async function authenticating<T>({ call }: HttpRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof InterruptedError) throw new InterruptedError(call);
    if (!isTransient(error)) throw error;
    const { origin, everAnswered } = error instanceof ConnectionError ? error : {};
    throw new ConnectionError(call, `authentication failed (${error.message})`, {
      mayHaveArrived: false,
      origin,
      everAnswered,
    });
  }
}

/** Whether the service refused the credential itself; a wrong clock is no fault of it. */
function isRefusal(error: unknown): error is ServiceError {
  return error instanceof ServiceError && classify(error, "read") === "credentials" && !isClockRefusal(error);
}

/** A token is refused for other reasons than a key, and refusals do not lock it. */
const tokenRemedy =
  "Check the token: it may have expired, or be for another project or region. A token that is configured cannot be renewed: obtain another one.";

async function sendWithToken(
  request: HttpRequest,
  token: string,
  handler: HttpHandler,
  clock: Clock,
): Promise<HttpResponse> {
  const response = await handler(withHeaders(request, { "X-Auth-Token": token }));
  if (response.status === 401) {
    const error = serviceError(request.call, response, clock.now());
    throw isClockRefusal(error) ? error : error.withRemedy(tokenRemedy);
  }
  return response;
}

async function sendSigned(
  request: HttpRequest,
  key: AccessKey,
  trust: Trust,
  handler: HttpHandler,
  clock: Clock,
): Promise<HttpResponse> {
  while (!trust.proven && trust.firstAnswer !== undefined) {
    await orAborted(trust.firstAnswer, request.signal, () => {
      throw new InterruptedError(request.call);
    });
  }
  if (trust.refusal !== undefined) throw trust.refusal;
  const answering = handler(signed(request, key, clock));
  if (!trust.proven) {
    trust.firstAnswer = answering.then(
      () => undefined,
      () => undefined,
    );
  }
  try {
    const response = await answering;
    if (response.status === 401) {
      trust.refusal ??= serviceError(request.call, response, clock.now());
      throw trust.refusal;
    }
    trust.proven = true;
    return response;
  } finally {
    trust.firstAnswer = undefined;
  }
}

function signed(request: HttpRequest, key: AccessKey, clock: Clock): HttpRequest {
  const host = new URL(request.origin).host;
  const added = sign(
    {
      method: request.method,
      path: request.path,
      query: request.query ?? "",
      headers: { ...request.headers, Host: host },
      body: request.body ?? "",
    },
    key,
    new Date(clock.now()),
  );
  return withHeaders(request, { Host: host, ...added });
}

function withHeaders(request: HttpRequest, added: Record<string, string>): HttpRequest {
  return { ...request, headers: { ...request.headers, ...added } };
}
