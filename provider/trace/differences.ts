import { isObject } from "../util/json.ts";

/**
 * What has changed from one JSON value to another: for each place the new value, or nothing where it is gone. A place is
 * the keys on the way to it, joined by slashes; in a key, `~1` stands for a slash and `~0` for a tilde. The place `length`
 * of an array is its new length.
 */
export type Change = readonly [place: string, value?: unknown];

/** What leads from the one value to the other. */
export function differences(before: unknown, after: unknown, place = ""): Change[] {
  if (Object.is(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return differencesOfArrays(before, after, place);
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
      const inner = join(place, key);
      if (!Object.hasOwn(after, key)) return [[inner] as const];
      return Object.hasOwn(before, key)
        ? differences(before[key], after[key], inner)
        : [[inner, after[key]] as const];
    });
  }
  return [[place, after]];
}

function differencesOfArrays(before: readonly unknown[], after: readonly unknown[], place: string): Change[] {
  const changes = after.flatMap((item, index) =>
    index < before.length
      ? differences(before[index], item, join(place, String(index)))
      : [[join(place, String(index)), item] as const],
  );
  return after.length < before.length ? [...changes, [join(place, "length"), after.length]] : changes;
}

/** The value that the changes lead to; the one that they begin from stays as it is. */
export function applyChanges(before: unknown, changes: readonly Change[]): unknown {
  const holder = { root: structuredClone(before) };
  for (const change of changes) apply(holder, change);
  return holder.root;
}

function apply(holder: { root: unknown }, change: Change): void {
  const keys = change[0] === "" ? [] : change[0].slice(1).split("/").map(unescaped);
  let parent: Record<string, unknown> = holder;
  let last = "root";
  for (const key of keys) {
    parent = parent[last] as Record<string, unknown>;
    last = key;
  }
  if (change.length === 1) delete parent[last];
  else define(parent, last, structuredClone(change[1]));
}

/** Also where the key is one that an object inherits, such as `__proto__`. */
function define(parent: Record<string, unknown>, key: string, value: unknown): void {
  if (Array.isArray(parent)) (parent as unknown as Record<string, unknown>)[key] = value;
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function join(place: string, key: string): string {
  return `${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
