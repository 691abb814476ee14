/**
 * The text that stands for a value which is not known yet. In a preview the engine puts it in place of any
 * value of any type, nested and inside arrays too (@pulumi/pulumi, runtime/rpc: `unknownValue`).
 */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether this very value is not known yet. A container that holds an unknown is not itself unknown. */
export function isUnknown(value: unknown): boolean {
  return value === unknownValue;
}

/** Whether the value at this path, or a container on the way to it, is not known yet. */
export function isUnknownAt(root: unknown, path: readonly PropertyKey[]): boolean {
  let value = root;
  for (const key of path) {
    if (isUnknown(value)) return true;
    if (typeof value !== "object" || value === null) return false;
    value = (value as Record<PropertyKey, unknown>)[key];
  }
  return isUnknown(value);
}

/** Whether anything inside the value is not known yet. */
export function containsUnknown(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return isUnknown(value);
  return Object.values(value).some(containsUnknown);
}
