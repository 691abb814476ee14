/** The forms in which a text can be quoted, as patterns. None can match a place in two ways, so none is slow. */

/** One way to spell a text. */
export interface Spelling {
  /** How many characters it has, of which each has a pattern. */
  readonly length: number;
  readonly patternAt: (index: number) => string;
  /** Found in a text in which this spelling differs from the plain one; undefined when it always does. */
  readonly differs?: RegExp;
}

/** Every way in which the text, of 4 characters or more, may have been quoted. */
export function spellingsOf(text: string): Spelling[] {
  // By UTF-16 units where a form knows these; a half of a pair is no character that could be encoded elsewhere.
  const units = text.split("");
  const characters = Array.from(text);
  const bytes = Buffer.from(text);
  const hex = bytes.toString("hex");
  return [
    spelling(units, literal),
    spelling(characters, inUrl, /[%+]/),
    spelling(units, inJson, /\\/),
    spelling(characters, inHtml, /&/),
    spelling(hex.split(""), literal),
    spelling(hex.toUpperCase().split(""), literal),
    ...[0, 1, 2].map((offset) => inBase64(bytes, offset)),
  ];
}

function spelling(parts: readonly string[], patternOf: (part: string) => string, differs?: RegExp): Spelling {
  return { length: parts.length, patternAt: (index) => patternOf(parts[index] ?? ""), differs };
}

function literal(character: string): string {
  return character.replace(/[^A-Za-z0-9]/g, (unit) => `\\u${hexOf(unit.charCodeAt(0), 4)}`);
}

/** Percent-encoded with any choice of characters, as path, query or form. */
function inUrl(character: string): string {
  const encoded = Array.from(Buffer.from(character), (byte) => `%${anyCase(hexOf(byte, 2))}`).join("");
  if (character === "%") return encoded;
  return character === " " ? `(?: |\\+|${encoded})` : `(?:${literal(character)}|${encoded})`;
}

const shortEscapes: Record<string, string> = {
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
  '"': '"',
  "'": "'",
  "/": "/",
};

/** Inside a string of JSON or JavaScript; a pair of surrogates is two units there. */
function inJson(unit: string): string {
  const code = `\\\\u${anyCase(hexOf(unit.charCodeAt(0), 4))}`;
  if (unit === "\\") return `(?:\\\\\\\\|${code})`;
  const short = shortEscapes[unit];
  return `(?:${literal(unit)}|${code}${short === undefined ? "" : `|\\\\${literal(short)}`})`;
}

const entities: Record<string, string> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

/** As a character reference of HTML or XML, by name or by number. */
function inHtml(character: string): string {
  const point = character.codePointAt(0) ?? 0;
  const name = entities[character];
  const references = [
    `&#0{0,5}${point};`,
    `&#[xX]0{0,5}${anyCase(point.toString(16))};`,
    ...(name === undefined ? [] : [`&${name};`]),
  ];
  return `(?:${(character === "&" ? references : [literal(character), ...references]).join("|")})`;
}

/**
 * In Base64 of either alphabet, behind `offset` (modulo 3) bytes of something else. A character at either end that
 * holds bits of the neighbours too is any one of the alphabet; the padding is a part of the last.
 */
function inBase64(bytes: Buffer, offset: number): Spelling {
  const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString("base64")
    .replace(/=+$/, "");
  const first = Math.ceil((offset * 8) / 6);
  const whole = Math.floor(((offset + bytes.length) * 8) / 6);
  const own = encoded.slice(first, whole);
  const shared = "[A-Za-z0-9+/_-]";
  const patternAt = (index: number) => {
    const before = index === 0 && offset > 0 ? shared : "";
    const after = whole < encoded.length ? `${shared}?={0,2}` : "={0,2}";
    return `${before}${inEitherAlphabet(own.charAt(index))}${index === own.length - 1 ? after : ""}`;
  };
  return { length: own.length, patternAt };
}

function inEitherAlphabet(character: string): string {
  if (character === "+") return "[+-]";
  if (character === "/") return "[/_]";
  return character;
}

function hexOf(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}
