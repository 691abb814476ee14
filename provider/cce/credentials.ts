import type { AccessKey } from "./signer.ts";

/** How requests are authenticated: signed with an access key, or with a token that was issued elsewhere. */
export type Credential =
  | { readonly kind: "accessKey"; readonly key: AccessKey }
  | { readonly kind: "token"; readonly token: string };

/** The texts that must never be shown. */
export function secretsOf(credential: Credential): string[] {
  if (credential.kind === "token") return [credential.token];
  const { secretKey, securityToken } = credential.key;
  return securityToken === undefined ? [secretKey] : [secretKey, securityToken];
}

/** What one place offers; an absent value is undefined or empty. */
interface Offer {
  /** The names of the values as this place spells them, for messages. */
  readonly names: Readonly<Record<Part, string>>;
  readonly values: Readonly<Record<Part, string | undefined>>;
}

type Part = "token" | "accessKey" | "secretKey" | "securityToken";

const parts: Record<Part, { key: string; variables: string[] }> = {
  token: { key: "token", variables: ["HW_AUTH_TOKEN", "OS_AUTH_TOKEN"] },
  accessKey: { key: "accessKey", variables: ["HW_ACCESS_KEY", "OS_ACCESS_KEY"] },
  secretKey: { key: "secretKey", variables: ["HW_SECRET_KEY", "OS_SECRET_KEY"] },
  securityToken: { key: "securityToken", variables: ["HW_SECURITY_TOKEN"] },
};

/**
 * The credential of the first place that has one: the stack's Pulumi configuration, then the environment. In one
 * place a token goes before an access key, as in the vendor's providers. A place that is set up but broken stops
 * the search, so that a typing error never falls through to somebody else's key.
 * @param problems takes what is missing or broken; no value of a secret is in it.
 */
export function findCredential(
  sources: {
    readonly config: (key: string) => string | undefined;
    readonly environment: Readonly<Record<string, string | undefined>>;
  },
  problems: string[],
): Credential | undefined {
  const offers = [
    offer((part) => [`huaweicloud:${parts[part].key}`], sources.config),
    offer(
      (part) => parts[part].variables,
      (name) => sources.environment[name],
    ),
  ];
  const chosen = offers.find(({ values }) => Object.values(values).some((value) => value !== undefined));
  if (chosen === undefined) {
    problems.push(
      `credentials: not found; looked at: Pulumi config ${listKeys()}, environment ${listVariables()} (an access key and its secret key, or a token)`,
    );
    return undefined;
  }
  return credentialOf(chosen, problems);
}

function offer(namesOf: (part: Part) => string[], get: (name: string) => string | undefined): Offer {
  const names = {} as Record<Part, string>;
  const values = {} as Record<Part, string | undefined>;
  for (const part of Object.keys(parts) as Part[]) {
    const candidates = namesOf(part);
    const found = candidates.find((name) => (get(name) ?? "") !== "");
    names[part] = found ?? candidates[0] ?? part;
    values[part] = found === undefined ? undefined : get(found);
  }
  return { names, values };
}

function credentialOf({ names, values }: Offer, problems: string[]): Credential | undefined {
  const { token, accessKey, secretKey, securityToken } = values;
  for (const part of ["token", "accessKey", "secretKey", "securityToken"] as const) {
    // In a header, a line break would begin a header of its own; in a secret key, it would spoil every signature.
    if (values[part] !== undefined && !/^[\x21-\x7e]+$/.test(values[part])) {
      problems.push(`credentials: ${names[part]} must hold printable ASCII characters without spaces`);
      return undefined;
    }
  }
  if (token !== undefined) return { kind: "token", token };
  if (accessKey === undefined || secretKey === undefined) {
    const missing = [
      accessKey === undefined ? names.accessKey : "",
      secretKey === undefined ? names.secretKey : "",
    ];
    const given = (["accessKey", "secretKey", "securityToken"] as const).filter(
      (part) => values[part] !== undefined,
    );
    problems.push(
      `credentials: ${given.map((part) => names[part]).join(" and ")} is set without ${missing.filter(Boolean).join(" and ")}; set both, or neither`,
    );
    return undefined;
  }
  return {
    kind: "accessKey",
    key: securityToken ? { accessKey, secretKey, securityToken } : { accessKey, secretKey },
  };
}

function listKeys(): string {
  return Object.values(parts)
    .map(({ key }) => `huaweicloud:${key}`)
    .join(", ");
}

function listVariables(): string {
  return Object.values(parts)
    .flatMap(({ variables }) => variables)
    .join(", ");
}
