import { z } from "zod";
import type { RecordedExchange } from "./recording.ts";
import { itemsIn } from "./sightings.ts";

/**
 * Gives the nodes names that are in the order of the real ones: waves are chosen by it, and stand-ins do not keep it. The
 * lists of a trace are in that order.
 * @returns what makes the names in a text of JSON so.
 */
export function inOrderOfNames(exchanges: readonly RecordedExchange[]): (text: string) => string {
  const order: string[] = [];
  for (const { path, answer } of exchanges) {
    if (path.endsWith("/nodes")) insert(namesIn(answer?.body), order);
  }
  const ranks = new Map(order.map((name, rank) => [name, `n${String(rank).padStart(6, "0")}-${name}`]));
  return (text) => text.replace(/\b[a-z]+_\d+\b/g, (standIn) => ranks.get(standIn) ?? standIn);
}

/** A name that is new is put behind the one before it. */
function insert(names: readonly string[], order: string[]): void {
  const known = new Set(order);
  let before: string | undefined;
  for (const name of names) {
    if (!known.has(name)) order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, name);
    known.add(name);
    before = name;
  }
}

const named = z.object({ metadata: z.object({ name: z.string() }) });

function namesIn(body: unknown): string[] {
  return itemsIn(body, named).map(({ metadata: { name } }) => name);
}
