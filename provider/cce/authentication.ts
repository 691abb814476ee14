import type { Clock } from "../clock.ts";
import type { ServiceError } from "../errors.ts";
import { serviceError } from "./answers.ts";
import type { Credential } from "./credentials.ts";
import type { Exchange, HttpAnswer, HttpRequest } from "./http.ts";
import { type AccessKey, sign } from "./signer.ts";

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

/** Wraps the exchange of requests so that each one carries the credential. */
export type Authenticate = (credential: Credential) => Exchange;

/** Makes authenticated exchanges; all those of one access key share what is known of it. */
export function openAuthentication(exchange: Exchange, clock: Clock): Authenticate {
  const known = new Map<string, Trust>();
  return (credential) => {
    if (credential.kind === "token") {
      return (request) => exchange(withHeaders(request, { "X-Auth-Token": credential.token }));
    }
    const { key } = credential;
    const id = JSON.stringify([key.accessKey, key.securityToken]);
    const trust = known.get(id) ?? { proven: false };
    known.set(id, trust);
    return (request) => exchangeSigned(request, key, trust, exchange, clock);
  };
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
