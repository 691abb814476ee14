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

/**
 * The value that the changes lead to; the one that they begin from stays as it is, and shares what does not change.
 * @throws RangeError when the changes are not of this value.
 */
export function applyChanges(before: unknown, changes: readonly Change[]): unknown {
  const holder: Container = { root: before };
  const own = new Set<unknown>([holder]);
  for (const change of changes) {
    const keys = change[0] === "" ? [] : change[0].slice(1).split("/").map(unescaped);
    let parent = holder;
    let last = "root";
    for (const key of keys) {
      parent = ownChild(parent, last, own);
      last = key;
    }
    apply(parent, last, change);
  }
  return holder.root;
}

type Container = Record<string, unknown>;

/** What is at a place, as a copy that may be changed. */
function ownChild(parent: Container, key: string, own: Set<unknown>): Container {
  const child = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (own.has(child)) return child as Container;
  if (typeof child !== "object" || child === null) throw new RangeError("there is nothing at this place");
  const copy = Array.isArray(child) ? [...child] : { ...child };
  own.add(copy);
  define(parent, key, copy);
  return copy as Container;
}

function apply(parent: Container, key: string, change: Change): void {
  if (Array.isArray(parent)) assertPlace(parent, key, change[1]);
  if (change.length === 1) delete parent[key];
  else define(parent, key, change[1]);
}

/** Arrays grow by one item at a time, and become shorter. */
function assertPlace(items: readonly unknown[], key: string, value: unknown): void {
  const isItem = /^\d+$/.test(key) && Number(key) <= items.length;
  const isLength = key === "length" && typeof value === "number" && value < items.length;
  if (!isItem && !isLength) throw new RangeError("there is no such place in the array");
}

/** Also where the key is one that an object inherits, such as `__proto__`. */
function define(parent: Container, key: string, value: unknown): void {
  if (Array.isArray(parent)) (parent as unknown as Container)[key] = value;
  else Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}

function join(place: string, key: string): string {
  return `${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

function unescaped(key: string): string {
  return key.replaceAll("~1", "/").replaceAll("~0", "~");
}
