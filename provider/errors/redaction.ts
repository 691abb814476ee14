import { ellipsis, sanitize } from "../util/sanitize.ts";
import { type Spelling, spellingsOf } from "./spellings.ts";

const marker = "[secret]";
const shortest = 4;

/** A salted password, in Base64 and as it is, also URL-encoded: its salt is new in each request, so none is listed. */
const salted =
  /(?:JDYk(?:[A-Za-z0-9+/_-]|%2[BbFf]|\\\/){20,}(?:=|%3[Dd]){0,2}|(?:\$|%24)6(?:\$|%24)(?:[./0-9A-Za-z$=]|%2[4Ff]){20,})/g;

/**
 * The text without the secrets, in whatever form they may have been echoed: plain, as one line, URL-encoded, as
 * inside a JSON string, HTML-escaped, in hex, and in Base64, there also inside something longer that was encoded
 * with them; also where {@link sanitize} cut the text short inside a secret. Secrets of fewer than 4 characters are
 * left alone: they would tear words apart.
 */
export function redact(text: string, secrets: readonly string[]): string {
  return redactor(secrets)(text);
}

/** The value with every text in it redacted, keys of objects too. */
export function redactAll<T>(value: T, secrets: readonly string[]): T {
  const clean = redactor(secrets);
  const visit = (part: unknown): unknown => {
    if (typeof part === "string") return clean(part);
    if (Array.isArray(part)) return part.map(visit);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [clean(key), visit(inner)]));
  };
  return visit(value) as T;
}

function redactor(secrets: readonly string[]): (text: string) => string {
  const shown = secrets.flatMap((secret) => [secret, sanitize(secret, secret.length)]);
  const long = [...new Set(shown)].filter(({ length }) => length >= shortest);
  const finders = long.flatMap(spellingsOf).map(openFinder);

  const redactOnce = (text: string) => {
    const spans = [...spansOf(salted, text), ...finders.flatMap((find) => find(text))];
    return spans.length === 0 ? text : replaceSpans(text, [...spans, ...spansOf(/\[secret\]/g, text)]);
  };
  return (text) => {
    // A marker and its neighbours can spell a secret again. Each round leaves less that is no marker, so it ends.
    for (let before = text; ; ) {
      const after = redactOnce(before);
      if (after === before) return after;
      before = after;
    }
  };
}

type Span = readonly [start: number, end: number];

/**
 * Finds where a text holds the spelling, whole or cut off by an ellipsis. The first characters are one pattern, which
 * is quick; from there it goes character by character, since the pattern of a long token would overflow.
 */
function openFinder({ length, patternAt, differs }: Spelling): (text: string) => Span[] {
  const characters: RegExp[] = [];
  const characterAt = (index: number): RegExp => {
    const known = characters[index] ?? new RegExp(patternAt(index), "y");
    characters[index] = known;
    return known;
  };
  const endOf = (text: string, start: number): number | undefined => {
    let end = start;
    for (let index = shortest; index < length; index += 1) {
      const character = characterAt(index);
      character.lastIndex = end;
      if (!character.test(text)) return text.startsWith(ellipsis, end) ? end : undefined;
      end = character.lastIndex;
    }
    return end;
  };
  let begin: RegExp | undefined;
  return (text) => {
    // Without an escaped character in the text, this spelling is the plain one.
    if (differs !== undefined && !differs.test(text)) return [];
    begin ??= new RegExp(Array.from({ length: shortest }, (_, index) => patternAt(index)).join(""), "g");
    return spansOf(begin, text).flatMap(([start, end]) => {
      const last = endOf(text, end);
      return last === undefined ? [] : [[start, last] as const];
    });
  };
}

/** Where the pattern is found, overlapping ones too. */
function spansOf(pattern: RegExp, text: string): Span[] {
  const spans: Span[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    spans.push([match.index, match.index + match[0].length]);
    pattern.lastIndex = match.index + 1;
  }
  return spans;
}

/** The text with one marker for each span, and for spans that overlap a common one. */
function replaceSpans(text: string, spans: readonly Span[]): string {
  let clean = "";
  let from = 0;
  let until = 0;
  for (const [start, end] of spans.toSorted(([a], [b]) => a - b)) {
    if (start >= until) {
      clean += text.slice(from, start) + marker;
      from = end;
    }
    until = Math.max(until, end);
    from = until;
  }
  return clean + text.slice(from);
}
