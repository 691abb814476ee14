/** The engine's words: how steps, differences, values and sums look in a terminal. Pure functions. */

import {
  isObject,
  isSecret,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  plainValue,
  UNKNOWN,
} from "../properties.ts";
import { nameOf, typeOf } from "../urn.ts";
import type { PropertyChange, PropertyPath } from "./diff.ts";
import type { StepOp } from "./step.ts";

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
  discard: words("<", "discard", "discarding", "discarded"),
  refresh: words("~", "refresh", "refreshing", "refreshed"),
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

/** A path as text, the way the engine prints it. */
function formatPath(path: PropertyPath): string {
  return path
    .map((key, index) => (typeof key === "number" ? `[${key}]` : index === 0 ? key : `.${key}`))
    .join("");
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
  const value = JSON.stringify(plainValue(inputs[property] ?? null));
  return `${resource}: property ${property} value ${value} has a problem: ${reason}`;
}
