import { distance } from "fastest-levenshtein";

/** The name without what people spell differently: case and separators. */
export function bareName(name: string): string {
  return name.toLowerCase().replace(/[\s_.:-]/g, "");
}

/**
 * The name that was probably meant: the nearest one in spelling, if any is near enough. Case and separators do not
 * count, and two neighbouring letters that changed places count as one mistake.
 * @param reach how many mistakes a name may be away; by default 2, or more for long names.
 */
export function closest(
  given: string,
  names: readonly string[],
  reach = (name: string) => Math.max(2, name.length / 3),
): string | undefined {
  const ranked = names
    .map((name) => ({ name, far: mistakesBetween(bareName(given), bareName(name)) }))
    .filter(({ name, far }) => far <= reach(name))
    .sort((a, b) => a.far - b.far);
  return ranked[0]?.name;
}

function mistakesBetween(given: string, name: string): number {
  const far = distance(given, name);
  return far === 2 && isSwapped(given, name) ? 1 : far;
}

function isSwapped(given: string, name: string): boolean {
  const at = [...name].findIndex((letter, index) => given[index] !== letter);
  return name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2) === given;
}
