/**
 * Where the one secret input stands. Everything else that a user gives is public unless the user's own program
 * marks it as secret, which the engine then keeps by path.
 */
export const passwordPath = ["nodeTemplate", "login", "userPassword", "password"] as const;

const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/**
 * A value in the form that makes the engine store and show it as a secret (@pulumi/pulumi, runtime/rpc:
 * `specialSigKey`, `specialSecretSig`). The engine honours it in whatever a dynamic provider returns from
 * check, create, read and update.
 */
function wireSecret(value: unknown): Record<string, unknown> {
  return { [signatureKey]: secretSignature, value };
}

/** The value inside a wire secret; any other value as it is. */
export function unwrapSecret(value: unknown): unknown {
  const wrapped = isObject(value) && value[signatureKey] === secretSignature;
  return wrapped ? (value as Record<string, unknown>).value : value;
}

/** A copy of the properties in which the password, where there is one, is a wire secret. */
export function withPasswordSecret<T extends object>(properties: T): T {
  const [first, ...rest] = passwordPath;
  return replaceAt(properties, [first, ...rest], (password) =>
    isObject(password) ? password : wireSecret(password),
  ) as T;
}

/** The password inside inputs or state, or undefined where none is given. */
export function passwordIn(properties: object): string | undefined {
  let value: unknown = properties;
  for (const key of passwordPath) {
    if (!isObject(value)) return undefined;
    value = unwrapSecret(value[key]);
  }
  return typeof value === "string" ? value : undefined;
}

function replaceAt(value: unknown, path: readonly string[], replace: (leaf: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replace(value);
  if (!isObject(value) || value[key] === undefined) return value;
  return { ...value, [key]: replaceAt(value[key], rest, replace) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
