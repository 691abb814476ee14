import type { Exchange, HttpAnswer, HttpRequest } from "../cce/http.ts";
import { serviceError } from "../cce/responses.ts";
import { isPassing } from "../cce/retryPolicy.ts";
import { type AccessKey, sign } from "../cce/signer.ts";
import { ConnectionError, ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import { remember } from "../util/memoize.ts";
import type { Credential } from "./credential.ts";
import type { Identity } from "./identity.ts";

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

/** Wraps an exchange of requests so that each one carries the identity's credential. */
export type Authenticate = (identity: Identity, exchange: Exchange) => Exchange;

/** Makes authenticated exchanges; all those of one access key share what is known of it. */
export function openAuthentication(clock: Clock): Authenticate {
  const known = new Map<string, Trust>();
  const trustIn = ({ accessKey, securityToken }: AccessKey): Trust =>
    remember(known, JSON.stringify([accessKey, securityToken]), () => ({ proven: false }));

  const send = (request: HttpRequest, credential: Credential, exchange: Exchange): Promise<HttpAnswer> => {
    if (credential.kind === "accessKey")
      return exchangeSigned(request, credential.key, trustIn(credential.key), exchange, clock);
    return exchangeWithToken(request, credential.token, exchange, clock);
  };

  return (identity, exchange) => async (request) => {
    const credential = await signingIn(request, () => identity.current());
    try {
      return await send(request, credential, exchange);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // A refused request did nothing, so that even the one that starts a sync may be sent again.
      const another = await signingIn(request, () => identity.replace(credential));
      if (another === undefined) throw error;
      return send(request, another, exchange);
    }
  };
}

/** A failure to sign in is told as one in which the request itself was never sent. */
async function signingIn<T>({ call }: HttpRequest, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isPassing(error))
      throw new ConnectionError(call, `nobody could be signed in (${error.message})`, false);
    throw error;
  }
}

/** Whether the service refused the credential itself; a wrong clock is no fault of it. */
function isRefusal(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 401 && !error.code?.endsWith(".0303");
}

async function exchangeWithToken(
  request: HttpRequest,
  token: string,
  exchange: Exchange,
  clock: Clock,
): Promise<HttpAnswer> {
  const answer = await exchange(withHeaders(request, { "X-Auth-Token": token }));
  if (answer.status === 401) throw serviceError(request.call, answer, clock.now());
  return answer;
}

async function exchangeSigned(
  request: HttpRequest,
  key: AccessKey,
  trust: Trust,
  exchange: Exchange,
  clock: Clock,
): Promise<HttpAnswer> {
  while (!trust.proven && trust.firstAnswer !== undefined) await trust.firstAnswer;
  if (trust.refusal !== undefined) throw trust.refusal;
  const answering = exchange(signed(request, key, clock));
  if (!trust.proven) {
    trust.firstAnswer = answering.then(
      () => undefined,
      () => undefined,
    );
  }
  try {
    const answer = await answering;
    if (answer.status === 401) {
      trust.refusal ??= serviceError(request.call, answer, clock.now());
      throw trust.refusal;
    }
    trust.proven = true;
    return answer;
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
