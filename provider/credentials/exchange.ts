import { z } from "zod";
import type { HttpHandler, HttpRequest, HttpResponse } from "../cce/http.ts";
import { dateOf, readable, serviceError } from "../cce/responses.ts";
import { isTransient } from "../cce/retryPolicy.ts";
import { errorCodes } from "../errors/codes.ts";
import { type ServiceError, UserError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { ObtainedCredential } from "./credentialSource.ts";

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
 * Sends the request and reads what was handed out.
 * @param remedy what to do when it is refused.
 * @throws UserError when it is refused.
 * @throws ServiceError when the service cannot answer now.
 * @throws ConnectionError when no answer comes, or one that cannot be used.
 * @throws InterruptedError when the request's signal aborts.
 */
export async function exchange<T>(
  request: HttpRequest,
  handler: HttpHandler,
  clock: Clock,
  schema: z.ZodType<T>,
  remedy: string,
): Promise<{ readonly body: T; readonly response: HttpResponse }> {
  const response = await handler(request);
  if (response.status < 200 || response.status > 299) {
    const error = serviceError(request.call, response, clock.now());
    // Refused credentials are final, and must not pass for a refusal of the request that they were to serve.
    const { message, status, errorCode }: ServiceError = error;
    if (isTransient(error)) throw error;
    const asked = status === 401 || status === 403;
    throw new UserError(message, asked ? errorCode : errorCodes.configuration, remedy);
  }
  return { body: readable(request.call, response, schema), response };
}

/**
 * Milliseconds until a time that an answer names, by the clock of whoever answered; by this machine's, where the answer
 * does not say its own.
 */
export function lifetimeUntil(expiresAt: number, response: HttpResponse, clock: Clock): number {
  return Math.max(0, expiresAt - (dateOf(response) ?? clock.now()));
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

/** The keys of an answer as a credential. */
export function temporaryKey(
  keys: z.output<typeof credentialSchema>["credential"],
  response: HttpResponse,
  clock: Clock,
): ObtainedCredential {
  const { access, secret, securitytoken, expires_at } = keys;
  const key = { accessKey: access, secretKey: secret, securityToken: securitytoken };
  return { credential: { kind: "accessKey", key }, lifetime: lifetimeUntil(expires_at, response, clock) };
}
