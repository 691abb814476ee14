import { type Answer, cceError, gatewayError } from "../cluster/errors.ts";
import type { Caller } from "./authentication.ts";
import type { RateLimiter } from "./limits.ts";
import type { findRoute } from "./routes.ts";
import type { ServiceContext } from "./serviceContext.ts";

/** A request as it arrived. */
export interface Message {
  readonly method: string;
  /** As it was sent, percent-encoded. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** A fault's word on how far behind the answer to a list is; see `Call`. */
  readonly staleSeconds?: number;
}

/** What the service does with a request: limits first, then who asks and for which project, then the call itself. */
export function act(
  message: Message,
  found: ReturnType<typeof findRoute>,
  context: ServiceContext,
  limits: RateLimiter,
): Answer {
  if (found === undefined) {
    return gatewayError(
      404,
      "APIGW.0101",
      "The API does not exist or has not been published in the environment",
    );
  }
  const { route, parts } = found;
  const { project } = parts;
  const tooMany = project === undefined ? undefined : limits.refuse(message.method);
  if (tooMany !== undefined) return tooMany;
  if (!route.open) {
    const caller = context.authenticator.identify(message);
    if ("refusal" in caller) return caller;
    if (project !== undefined && !belongsTo(project, caller, context)) {
      return cceError(403, "CCE.01403001", "Forbidden: the project is not one of the caller's");
    }
    // Some SDKs add this header after signing, so that no signature guards it.
    const named = message.headers["x-project-id"];
    if (project !== undefined && named !== undefined && named !== project) {
      return cceError(403, "CCE.01403001", "Forbidden: X-Project-Id is not the project of the path");
    }
  }
  const query = new URLSearchParams(message.query);
  const body = Buffer.from(message.body).toString();
  const { headers, staleSeconds } = message;
  return route.handler({ parts, query, headers, body, staleSeconds }, context);
}

function belongsTo(project: string, { projects }: Caller, { account }: ServiceContext): boolean {
  return projects === "all" ? account.projects.some(({ id }) => id === project) : projects.includes(project);
}
