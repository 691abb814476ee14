import { z } from "zod";
import type { Exchange } from "../cce/http.ts";
import { ConnectionError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { IamUser, Naming } from "./credential.ts";
import { ask, headerText, type Issue, post, time } from "./tokenExchange.ts";

/** What a token is to be good for: one project, or a whole account (domain), which is what assuming a role needs. */
export type Scope = { readonly project: Naming } | { readonly domain: Naming | undefined };

const tokenSchema = z.object({
  token: z.object({ expires_at: time, project: z.object({ id: z.string().min(1) }).nullish() }),
});

const remedy =
  "Check the user's name, account (domain) and password and the project; nothing more is sent with them in this run, since refused passwords lock a user.";

/** Asks IAM for a token by a user's password ("Obtaining a User Token Through Password Authentication"). */
export function issueToken(
  user: IamUser,
  scope: Scope,
  iamEndpoint: string,
  exchange: Exchange,
  clock: Clock,
): Issue {
  const call = "sign the IAM user in";
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
  return async () => {
    const { body, answer } = await ask(request, exchange, clock, tokenSchema, remedy);
    const token = headerText.safeParse(answer.headers["x-subject-token"]);
    if (!token.success) throw new ConnectionError(call, "the answer has no token in X-Subject-Token", true);
    const { expires_at: expiresAt, project } = body.token;
    return { credential: { kind: "token", token: token.data }, expiresAt, projectId: project?.id };
  };
}
