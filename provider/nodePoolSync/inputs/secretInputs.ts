import { isObject } from "../../util/json.ts";
import { unwrapSecret, wireSecret } from "../../util/wire.ts";

/**
 * Where the one secret input stands. Everything else that a user gives is public unless the user's own program
 * marks it as secret, which the engine then keeps by path.
 */
export const passwordPath = ["nodeTemplate", "login", "userPassword", "password"] as const;

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
