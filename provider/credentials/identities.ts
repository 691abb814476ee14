import type { Exchange } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import { remember } from "../util/memoize.ts";
import type { Authenticate } from "./authentication.ts";
import { type SignIn, secretsOfSignIn } from "./credential.ts";
import { fixedIdentity, type Identity, issuedIdentity } from "./identity.ts";
import { issueServerKeys } from "./metadata.ts";
import { assumeRole } from "./role.ts";
import { issueToken, type Scope } from "./token.ts";
import type { Issue } from "./tokenExchange.ts";

/** Whose rights are wanted, for what, and where they are to be had. */
export interface Wanted {
  readonly signIn: SignIn;
  /** Undefined for a way to sign in that needs no IAM. */
  readonly iamEndpoint?: string;
  readonly stsEndpoint?: string;
  /** The project that a token is asked for: by its id, else by its name. */
  readonly projectId?: string;
  readonly projectName?: string;
}

/** The identities of this process; whoever wants the same one shares its credential. */
export interface Identities {
  /** @param exchange sends requests without any credential. */
  open(wanted: Wanted, exchange: Exchange): Identity;
}

/** Opens the identities of this process. */
export function openIdentities(authenticate: Authenticate, clock: Clock): Identities {
  const known = new Map<string, Identity>();

  function identify(signIn: SignIn, wanted: Wanted, scope: Scope, exchange: Exchange): Identity {
    if (signIn.way === "given") return fixedIdentity(signIn.credential);
    const bound = signIn.way === "password" ? scope : undefined;
    const key = JSON.stringify([signIn, bound, wanted.iamEndpoint, wanted.stsEndpoint]);
    return remember(known, key, () =>
      issuedIdentity(issueFor(signIn, wanted, scope, exchange), secretsOfSignIn(signIn), clock),
    );
  }

  function issueFor(
    signIn: Exclude<SignIn, { way: "given" }>,
    wanted: Wanted,
    scope: Scope,
    exchange: Exchange,
  ): Issue {
    const { iamEndpoint: iam = "", stsEndpoint: sts } = wanted;
    switch (signIn.way) {
      case "metadata":
        return issueServerKeys(signIn.origin, signIn.because, exchange, clock);
      case "password":
        return issueToken(signIn.user, scope, iam, exchange, clock);
      case "role": {
        const { by, role } = signIn;
        const domain = by.way === "password" ? by.user.domain : undefined;
        const asker = identify(by, wanted, { domain }, exchange);
        // The newer service takes signatures only.
        const signs = by.way !== "password" && !(by.way === "given" && by.credential.kind === "token");
        return assumeRole(role, { iam, sts: signs ? sts : undefined }, authenticate(asker, exchange), clock);
      }
    }
  }

  return {
    open(wanted, exchange) {
      const { projectId, projectName = "" } = wanted;
      const project = projectId === undefined ? { name: projectName } : { id: projectId };
      return identify(wanted.signIn, wanted, { project }, exchange);
    },
  };
}
