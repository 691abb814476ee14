import type { HttpHandler } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { Authenticate } from "./authentication.ts";
import { type CredentialProvider, createCredentialProvider } from "./credentialProvider.ts";
import type { CredentialContext, CredentialSource, Scope } from "./credentialSource.ts";

/** Whose credential is wanted, for what, and where it is to be had. */
export interface Wanted {
  readonly source: CredentialSource;
  /** Undefined where the source needs no IAM. */
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

  function provide(
    source: CredentialSource,
    common: Pick<CredentialContext, "iam" | "sts" | "handler">,
    scope: Scope,
  ): CredentialProvider {
    const { iam, sts, handler } = common;
    const key = JSON.stringify([source.id, source.isScoped && scope, iam, sts]);
    const context: CredentialContext = {
      ...common,
      scope,
      clock,
      authenticatedBy: (base) => authenticate(provide(base, common, "account"), handler),
    };
    return memoize(known, key, () =>
      createCredentialProvider((signal) => source.resolve(context, signal), source, clock),
    );
  }

  return {
    providerFor({ source, iamEndpoint: iam = "", stsEndpoint: sts, projectId, projectName = "" }, handler) {
      const project = projectId === undefined ? { name: projectName } : { id: projectId };
      return provide(source, { iam, sts, handler }, { project });
    },
  };
}
