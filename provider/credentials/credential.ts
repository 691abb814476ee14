import type { AccessKey } from "../cce/signer.ts";

/** What a request carries to say who asks: a signature made with an access key, or a token. */
export type Credential =
  | { readonly kind: "accessKey"; readonly key: AccessKey }
  | { readonly kind: "token"; readonly token: string };

/** The way to come by a credential, as it is configured. */
export type SignIn =
  /** The credential itself is given. */
  | { readonly way: "given"; readonly credential: Credential }
  /** The name and password of an IAM user, for a token. */
  | { readonly way: "password"; readonly user: IamUser }
  /** The temporary keys that the metadata service of an ECS server hands out. */
  | {
      readonly way: "metadata";
      /** Origin of the metadata service. */
      readonly origin: string;
      /** Why it is asked, for the message that says that it does not answer: one sentence a line. */
      readonly because: readonly string[];
    }
  /** The temporary keys of an agency whose role is assumed. */
  | { readonly way: "role"; readonly role: Role; readonly by: SignIn };

/** A user of IAM, known by its id, or by its name within an account (domain). */
export type IamUser = { readonly password: string; readonly domain?: Naming } & (
  | { readonly id: string }
  | { readonly name: string }
);

/** The agency whose role is assumed, in the account (domain) that made it. */
export interface Role {
  readonly agencyName: string;
  readonly domain: Naming;
  /** How long its keys are valid, in seconds: 900 to 86,400. */
  readonly duration: number;
}

/** Something that IAM knows by its id or by its name. */
export type Naming = { readonly id: string } | { readonly name: string };

/** The texts of a credential that must never be shown. */
export function secretsOf(credential: Credential): string[] {
  if (credential.kind === "token") return [credential.token];
  const { secretKey, securityToken } = credential.key;
  return securityToken === undefined ? [secretKey] : [secretKey, securityToken];
}

/** The texts of a way to sign in that must never be shown. */
export function secretsOfSignIn(signIn: SignIn): string[] {
  if (signIn.way === "given") return secretsOf(signIn.credential);
  if (signIn.way === "password") return [signIn.user.password];
  return signIn.way === "role" ? secretsOfSignIn(signIn.by) : [];
}

/** The problem that no place has a credential: every place that was looked at, and why it was passed. */
export function credentialsNotFound(lookedAt: readonly string[]): string {
  return `credentials: not found; looked at:${lookedAt.map((sentence) => `\n  - ${sentence}`).join("")}`;
}

/** The names and ids of a way to sign in: not secret, but nobody else's business. */
export function namesOfSignIn(signIn: SignIn): string[] {
  const namesOf = (named: object | undefined) => Object.values(named ?? {}) as string[];
  switch (signIn.way) {
    case "given":
      return signIn.credential.kind === "accessKey" ? [signIn.credential.key.accessKey] : [];
    case "password": {
      const { password: _secret, domain, ...user } = signIn.user;
      return [...namesOf(user), ...namesOf(domain)];
    }
    case "role":
      return [signIn.role.agencyName, ...namesOf(signIn.role.domain), ...namesOfSignIn(signIn.by)];
    case "metadata":
      return [];
  }
}
