import { isObject, isSecret, mapValues, type PropertyMap, type PropertyValue } from "./properties.ts";
import type { Deployment } from "./types.ts";
import { ROOT_STACK_TYPE } from "./urn.ts";

/** The stack's outputs in plain, from a state that was exported with its secrets shown. */
export function outputsOf({ deployment }: Deployment): Record<string, unknown> {
  const root = rootStackOf(deployment.resources ?? []);
  return mapValues((root?.outputs ?? {}) as PropertyMap, reveal);
}

/** The resource of a state that stands for the stack itself; undefined when nothing was deployed. */
export function rootStackOf<Resource extends { type: string; parent?: string }>(
  resources: readonly Resource[],
): Resource | undefined {
  return resources.find(({ type, parent }) => type === ROOT_STACK_TYPE && parent === undefined);
}

/** A secret in a state has its value as JSON text, encrypted or, as here, in plain. */
function reveal(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return JSON.parse(String(value.plaintext));
  if (Array.isArray(value)) return value.map(reveal);
  return isObject(value) ? mapValues(value, reveal) : value;
}
