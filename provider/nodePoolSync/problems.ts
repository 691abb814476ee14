import { type core, globalRegistry } from "zod";
import { pathText, quoted } from "../util/path.ts";
import { closest } from "../util/resemblance.ts";
import { isUnknownAt } from "../util/unknowns.ts";
import { passwordIn } from "./secretInputs.ts";

/** The longest text that is quoted, in UTF-16 units. */
const longestQuote = 40;

/**
 * What is wrong with what a program has given, each in a sentence that begins with the property's path. A short value
 * is quoted, but nothing of what the nodes get, no password, and nothing that could be a URL with one. Values that are not
 * known yet are passed over.
 */
export function problemsIn(
  error: core.$ZodError,
  given: Record<string, unknown>,
  schema: core.$ZodType,
): string[] {
  const known = error.issues.filter((issue) => !isUnknownAt(given, issue.path));
  return [...new Set(known.flatMap((issue) => sentences(issue, given, schema)))];
}

function sentences(issue: core.$ZodIssue, given: Record<string, unknown>, schema: core.$ZodType): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) =>
        `${pathText([...issue.path, key])}: is not a property${nearest(key, propertiesAt(issue.path, schema))}`,
    );
  }
  const isOfAnotherType = issue.code === "invalid_type" || issue.code === "invalid_union";
  const missing = isOfAnotherType && valueAt(given, issue.path) === undefined;
  const message = missing ? `is required and ${issue.message}` : issue.message;
  return [`${pathText(issue.path)}: ${message}${quotation(issue.path, given, schema)}`];
}

/** What was given, in brackets; empty where it is not to be quoted. */
function quotation(
  path: readonly PropertyKey[],
  given: Record<string, unknown>,
  schema: core.$ZodType,
): string {
  const input = shapeOf(schema)[String(path[0])];
  if (input === undefined || globalRegistry.get(input)?.class === "content") return "";
  const value = valueAt(given, path);
  if (value === null || typeof value === "number" || typeof value === "boolean") return ` (given: ${value})`;
  const isQuotable = typeof value === "string" && value.length <= longestQuote && !/\/\/|@/.test(value);
  const password = passwordIn(given);
  const isSecret = isQuotable && password !== undefined && value.includes(password);
  return isQuotable && !isSecret ? ` (given: ${quoted(value)})` : "";
}

/** A hint at the property that was probably meant, when one of the same object is near enough in spelling. */
function nearest(key: string, known: readonly string[]): string {
  const meant = closest(key, known);
  return meant === undefined ? `; the properties here are ${known.join(", ")}` : `; did you mean ${meant}?`;
}

function propertiesAt(path: readonly PropertyKey[], schema: core.$ZodType): string[] {
  const inner = path.reduce((outer, key) => shapeOf(outer)[String(key)] ?? outer, schema);
  return Object.keys(shapeOf(inner));
}

function shapeOf(schema: core.$ZodType): Record<string, core.$ZodType> {
  const { def } = schema._zod as unknown as {
    def: { innerType?: core.$ZodType; shape?: Record<string, core.$ZodType> };
  };
  return def.innerType === undefined ? (def.shape ?? {}) : shapeOf(def.innerType);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const isContainer = typeof value === "object" && value !== null;
    return isContainer ? (value as Record<PropertyKey, unknown>)[key] : undefined;
  }, root);
}
