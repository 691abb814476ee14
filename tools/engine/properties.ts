/**
 * Resource properties are kept in memory as they travel: plain JSON in which a secret is an object with
 * Pulumi's signature and an unknown value is a fixed string (Pulumi SDK, runtime/rpc). Assets, archives and
 * resource references carry signatures too and pass through untouched.
 */

/** A value of a property. */
export type PropertyValue = null | boolean | number | string | PropertyValue[] | PropertyMap;
/** Properties by name. */
export interface PropertyMap {
  [key: string]: PropertyValue;
}

/** The key that marks an object as something other than plain data. */
export const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
/** The signature of secrets, on the wire and in state. */
export const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";
/** Stands in previews for a value that is not known yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A secret as it travels; in a state, `ciphertext` or `plaintext` takes the place of `value`. */
export interface Secret extends PropertyMap {
  [SIGNATURE_KEY]: typeof SECRET_SIGNATURE;
  value: PropertyValue;
}

/** Whether a value is an object, a secret or the like included. */
export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a secret. */
export function isSecret(value: PropertyValue | undefined): value is Secret {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Wraps a value as a secret; a secret stays as it is. */
export function makeSecret(value: PropertyValue): Secret {
  return isSecret(value) ? value : { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** A copy of the properties in which every secret is its plain value: what providers get to see. */
export function withoutSecrets(properties: PropertyMap): PropertyMap {
  return mapValues(properties, plainValue);
}

/** The value with every secret in it, at any depth, in plain. */
export function plainValue(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return plainValue(value.value);
  if (Array.isArray(value)) return value.map(plainValue);
  return isObject(value) ? withoutSecrets(value) : value;
}

/** Whether a predicate holds for the value or anything in it. */
export function someValue(value: PropertyValue, predicate: (value: PropertyValue) => boolean): boolean {
  if (predicate(value)) return true;
  if (Array.isArray(value)) return value.some((element) => someValue(element, predicate));
  return isObject(value) && Object.values(value).some((element) => someValue(element, predicate));
}

/** Whether anything in the value is unknown. */
export function hasUnknowns(value: PropertyValue): boolean {
  return someValue(value, (part) => part === UNKNOWN);
}

/**
 * Carries secretness over from what a provider was sent to what it answered, by path. Objects on both sides are
 * compared key by key; an array with one secret in it makes the whole answered value a secret, because
 * providers may reorder (the engine's annotateSecrets).
 */
export function annotateSecrets(answered: PropertyMap, sent: PropertyMap): PropertyMap {
  return mapValues(answered, (value, key) => {
    const original = sent[key];
    if (original === undefined) return value;
    if (isPlainObject(value) && isPlainObject(original)) return annotateSecrets(value, original);
    return someValue(original, isSecret) ? makeSecret(value) : value;
  });
}

/** An object with another value under each key. */
export function mapValues(
  properties: PropertyMap,
  change: (value: PropertyValue, key: string) => PropertyValue,
): PropertyMap {
  return Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, change(value, key)]));
}

function isPlainObject(value: PropertyValue): value is PropertyMap {
  return isObject(value) && !(SIGNATURE_KEY in value);
}
