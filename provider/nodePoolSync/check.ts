import type { core } from "zod";
import { pathText } from "../util/path.ts";
import { closest } from "../util/resemblance.ts";
import { isUnknown, isUnknownAt } from "../util/unknowns.ts";
import { normalizeTexts, sortIds } from "./normalize.ts";
import { inputNames, inputsSchema } from "./schema.ts";

/** What validation made of a program's inputs. */
export interface Checked {
  /** The inputs, normalised where they are valid: defaults filled in, ids sorted; unknown values untouched. */
  readonly inputs: Record<string, unknown>;
  /** All problems, each beginning with the path of the property; empty when the inputs are fine. No value is in them. */
  readonly problems: readonly string[];
}

/**
 * Validates a program's inputs, all problems at once. Values that are not known yet (in a preview) are passed
 * over wherever they stand, and the rest is still validated. Never throws.
 */
export function check(given: Record<string, unknown>): Checked {
  try {
    return validate(given);
  } catch (error) {
    const reason =
      error instanceof RangeError ? "must not be nested thousands of levels deep" : "must be values of JSON";
    return { inputs: given, problems: [`inputs: ${reason}`] };
  }
}

function validate(given: Record<string, unknown>): Checked {
  if (isUnknown(given)) return { inputs: given, problems: [] };
  const news = normalizeTexts(given);
  const parsed = inputsSchema.safeParse(news, { reportInput: false });
  if (parsed.success) return { inputs: sortIds(parsed.data), problems: [] };
  const problems = parsed.error.issues
    .filter((issue) => !isUnknownAt(news, issue.path))
    .flatMap((issue) => sentences(issue, news));
  if (problems.length > 0) return { inputs: given, problems: [...new Set(problems)] };
  return { inputs: sortIds(fillDefaults(news)), problems: [] };
}

/** What the schema would have filled in, had unknown values elsewhere not kept it from finishing. */
function fillDefaults(news: Record<string, unknown>): Record<string, unknown> {
  const inputs = structuredClone(news);
  const template = asRecord(inputs.nodeTemplate);
  const userPassword = asRecord(asRecord(template?.login)?.userPassword);
  if (userPassword !== undefined) userPassword.username ??= "root";
  for (const name of inputNames) {
    const { def } = inputsSchema.shape[name];
    if ("defaultValue" in def) inputs[name] ??= def.defaultValue;
  }
  return inputs;
}

function sentences(issue: core.$ZodIssue, news: Record<string, unknown>): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map(
      (key) => `${pathText([...issue.path, key])}: is not a property${nearest(key, issue.path)}`,
    );
  }
  const isOfAnotherType = issue.code === "invalid_type" || issue.code === "invalid_union";
  const missing = isOfAnotherType && valueAt(news, issue.path) === undefined;
  return [`${pathText(issue.path)}: ${missing ? `is required and ${issue.message}` : issue.message}`];
}

/** A hint at the property that was probably meant, when one of the same object is near enough in spelling. */
function nearest(key: string, path: readonly PropertyKey[]): string {
  const known = propertiesAt(path);
  const meant = closest(key, known);
  return meant === undefined ? `; the properties here are ${known.join(", ")}` : `; did you mean ${meant}?`;
}

function propertiesAt(path: readonly PropertyKey[]): string[] {
  let schema: core.$ZodType = inputsSchema;
  for (const key of path) schema = shapeOf(schema)[String(key)] ?? schema;
  return Object.keys(shapeOf(schema));
}

function shapeOf(schema: core.$ZodType): Record<string, core.$ZodType> {
  const { def } = schema._zod as unknown as {
    def: { innerType?: core.$ZodType; shape?: Record<string, core.$ZodType> };
  };
  return def.innerType === undefined ? (def.shape ?? {}) : shapeOf(def.innerType);
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => asRecord(value)?.[String(key)], root);
}

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !isUnknown(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
