/** The value that is known under the key; the first time, what `make` makes of it. */
export function memoize<T>(known: Map<string, T>, key: string, make: () => T): T {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}
