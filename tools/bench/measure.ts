/** The middle one of the values; of an even number of them, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

/**
 * Measures several things in turn, round after round, so that whatever else the machine does meets all of them alike.
 * @param things each gives one result a round; the first round only warms up when `warmUp` is set.
 * @returns the results of each thing, in the order of the rounds.
 */
export async function interleave<Name extends string, Result>(
  things: Readonly<Record<Name, () => Result | Promise<Result>>>,
  rounds: number,
  { warmUp = false } = {},
): Promise<Record<Name, Result[]>> {
  const names = Object.keys(things) as Name[];
  const results = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, Result[]>;
  for (let round = warmUp ? -1 : 0; round < rounds; round += 1) {
    for (const name of names) {
      const result = await things[name]();
      if (round >= 0) results[name].push(result);
    }
  }
  return results;
}
