import { createHash } from "node:crypto";
import { isObject } from "../../util/json.ts";
import { fileHash, unwrapSecret } from "../../util/wire.ts";

/** The inputs that make up the content of a node, as declared or as recorded (without the password). */
export interface Content {
  readonly nodeTemplate?: unknown;
  readonly triggers?: unknown;
}

/**
 * The value in the form in which it is recorded and compared: as JSON has it (no -0, NaN or undefined, which no state
 * holds), keys in one order, secrets in plain, assets and archives as their hash. What has been through it once comes
 * out of it unchanged.
 */
export function canonical(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined ? undefined : sorted(JSON.parse(text));
}

/** Whether two values are equal in their {@link canonical} form. */
export function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
}

/**
 * Digest of what a node gets and of what is declared to matter for it: template and triggers. Values that are as if
 * left out make no difference to it.
 * @param password the digest of the declared password, which takes its place.
 */
export function contentDigest({ nodeTemplate, triggers }: Content, password: string | undefined): string {
  return digest({
    nodeTemplate: templateMeaning(nodeTemplate, password),
    triggers: triggersMeaning(triggers),
  });
}

/** Digest of the node template alone. */
export function templateDigest(nodeTemplate: unknown, password: string | undefined): string {
  return digest({ nodeTemplate: templateMeaning(nodeTemplate, password) });
}

function digest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex");
}

function templateMeaning(nodeTemplate: unknown, password: string | undefined): unknown {
  const template = canonical(nodeTemplate);
  if (!isObject(template)) return template;
  const { lifeCycle, login, volumeConfig } = template;
  return {
    ...template,
    lifeCycle: without(lifeCycle, { waitPostInstallFinish: false }),
    login: isObject(login) ? { ...login, userPassword: loginMeaning(login.userPassword, password) } : login,
    volumeConfig: emptyAsAbsent(without(volumeConfig, { volumeResetPolicy: "reset_managed_volumes" })),
  };
}

function loginMeaning(userPassword: unknown, password: string | undefined): unknown {
  if (!isObject(userPassword)) return userPassword;
  return { ...without(userPassword, { username: "root" }), password };
}

function triggersMeaning(triggers: unknown): unknown {
  return emptyAsAbsent(canonical(triggers));
}

function emptyAsAbsent(value: unknown): unknown {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0 ? undefined : value;
}

/** A copy without the properties that have their documented default. */
function without<T>(value: T, defaults: Readonly<Record<string, unknown>>): T {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(
    ([key, inner]) => !Object.hasOwn(defaults, key) || inner !== defaults[key],
  );
  return Object.fromEntries(entries) as T;
}

function sorted(value: unknown): unknown {
  const inner = unwrapSecret(value);
  if (Array.isArray(inner)) return inner.map(sorted);
  if (!isObject(inner)) return inner;
  const hash = fileHash(inner);
  if (hash !== undefined) return hash;
  const entries = Object.entries(inner).map(([key, nested]) => [key, sorted(nested)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
