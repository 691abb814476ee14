import fc from "fast-check";

/** How many cases each law is tried on. */
export const cases = 10_000;

/** Tries a law on many cases; the error of one that fails holds the seed, the path and the smallest counterexample. */
export function holds<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: cases });
}

/** As {@link holds}, for what has to be waited for; the number is for laws whose cases are costly. */
export async function holdsInTime<T>(property: fc.IAsyncProperty<T>, numRuns = cases): Promise<void> {
  await fc.assert(property, { numRuns });
}
