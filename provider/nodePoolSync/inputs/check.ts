import { isUnknown } from "../../util/unknowns.ts";
import { normalizeTexts, sortIds } from "./normalize.ts";
import { problemsIn } from "./problems.ts";
import { inputNames, inputsSchema } from "./schema.ts";

/** What validation made of a program's inputs. */
export interface Checked {
  /** The inputs, normalised where they are valid: defaults filled in, ids sorted; unknown values untouched. */
  readonly inputs: Record<string, unknown>;
  /** All problems, each beginning with the path of the property; empty when the inputs are fine. No secret is in them. */
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
  const problems = problemsIn(parsed.error, news, inputsSchema);
  if (problems.length > 0) return { inputs: given, problems };
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

function asRecord(value: unknown): Record<string, unknown> | undefined {
  return typeof value === "object" && value !== null && !isUnknown(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
