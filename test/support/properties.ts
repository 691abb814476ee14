import fc from "fast-check";

/** How many cases each law is tried on: `npm run test:all` asks for more. */
export const cases = Number(process.env.PROPERTY_CASES ?? 1000);

/** The seed and the path that an earlier failure has printed, to try just that case again. */
const { PROPERTY_SEED, PROPERTY_PATH } = process.env;
const replay = {
  ...(PROPERTY_SEED === undefined ? {} : { seed: Number(PROPERTY_SEED) }),
  ...(PROPERTY_PATH === undefined ? {} : { path: PROPERTY_PATH }),
};

/** The share of {@link cases} that is so many of 10,000; for laws whose cases are costly, and for counts of cases. */
export function ofCases(many: number): number {
  return Math.ceil((many * cases) / 10_000);
}

const printable = 95;
const lastControl = 127;
const surrogates = { first: 0xd800, count: 0x800 };

/** Any character of Unicode, the printable ones of ASCII first, so that counterexamples shrink to them. */
const anyCharacter = fc.integer({ min: 0, max: 0x10ffff - surrogates.count }).map((index) => {
  if (index < printable) return String.fromCodePoint(index + 0x20);
  if (index < lastControl) return String.fromCodePoint(index - printable);
  return String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count);
});

/** Any text. The unit `binary` of fast-check has the same characters, but holds 85 MB from its first use on. */
export function anyText(length: { readonly minLength?: number; readonly maxLength?: number } = {}) {
  return fc.string({ unit: anyCharacter, ...length });
}

/** Tries a law on many cases; the error of one that fails holds the seed, the path and the smallest counterexample. */
export function holds<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: cases, includeErrorInReport: true, ...replay });
}

/** As {@link holds}, for what has to be waited for; the number is for laws whose cases are costly. */
export async function holdsInTime<T>(property: fc.IAsyncProperty<T>, numRuns = cases): Promise<void> {
  await fc.assert(property, { numRuns, includeErrorInReport: true, ...replay });
}
