import type { HttpHandler } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { Authenticate } from "./authentication.ts";
import { type SignIn, secretsOfSignIn } from "./credential.ts";
import { type CredentialProvider, fixedCredentials, temporaryCredentials } from "./credentialProvider.ts";
import { fetchServerKeys } from "./metadata.ts";
import { assumeRole } from "./role.ts";
import { exchangePassword, type Scope } from "./token.ts";
import type { TokenExchange } from "./tokenExchange.ts";

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

/** The credential providers of a process; whoever wants the same one shares its credential. */
export interface CredentialProviders {
  /** @param handler sends requests without any credential. */
  providerFor(wanted: Wanted, handler: HttpHandler): CredentialProvider;
}

/** Makes the credential providers of a process. */
export function createCredentialProviders(authenticate: Authenticate, clock: Clock): CredentialProviders {
  const known = new Map<string, CredentialProvider>();

  function provide(signIn: SignIn, wanted: Wanted, scope: Scope, handler: HttpHandler): CredentialProvider {
    if (signIn.way === "given") return fixedCredentials(signIn.credential);
    const bound = signIn.way === "password" ? scope : undefined;
    const key = JSON.stringify([signIn, bound, wanted.iamEndpoint, wanted.stsEndpoint]);
    return memoize(known, key, () =>
      temporaryCredentials(exchangeFor(signIn, wanted, scope, handler), secretsOfSignIn(signIn), clock),
    );
  }

  function exchangeFor(
    signIn: Exclude<SignIn, { way: "given" }>,
    wanted: Wanted,
    scope: Scope,
    handler: HttpHandler,
  ): TokenExchange {
    const { iamEndpoint: iam = "", stsEndpoint: sts } = wanted;
    switch (signIn.way) {
      case "metadata":
        return fetchServerKeys(signIn.origin, signIn.because, handler, clock);
      case "password":
        return exchangePassword(signIn.user, scope, iam, handler, clock);
      case "role": {
        const { by, role } = signIn;
        const domain = by.way === "password" ? by.user.domain : undefined;
        const asker = provide(by, wanted, { domain }, handler);
        // The newer service takes signatures only.
        const signs = by.way !== "password" && !(by.way === "given" && by.credential.kind === "token");
        return assumeRole(role, { iam, sts: signs ? sts : undefined }, authenticate(asker, handler), clock);
      }
    }
  }

  return {
    providerFor(wanted, handler) {
      const { projectId, projectName = "" } = wanted;
      const project = projectId === undefined ? { name: projectName } : { id: projectId };
      return provide(wanted.signIn, wanted, { project }, handler);
    },
  };
}
