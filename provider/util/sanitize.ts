/**
 * Characters that a terminal or a log would obey, or that hide: white space of any kind, control characters (C0, C1,
 * with them the escape of ANSI sequences) and the invisible ones of Unicode, which among others turn the direction of
 * writing. The two that join and part letters stay: some languages and emoji are spelled with them.
 */
const unprintable = /(?:(?![\u200c\u200d])[\s\p{Cc}\p{Cf}])+/gu;

/** Where a text was cut short. */
export const ellipsis = "…";

/**
 * The text as one well-formed line that is safe in a terminal, cut short behind `longest` UTF-16 units: for words of
 * the service, which can be anything.
 */
export function sanitize(text: string, longest = 500): string {
  const line = text.toWellFormed().replace(unprintable, " ").trim();
  return line.length > longest ? `${line.slice(0, longest).toWellFormed()}${ellipsis}` : line;
}
