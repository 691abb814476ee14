import { isUtf8 } from "node:buffer";

/** Shorter lines are no wrapped Base64: tools wrap at 64 or 76 characters. */
const shortestWrap = 60;

/**
 * The script's Base64 in one line. Line breaks are taken out only where they can come from nothing but an encoder:
 * after the end, or after each run of as many characters, around Base64 of a text. Anything else comes back as it
 * is, to be refused: without its line breaks a plain script such as `"shut\ndown"` would pass for Base64.
 */
export function normalizeScript(script: string): string {
  if (!/[\r\n]/.test(script)) return script;
  const lines = script.replace(/[\r\n]+$/, "").split(/\r?\n/);
  const [first = "", ...others] = lines;
  const last = others.at(-1) ?? "";
  const even = others.slice(0, -1).every((line) => line.length === first.length);
  const wrapped =
    others.length === 0 || (first.length >= shortestWrap && even && last.length <= first.length);
  const joined = lines.join("");
  return wrapped && isEncodedText(joined) ? joined : script;
}

function isEncodedText(text: string): boolean {
  const decoded = Buffer.from(text, "base64");
  return decoded.toString("base64") === text && isUtf8(decoded) && !decoded.includes(0);
}
