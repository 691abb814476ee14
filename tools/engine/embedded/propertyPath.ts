import { isObject, isSecret, makeSecret, type PropertyMap, type PropertyValue } from "../properties.ts";

/** A property path such as `a.b[0]["c.d"]`, taken apart. The key `"*"` stands for every key or index. */
export type PropertyPath = readonly (string | number)[];

const SEGMENT = /\.?([^.[\]]+)|\[(\d+)\]|\[(\*)\]|\["((?:\\"|[^"])*)"\]/y;

/** Takes a path apart as Pulumi's options spell it. Throws when it is not well formed. */
export function parsePath(text: string): PropertyPath {
  const path: (string | number)[] = [];
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < text.length) {
    const match = SEGMENT.exec(text);
    if (match === null) throw new Error(`"${text}" is not a property path`);
    const [, name, index, star, quoted] = match;
    if (index !== undefined) path.push(Number(index));
    else path.push(name ?? star ?? quoted?.replaceAll('\\"', '"') ?? "");
  }
  return path;
}

/** The path as text, the way the engine prints it. */
export function formatPath(path: PropertyPath): string {
  return path
    .map((key, position) => {
      if (typeof key === "number") return `[${key}]`;
      if (/[.[\]"]/.test(key)) return `["${key.replaceAll('"', '\\"')}"]`;
      return position === 0 ? key : `.${key}`;
    })
    .join("");
}

/** Whether `inner` is `outer` or lies within it. */
export function pathContains(outer: PropertyPath, inner: PropertyPath): boolean {
  return outer.length <= inner.length && outer.every((key, i) => key === "*" || key === inner[i]);
}

/**
 * The option `ignoreChanges`: a copy of the inputs in which whatever lies at one of the paths is as it was in
 * the old inputs, or absent as it was there. Returns the paths that cannot be followed on both sides, too.
 */
export function keepOldValues(
  inputs: PropertyMap,
  oldInputs: PropertyMap,
  paths: readonly string[],
): { inputs: PropertyMap; unusable: string[] } {
  const kept = structuredClone(inputs);
  const unusable = paths.filter((path) => !restore(kept, oldInputs, parsePath(path)));
  return { inputs: kept, unusable };
}

function restore(target: PropertyValue, source: PropertyValue, path: PropertyPath): boolean {
  const [key, ...rest] = path;
  if (key === undefined) return false;
  const to = openSecret(target);
  const from = openSecret(source);
  if (key === "*") {
    return keysOf(to, from).every((each) => restore(target, source, [each, ...rest]));
  }
  const before = child(from, key);
  const now = child(to, key);
  if (rest.length > 0) {
    if (before === undefined || now === undefined) return before === now;
    return restore(now, before, rest);
  }
  if (Array.isArray(to) && typeof key === "number") {
    if (before === undefined || now === undefined) return before === now;
    to[key] = secretLike(source, before);
    return true;
  }
  if (!isObject(to)) return before === undefined;
  if (before === undefined) delete to[key];
  else to[key] = secretLike(source, before);
  return true;
}

function openSecret(value: PropertyValue): PropertyValue {
  return isSecret(value) ? openSecret(value.value) : value;
}

function secretLike(container: PropertyValue, value: PropertyValue): PropertyValue {
  return isSecret(container) ? makeSecret(value) : value;
}

function child(value: PropertyValue, key: string | number): PropertyValue | undefined {
  if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
  return isObject(value) && typeof key === "string" ? value[key] : undefined;
}

function keysOf(...values: PropertyValue[]): (string | number)[] {
  const keys = new Set<string | number>();
  for (const value of values) {
    if (Array.isArray(value)) for (const index of value.keys()) keys.add(index);
    else if (isObject(value)) for (const key of Object.keys(value)) keys.add(key);
  }
  return [...keys];
}
