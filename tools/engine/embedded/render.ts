/** The engine's words: how steps, differences, values and sums look in a terminal. Pure functions. */

import {
  isObject,
  isSecret,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  UNKNOWN,
} from "../properties.ts";
import type { StepOp } from "../types.ts";
import { nameOf, typeOf } from "../urn.ts";
import type { PropertyChange } from "./diff.ts";
import { formatPath } from "./propertyPath.ts";

/** How much of a value is shown before it is cut. */
const VALUE_WIDTH = 80;

interface Words {
  sign: string;
  will: string;
  doing: string;
  done: string;
}

const WORDS: Record<StepOp, Words> = {
  same: words(" ", "same", "unchanged", "unchanged"),
  create: words("+", "create", "creating", "created"),
  update: words("~", "update", "updating", "updated"),
  delete: words("-", "delete", "deleting", "deleted"),
  replace: words("+-", "replace", "replacing", "replaced"),
  "create-replacement": words("++", "create replacement", "creating replacement", "created replacement"),
  "delete-replaced": words("--", "delete original", "deleting original", "deleted original"),
  read: words(">", "read", "reading", "read"),
  "read-replacement": words(">>", "read replacement", "reading replacement", "read replacement"),
  discard: words("<", "discard", "discarding", "discarded"),
  "discard-replaced": words("<<", "discard original", "discarding original", "discarded original"),
  refresh: words("~", "refresh", "refreshing", "refreshed"),
  "remove-pending-replace": words("~", "complete replace", "completing replace", "completed replace"),
};

function words(sign: string, will: string, doing: string, done: string): Words {
  return { sign, will, doing, done };
}

/** One line for a step: ` ~  type name updated (0.10s)`. */
export function stepLine(
  op: StepOp,
  urn: string,
  phase: "will" | "doing" | "done" | "failed",
  seconds?: number,
): string {
  const { sign, doing } = WORDS[op];
  const text = phase === "failed" ? `**${doing} failed**` : WORDS[op][phase];
  const time = seconds === undefined ? "" : ` (${seconds.toFixed(2)}s)`;
  return ` ${sign.padEnd(2)} ${resourceTitle(urn)} ${text}${time}`;
}

/** A resource as lines name it. */
export function resourceTitle(urn: string): string {
  return `${typeOf(urn)} ${nameOf(urn)}`;
}

/** A line for each difference, without what the SDK keeps for itself: `      ~ maxUnavailable: 1 => 2`. */
export function changeLines(changes: readonly PropertyChange[]): string[] {
  return changes
    .filter(({ path }) => !String(path[0]).startsWith("__"))
    .map(({ path, kind, before, after }) => {
      const name = formatPath(path);
      if (kind === "add") return `      + ${name}: ${valueText(after)}`;
      if (kind === "delete") return `      - ${name}: ${valueText(before)}`;
      return `      ~ ${name}: ${valueText(before)} => ${valueText(after)}`;
    });
}

/** A value as one short line, secrets and unknowns hidden. */
function valueText(value: PropertyValue | undefined): string {
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "[unknown]";
  const text = JSON.stringify(hideSecrets(value ?? null));
  return text.length > VALUE_WIDTH ? `${text.slice(0, VALUE_WIDTH)}…` : text;
}

function hideSecrets(value: PropertyValue): PropertyValue {
  if (isSecret(value)) return "[secret]";
  if (value === UNKNOWN) return "[unknown]";
  if (Array.isArray(value)) return value.map(hideSecrets);
  return isObject(value) ? mapValues(value, hideSecrets) : value;
}

/** The block of a stack's outputs; empty when there are none. */
export function outputLines(outputs: PropertyMap): string[] {
  const names = Object.keys(outputs).sort();
  if (names.length === 0) return [];
  const width = Math.max(...names.map((name) => name.length));
  return ["Outputs:", ...names.map((name) => `    ${name.padEnd(width)}: ${valueText(outputs[name])}`)];
}

/** The block that counts resources: `+ 2 created`. */
export function summaryLines(changes: Record<string, number>, dryRun: boolean): string[] {
  const counts = Object.entries(changes) as [StepOp, number][];
  if (counts.length === 0) return [];
  const lines = counts
    .sort(([a], [b]) => Number(a === "same") - Number(b === "same"))
    .map(([op, count]) => {
      const { sign, will, done } = WORDS[op];
      if (op === "same") return `    ${count} unchanged`;
      return `    ${sign} ${count} ${dryRun ? `to ${will}` : done}`;
    });
  return ["Resources:", ...lines];
}

/**
 * What the engine says about a check failure. One that names a property shows the value of that input, in the
 * clear even when it is a secret; so does the CLI, and this one must not hide the danger.
 */
export function checkFailureText(
  urn: string,
  { property, reason }: { property: string; reason: string },
  inputs: PropertyMap,
): string {
  const resource = `${typeOf(urn)} resource '${nameOf(urn)}'`;
  if (property === "") return `${resource} has a problem: ${reason}`;
  return `${resource}: property ${property} value ${goText(inputs[property])} has a problem: ${reason}`;
}

/** A value as Go prints the engine's own property values with `%v`. */
function goText(value: PropertyValue | undefined): string {
  return `{${goValue(value ?? null)}}`;
}

function goValue(value: PropertyValue): string {
  if (value === null) return "<nil>";
  if (isSecret(value)) return `&{${goText(value.value)}}`;
  if (Array.isArray(value)) return `[${value.map(goText).join(" ")}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goText(value[key])}`).join(" ")}]`;
  }
  return String(value);
}
