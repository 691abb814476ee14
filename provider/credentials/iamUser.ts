import { z } from "zod";
import { ConnectionError } from "../errors/errors.ts";
import {
  type CredentialContext,
  type CredentialSource,
  type CredentialSourceKind,
  foundIn,
  type IamName,
  iamName,
  isSetWithout,
  locatedRemedy,
  type ObtainedCredential,
  textOf,
} from "./credentialSource.ts";
import { exchange, headerText, lifetimeUntil, post, time } from "./exchange.ts";

/** A user of IAM, known by its id, or by its name within an account (domain). */
type IamUser = { readonly password: string; readonly domain?: IamName } & IamName;

const markers = ["userName", "userId", "password"] as const;

/** The name and password of an IAM user, for a token that is renewed. */
export const iamUser: CredentialSourceKind<(typeof markers)[number] | "domainId" | "domainName"> = {
  markers,
  configure({ from, sources, problems }) {
    const [name, id, password] = markers.map((setting) => from.get(setting));
    if (password === undefined || (id === undefined && name === undefined)) {
      const given = markers.filter((setting) => from.get(setting) !== undefined);
      problems.push(
        `credentials: ${isSetWithout(from, given, [password === undefined ? "password" : "userName"])}`,
      );
      return {};
    }
    // The account that the user belongs to may be set elsewhere.
    const near = [from, ...sources.filter((source) => source !== from)];
    const first = (setting: "domainId" | "domainName") =>
      near.map((source) => source.get(setting)).find((value) => value !== undefined);
    const domain = iamName(first("domainId"), first("domainName"));
    const setting = foundIn(from, markers);
    if (id !== undefined) return { source: sourceOf({ id, password, domain }, setting) };
    if (name !== undefined && domain !== undefined)
      return { source: sourceOf({ name, password, domain }, setting) };
    problems.push(
      `credentials: ${isSetWithout(from, ["userName"], ["domainName"])} (the account that the user belongs to, or its id in ${from.nameOf("domainId")})`,
    );
    return {};
  },
};

function sourceOf(user: IamUser, setting: string): CredentialSource {
  return {
    name: "IAM user",
    setting,
    id: JSON.stringify(["IAM user", user]),
    gives: "token",
    needsIam: true,
    isScoped: true,
    secrets: [user.password],
    names: [user, ...(user.domain ? [user.domain] : [])].map(textOf),
    resolve: (context, signal) => obtainToken(user, locatedRemedy(setting, checkUser), context, signal),
  };
}

const call = "authenticate the IAM user";
const checkUser =
  "Check the user's name, account (domain), password and project. Nothing more is sent with them in this run, because refused passwords lock a user.";

const tokenSchema = z.object({
  token: z.object({ expires_at: time, project: z.object({ id: z.string().min(1) }).nullish() }),
});

/** Asks IAM for a token by a user's password ("Obtaining a User Token Through Password Authentication"). */
async function obtainToken(
  user: IamUser,
  remedy: string,
  { scope, iam, handler, clock }: CredentialContext,
  signal: AbortSignal,
): Promise<ObtainedCredential> {
  const { password, domain } = user;
  const who = "id" in user ? { id: user.id, password } : { name: user.name, password, domain };
  const identity = { methods: ["password"], password: { user: who } };
  const wanted = scope === "account" ? domain && { domain } : scope;
  const auth = wanted === undefined ? { identity } : { identity, scope: wanted };
  const request = post(call, iam, "/v3/auth/tokens", { auth }, "nocatalog=true");
  const { body, response } = await exchange({ ...request, signal }, handler, clock, tokenSchema, remedy);
  const token = headerText.safeParse(response.headers["x-subject-token"]);
  if (!token.success)
    throw new ConnectionError(call, "the answer has no token in X-Subject-Token", { mayHaveArrived: true });
  const { expires_at, project } = body.token;
  return {
    credential: { kind: "token", token: token.data },
    lifetime: lifetimeUntil(expires_at, response, clock),
    projectId: project?.id,
  };
}
