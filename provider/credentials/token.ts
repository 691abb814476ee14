import { z } from "zod";
import type { HttpHandler } from "../cce/http.ts";
import { ConnectionError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { IamUser, Naming } from "./credential.ts";
import { ask, headerText, lifetimeUntil, post, type TokenExchange, time } from "./tokenExchange.ts";

/** What a token is to be good for: one project, or a whole account (domain), which is what assuming a role needs. */
export type Scope = { readonly project: Naming } | { readonly domain: Naming | undefined };

const tokenSchema = z.object({
  token: z.object({ expires_at: time, project: z.object({ id: z.string().min(1) }).nullish() }),
});

const remedy =
  "Check the user's name, account (domain), password and project. Nothing more is sent with them in this run, because refused passwords lock a user.";

/** Asks IAM for a token by a user's password ("Obtaining a User Token Through Password Authentication"). */
export function exchangePassword(
  user: IamUser,
  scope: Scope,
  iamEndpoint: string,
  handler: HttpHandler,
  clock: Clock,
): TokenExchange {
  const call = "authenticate the IAM user";
  const who =
    "id" in user
      ? { id: user.id, password: user.password }
      : { name: user.name, password: user.password, domain: user.domain };
  const identity = { methods: ["password"], password: { user: who } };
  const wanted = "project" in scope || scope.domain !== undefined ? { scope } : {};
  const request = post(
    call,
    iamEndpoint,
    "/v3/auth/tokens",
    { auth: { identity, ...wanted } },
    "nocatalog=true",
  );
  return async (signal) => {
    const { body, response } = await ask({ ...request, signal }, handler, clock, tokenSchema, remedy);
    const token = headerText.safeParse(response.headers["x-subject-token"]);
    if (!token.success)
      throw new ConnectionError(call, "the answer has no token in X-Subject-Token", { mayHaveArrived: true });
    const { expires_at, project } = body.token;
    return {
      credential: { kind: "token", token: token.data },
      lifetime: lifetimeUntil(expires_at, response, clock),
      projectId: project?.id,
    };
  };
}
