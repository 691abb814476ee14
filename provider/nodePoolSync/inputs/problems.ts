import { type core, globalRegistry } from "zod";
import { redact } from "../../errors/redaction.ts";
import { pathText, quoted } from "../../util/path.ts";
import { closest } from "../../util/resemblance.ts";
import { isUnknownAt } from "../../util/unknowns.ts";
import { passwordPath } from "./secretInputs.ts";

/** The longest text that is quoted, in UTF-16 units: as long as an ID of the service, and shorter than any secret key. */
const longestQuote = 36;
/** What is in a URL only where there can be a user, a password or a query too. */
const partOfUrl = /\/\/|[\\@?#]|%[\da-f]{2}/i;

/**
 * What is wrong with what a program has given, each in a sentence that begins with the property's path. A short value
 * is quoted, but nothing of what the nodes get, also where it stands in another place or encoded, and nothing that could
 * be a URL with a password. Values that are not known yet are passed over.
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
  if (typeof value !== "string" || value.length > longestQuote || partOfUrl.test(value)) return "";
  return redact(value, privateTexts(given, schema)) === value ? ` (given: ${quoted(value)})` : "";
}

/** Short texts that are for the nodes, or that stand under a name which is not known: each may be the password. */
function privateTexts(given: Record<string, unknown>, schema: core.$ZodType): string[] {
  const inputs = shapeOf(schema);
  const strangers = Object.keys(given).filter((name) => inputs[name] === undefined);
  const texts = [textsIn(given[passwordPath[0]]), strangers.map((name) => given[name])].flat();
  return texts.filter((text) => typeof text === "string" && text.length <= longestQuote) as string[];
}

function textsIn(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [value];
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
