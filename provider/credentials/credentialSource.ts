import type { HttpHandler } from "../cce/http.ts";
import type { AccessKey } from "../cce/signer.ts";
import type { Clock } from "../util/clock.ts";

/** What a request carries to say who asks: a signature made with an access key, or a token. */
export type Credential =
  | { readonly kind: "accessKey"; readonly key: AccessKey }
  | { readonly kind: "token"; readonly token: string };

/** Something that IAM knows by its id or by its name. */
export type IamName = { readonly id: string } | { readonly name: string };

/** What a token is to be good for: one project, or all of the user's account, which is what assuming a role needs. */
export type Scope = { readonly project: IamName } | "account";

/** A credential that was obtained. */
export interface ObtainedCredential {
  readonly credential: Credential;
  /** How long it is good for from now on, in milliseconds; undefined for one that cannot be obtained anew. */
  readonly lifetime?: number;
  /** The project that it is bound to; undefined when it is good for every project of its account. */
  readonly projectId?: string;
}

/** A configured source of credentials. */
export interface CredentialSource {
  /** What it is called in messages: `IAM user`. */
  readonly name: string;
  /** Where it is configured, in words: `environment HW_ACCESS_KEY and HW_SECRET_KEY`. */
  readonly setting: string;
  /** Equal for two sources exactly when they give the same credentials. It holds secrets: never to be shown. */
  readonly id: string;
  /** The kind of credential that it gives. */
  readonly gives: Credential["kind"];
  /** Whether it asks IAM, whose address must then be known. */
  readonly needsIam: boolean;
  /** Whether what it gives is good for one {@link Scope} only. */
  readonly isScoped?: boolean;
  /** The texts of its configuration that must never be shown. */
  readonly secrets: readonly string[];
  /** The names and ids of its configuration: not secret, but nobody else's business, so that no trace has them. */
  readonly names: readonly string[];
  /**
   * Obtains a credential, once for each call.
   * @throws UserError when none is given, which is final.
   * @throws ServiceError, ConnectionError when there is no answer that could be used.
   * @throws InterruptedError when the signal aborts.
   */
  resolve(context: CredentialContext, signal: AbortSignal): Promise<ObtainedCredential>;
}

/** What a source obtains a credential with. */
export interface CredentialContext {
  /** Origin of IAM; empty where no source needs it. */
  readonly iam: string;
  /** Origin of the newer service that lets a role be assumed. */
  readonly sts?: string;
  readonly scope: Scope;
  /** Sends requests without any credential. */
  readonly handler: HttpHandler;
  /** A handler that sends requests with a credential of another source, good for the whole account. */
  authenticatedBy(source: CredentialSource): HttpHandler;
  readonly clock: Clock;
}

/** Something that holds settings: the Pulumi configuration, the environment, a profile. */
export interface SettingSource<Setting extends string = string> {
  /** What messages call it: `Pulumi config`. */
  readonly title: string;
  /** The setting's value; undefined where it is not set, or empty. */
  get(setting: Setting): string | undefined;
  /** The name under which the setting is found here, or would be looked for first: `HW_REGION_NAME`. */
  nameOf(setting: Setting): string;
  /** All names under which the setting is looked for here; empty when it is never held here. */
  namesOf(setting: Setting): readonly string[];
}

/** What a kind of credential source is read from. */
export interface Reading<Setting extends string = string> {
  /** The settings that one of its markers was found in. */
  readonly from: SettingSource<Setting>;
  /** All settings, those that go first first. */
  readonly sources: readonly SettingSource<Setting>[];
  /** Origin of the metadata service; undefined when it is not to be asked. */
  readonly metadata?: string;
  /** Takes what is missing or wrong; no value of a secret is in it. */
  readonly problems: string[];
}

/** What was read: without a source where that is not possible. */
export interface Configured {
  readonly source?: CredentialSource;
  /** Further settings that come with it, such as the region of a profile; they rank right below those it was read from. */
  readonly settings?: SettingSource;
}

/** A kind of credential source, as it can be configured. */
export interface CredentialSourceKind<Setting extends string = string> {
  /** The settings of which any one says that this kind is wanted. */
  readonly markers: readonly Setting[];
  configure(reading: Reading<Setting>): Configured;
}

/** The problem that some of the settings which belong together are missing. */
export function isSetWithout<Setting extends string>(
  from: SettingSource<Setting>,
  given: readonly Setting[],
  missing: readonly Setting[],
): string {
  const names = (settings: readonly Setting[]) =>
    settings.map((setting) => from.nameOf(setting)).join(" and ");
  return `${names(given)} is set without ${names(missing)}; set both, or neither`;
}

/** Where those of the settings that have a value are found, in words: `environment HW_ACCESS_KEY and HW_SECRET_KEY`. */
export function foundIn<Setting extends string>(
  from: SettingSource<Setting>,
  settings: readonly Setting[],
): string {
  const given = settings.filter((setting) => from.get(setting) !== undefined);
  const names = new Intl.ListFormat("en-GB").format(given.map((setting) => from.nameOf(setting)));
  return `${from.title} ${names}`;
}

/** What to do about credentials that are refused: the remedy, and first where they are configured. */
export function locatedRemedy(setting: string, remedy: string): string {
  return `The credentials come from ${setting}. ${remedy}`;
}

/** The problem with a value that becomes a header or a part of a signature; undefined when it is fine. */
export function unprintable<Setting extends string>(
  from: SettingSource<Setting>,
  settings: readonly Setting[],
): string | undefined {
  // In a header, a line break would begin a header of its own; in a secret key, it would spoil every signature.
  const spoiled = settings.find((setting) => !/^[\x21-\x7e]*$/.test(from.get(setting) ?? ""));
  if (spoiled === undefined) return undefined;
  return `${from.nameOf(spoiled)} must contain only printable ASCII characters and no spaces`;
}

/** The id or the name, as a text. */
export function textOf(name: IamName): string {
  return "id" in name ? name.id : name.name;
}

/** By id, where it is known, else by name. */
export function iamName(id: string | undefined, name: string | undefined): IamName | undefined {
  if (id !== undefined) return { id };
  return name === undefined ? undefined : { name };
}

/**
 * The problem that no credentials are found, with the way that most users take; the page has the others.
 * @param because why each place was passed, one sentence a place.
 * @param first the settings that go before the environment.
 */
export function credentialsNotFound(because: readonly string[], first: SettingSource | undefined): string {
  const [key = "", secret = ""] = ["accessKey", "secretKey"].map((setting) => first?.nameOf(setting));
  const others = "docs/credentials.md of this package has all other ways";
  return `credentials: not found (${because.join("; ")}). Set HW_ACCESS_KEY and HW_SECRET_KEY in the environment, or ${key} and ${secret} in the ${first?.title}; ${others}`;
}
