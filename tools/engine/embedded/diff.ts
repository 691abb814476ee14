import { isObject, isSecret, makeSecret, type PropertyMap, type PropertyValue } from "../properties.ts";

/** Where a property is: keys of objects and indices of arrays, from the outside in. */
export type PropertyPath = readonly (string | number)[];

/** One difference between two sets of properties. What was a secret is a secret in `before` and `after`, too. */
export interface PropertyChange {
  path: PropertyPath;
  kind: "add" | "delete" | "update";
  before?: PropertyValue;
  after?: PropertyValue;
}

/**
 * The engine's own structural diff, used when a provider leaves the decision to it: objects key by key, arrays
 * index by index, null as good as absent, secrets by their values.
 */
export function diffProperties(before: PropertyMap, after: PropertyMap): PropertyChange[] {
  return diffObjects(before, after, [], false);
}

/** Whether two sets of properties hold the same; a secret and the same value in plain are different. */
export function sameProperties(a: PropertyMap, b: PropertyMap): boolean {
  return sameValue(a, b);
}

function diffObjects(before: PropertyMap, after: PropertyMap, path: PropertyPath, secret: boolean) {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => diffValues(before[key], after[key], [...path, key], secret));
}

function diffValues(
  rawBefore: PropertyValue | undefined,
  rawAfter: PropertyValue | undefined,
  path: PropertyPath,
  inSecret: boolean,
): PropertyChange[] {
  const secret = inSecret || isSecret(rawBefore) || isSecret(rawAfter);
  const before = open(rawBefore);
  const after = open(rawAfter);
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => diffValues(before[i], after[i], [...path, i], secret)).flat();
  }
  if (isObject(before) && isObject(after)) return diffObjects(before, after, path, secret);
  if (before === undefined && after === undefined) return [];
  const show = (value: PropertyValue) => (secret ? makeSecret(value) : value);
  if (before === undefined) return [{ path, kind: "add", after: show(after as PropertyValue) }];
  if (after === undefined) return [{ path, kind: "delete", before: show(before) }];
  return before === after ? [] : [{ path, kind: "update", before: show(before), after: show(after) }];
}

/** The value under its secrets; null counts as no value. */
function open(value: PropertyValue | undefined): PropertyValue | undefined {
  if (isSecret(value)) return open(value.value);
  return value ?? undefined;
}

function sameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((element, i) => sameValue(element, b[i]));
  }
  if (isObject(a) && isObject(b)) {
    return [...Object.keys(a), ...Object.keys(b)].every((key) => sameValue(a[key], b[key]));
  }
  return (a ?? null) === (b ?? null);
}
