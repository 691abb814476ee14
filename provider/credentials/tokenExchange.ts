import { z } from "zod";
import type { Exchange, HttpAnswer, HttpRequest } from "../cce/http.ts";
import { readable, serviceError } from "../cce/responses.ts";
import { isPassing } from "../cce/retryPolicy.ts";
import { errorCodes } from "../errors/codes.ts";
import { type ServiceError, UserError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { Credential } from "./credential.ts";

/** A credential that somebody handed out for a while. */
export interface Issued {
  readonly credential: Credential;
  /** When it ends, in milliseconds since 1970. */
  readonly expiresAt: number;
  /** The project that it is bound to; undefined when it is good for every project of its account. */
  readonly projectId?: string;
}

/** Hands out a credential, once for each call. */
export type Issue = () => Promise<Issued>;

/** IAM's spelling of a time: `2020-01-08T02:56:19.587000Z`. */
export const time = z
  .string()
  .transform((text) => Date.parse(text))
  .pipe(z.number());

/** A value that goes into a header. */
export const headerText = z.string().regex(/^[\x21-\x7e]+$/);

/** A request with a JSON body. */
export function post(call: string, origin: string, path: string, body: unknown, query?: string): HttpRequest {
  const headers = { Accept: "application/json", "Content-Type": "application/json" };
  return { call, method: "POST", origin, path, query, headers, body: JSON.stringify(body) };
}

/**
 * Sends the request and reads what was issued.
 * @param remedy what to do when it is refused.
 * @throws UserError when it is refused.
 * @throws ServiceError when the service cannot answer now.
 * @throws ConnectionError when no answer comes, or one that cannot be used.
 */
export async function ask<T>(
  request: HttpRequest,
  exchange: Exchange,
  clock: Clock,
  schema: z.ZodType<T>,
  remedy: string,
): Promise<{ readonly body: T; readonly answer: HttpAnswer }> {
  const answer = await exchange(request);
  if (answer.status < 200 || answer.status > 299) {
    const error = serviceError(request.call, answer, clock.now());
    // A refusal to sign in is final, and must not pass for one of the request that it was to serve.
    const { message, status, errorCode }: ServiceError = error;
    if (isPassing(error)) throw error;
    const asked = status === 401 || status === 403;
    throw new UserError(message, asked ? errorCode : errorCodes.configuration, remedy);
  }
  return { body: readable(request.call, answer, schema), answer };
}

/** Temporary keys, in the form that IAM and the metadata service share. */
export const credentialSchema = z.object({
  credential: z.object({
    access: headerText,
    secret: headerText,
    securitytoken: headerText,
    expires_at: time,
  }),
});

/** The keys as what was issued. */
export function temporary(keys: z.output<typeof credentialSchema>["credential"]): Issued {
  const { access, secret, securitytoken, expires_at } = keys;
  const key = { accessKey: access, secretKey: secret, securityToken: securitytoken };
  return { credential: { kind: "accessKey", key }, expiresAt: expires_at };
}
