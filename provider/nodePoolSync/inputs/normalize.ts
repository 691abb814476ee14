import { isUnknown } from "../../util/unknowns.ts";
import { normalizePassword } from "./password.ts";
import { normalizeScript } from "./script.ts";

/**
 * The inputs with Base64 in one line, as it is validated, recorded and compared. What is not of the expected type
 * stays as it is, to be refused by the validation.
 */
export function normalizeTexts(inputs: Record<string, unknown>): Record<string, unknown> {
  return texts(inputs) as Record<string, unknown>;
}

/** The inputs with their ids in one order, for the order has no meaning. */
export function sortIds(inputs: Record<string, unknown>): Record<string, unknown> {
  return mapped(inputs, {
    nodeIds: (ids) => (Array.isArray(ids) ? [...ids].sort() : ids),
    excludeNodeIds: (ids) => (Array.isArray(ids) ? [...new Set(ids)].sort() : ids),
  });
}

type Change = (value: unknown) => unknown;
type Changes = Readonly<Record<string, Change>>;

/** Changes properties of an object; any other value stays as it is. */
function object(changes: Changes): Change {
  return (value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? mapped(value as Record<string, unknown>, changes)
      : value;
}

function text(change: (text: string) => string): Change {
  return (value) => (typeof value === "string" && !isUnknown(value) ? change(value) : value);
}

function mapped(value: Record<string, unknown>, changes: Changes): Record<string, unknown> {
  const copy = { ...value };
  for (const [key, change] of Object.entries(changes)) {
    if (Object.hasOwn(copy, key)) copy[key] = change(copy[key]);
  }
  return copy;
}

const texts = object({
  nodeTemplate: object({
    lifeCycle: object({ preInstall: text(normalizeScript), postInstall: text(normalizeScript) }),
    login: object({ userPassword: object({ password: text(normalizePassword) }) }),
  }),
});
