import { isObject } from "../util/json.ts";
import { isTime, type Kind, type StandIns } from "./standIns.ts";

/**
 * How parts of a JSON value go into a trace. What nobody has described becomes stand-ins down to the last text and
 * number; what is described keeps only what cannot be anybody's. The types of JSON stay, so that a replay reads the value
 * as the provider has read it.
 */
export type Shape = (value: unknown, standIns: StandIns) => unknown;

/** Something that is left out. */
export const omitted: Shape = () => undefined;

/** In place of what a trace must not hold in any form, such as a script; says that it was there. */
export const leftOut: Shape = () => "[left out]";

/** Anything that is not described. */
export const unknown: Shape = (value, standIns) => {
  if (typeof value === "string") return isTime(value) ? value : standIns.of(value, "text");
  if (typeof value === "number") return standIns.ofNumber(value);
  if (Array.isArray(value)) return value.map((item) => unknown(item, standIns));
  if (!isObject(value)) return value;
  return mapEntries(value, (key, inner) => [standIns.of(key, "key"), unknown(inner, standIns)]);
};

/** A name or an id. */
export function id(kind: Kind): Shape {
  return (value, standIns) =>
    typeof value === "string" ? standIns.of(value, kind) : unknown(value, standIns);
}

/** A word of a set that is the service's or ours, such as a phase; the set may be open. */
export const word: Shape = (value, standIns) => {
  if (typeof value !== "string") return unknown(value, standIns);
  return /^(?:[A-Za-z]{0,40}|v\d{1,2})$/.test(value) ? value : standIns.inText(value);
};

/** A sentence, or a code of an error. */
export const sentence: Shape = (value, standIns) =>
  typeof value === "string" ? standIns.inText(value) : unknown(value, standIns);

/** A time as the service or this package spells it. */
export const time: Shape = (value, standIns) =>
  typeof value === "string" && isTime(value) ? value : unknown(value, standIns);

/** A number or a flag that is nobody's id. */
export const plain: Shape = (value, standIns) =>
  typeof value === "number" ? value : unknown(value, standIns);

/** A time on the clock of the process, in milliseconds, to the microsecond. */
export const moment: Shape = (value, standIns) =>
  typeof value === "number" ? inMicroseconds(value) : unknown(value, standIns);

/** A time in milliseconds, without what is shorter than a microsecond. */
export function inMicroseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}

/** A number of things, or a percentage of them. */
export const amount: Shape = (value, standIns) =>
  typeof value === "string" && /^\d{1,3}%$/.test(value) ? value : plain(value, standIns);

/** A list of things of one shape. */
export function list(item: Shape): Shape {
  return (value, standIns) =>
    Array.isArray(value) ? value.map((each) => item(each, standIns)) : unknown(value, standIns);
}

/** An object whose keys are ids. */
export function byId(kind: Kind, inner: Shape): Shape {
  return (value, standIns) =>
    isObject(value)
      ? mapEntries(value, (key, each) => [standIns.of(key, kind), inner(each, standIns)])
      : unknown(value, standIns);
}

/**
 * An object with these fields.
 * @param others what becomes of fields that are not described: their names are the service's own and stay.
 */
export function record(fields: Readonly<Record<string, Shape>>, others: Shape = unknown): Shape {
  return (value, standIns) => {
    if (!isObject(value)) return unknown(value, standIns);
    return mapEntries(value, (key, inner) => {
      const shape = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (shape !== undefined) return [key, shape(inner, standIns)];
      const isName = /^[A-Za-z_]{1,40}$/.test(key) && !standIns.knows(key);
      const shown = others(inner, standIns);
      return [isName || shown === undefined ? key : standIns.of(key, "key"), shown];
    });
  };
}

function mapEntries(
  value: Record<string, unknown>,
  change: (key: string, inner: unknown) => readonly [string, unknown],
): Record<string, unknown> {
  const changed = Object.entries(value).map(([key, inner]) => change(key, inner));
  return Object.fromEntries(changed.filter(([, inner]) => inner !== undefined));
}
