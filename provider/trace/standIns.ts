import { defaultPool } from "../cce/model.ts";
import { sanitize } from "../util/sanitize.ts";
import { vocabulary } from "./vocabulary.ts";

/** What a name or an id belongs to; a stand-in is this word, an underscore and a number. */
export type Kind =
  | "project"
  | "cluster"
  | "pool"
  | "node"
  | "server"
  | "job"
  | "request"
  | "reference"
  | "name"
  | "zone"
  | "place"
  | "resource"
  | "content"
  | "text"
  | "key";

/**
 * The stand-ins of one trace, by which names and ids are replaced: the same text has the same one wherever it stands.
 * They are counted in the order in which texts are first seen, so nothing of a text can be computed from its stand-in.
 */
export interface StandIns {
  /** The stand-in of a name or id. */
  of(real: string, kind: Kind): string;
  /** The stand-in of a number that may be an id; it is a number too. */
  ofNumber(real: number): number;
  /** Whether the text has a stand-in. */
  knows(real: string): boolean;
  /**
   * A sentence with stand-ins in it: for every name and id that has one, for whatever is quoted or in square brackets,
   * and for every word outside the vocabulary, unless it is a short number, a time or a code of an error.
   */
  inText(text: string): string;
}

/** Begins a stand-in while a sentence is worked on: no real text has it. */
const mark = "\uE000";
/** The longest text that a user is shown names a few dozen nodes with a reason each. */
const longestText = 8000;
/** Names of fewer letters are no reason to hide a longer word that contains them. */
const shortestPart = 4;

const harmless = [
  // 4 · 2/4 · 20% · 0.5
  /^\d{1,4}(?:[/.]\d{1,4})?%?$/,
  // The service's codes, and those of this package.
  /^(?:E|[A-Z]{2,10})(?:[_.][A-Z]{2,5})?\.\d{3,10}$/,
  /^nodepoolsync\/[a-z-]+$/,
  // Codes of the system and of TLS.
  /^(?:ECONN[A-Z]+|ETIMEDOUT|ENOTFOUND|E(?:HOST|NET)UNREACH|EPIPE|EAI_AGAIN|(?:UND_ERR|ERR_SSL|ERR_TLS)_[A-Z_]+)$/,
  // Actions of IAM.
  /^(?:cce|iam|ecs|vpc|evs):[A-Za-z]+:[A-Za-z]+$/,
];
const time = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?: ?(?:Z|[+-]\d\d:?\d\d))?(?: UTC)?$/;

/** Whether the text is a time as the service or this package spells it. */
export function isTime(text: string): boolean {
  return time.test(text);
}

/** Creates the stand-ins of a trace. */
export function createStandIns(): StandIns {
  // The pool that has no id of its own has the same name on every account.
  const known = new Map<string, string>([[defaultPool, defaultPool]]);
  const numbers = new Map<number, number>();
  const counts = new Map<Kind, number>();
  /** Names that no word of a sentence can be, as they hold what separates words. */
  const separated = new Set<string>();
  const ofLetters = new Set<string>();

  function of(real: string, kind: Kind): string {
    if (real === "") return "";
    const before = known.get(real);
    if (before !== undefined) return before;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const standIn = `${kind}_${count}`;
    known.set(real, standIn);
    if (/^\p{L}+$/u.test(real)) ofLetters.add(real.toLowerCase());
    else if (separator.test(real)) separated.add(real);
    return standIn;
  }

  function isHarmless(word: string, isEnclosed: boolean): boolean {
    if (harmless.some((pattern) => pattern.test(word))) return true;
    if (isEnclosed || !isOrdinary(word)) return false;
    const lower = word.toLowerCase();
    for (const name of ofLetters)
      if (name === lower || (name.length >= shortestPart && lower.includes(name))) return false;
    return true;
  }

  function inText(text: string): string {
    let shown = sanitize(text.replaceAll(mark, ""), longestText);
    const longestFirst = [...separated].toSorted((a, b) => b.length - a.length);
    for (const name of longestFirst) shown = shown.replaceAll(name, `${mark}${of(name, "text")}${mark}`);
    shown = shown.replace(/"([^"]+)"|\[([^\]]+)\]/g, (whole, quoted, bracketed) => {
      const inner: string = quoted ?? bracketed;
      if (inner.startsWith(mark) || inner === "secret" || isHarmless(inner, true)) return whole;
      return whole.replace(inner, () => `${mark}${of(inner, "text")}${mark}`);
    });
    return shown.replace(word, (found, offset: number) => {
      if (found.startsWith(mark)) return found.replaceAll(mark, "");
      const [, core = "", end = ""] = /^(.*?)([.:!?…]*)$/su.exec(found) ?? [];
      const isEnclosed = /(?:^|[\s(,;])['<]$/.test(shown.slice(0, offset));
      if (core === "" || isHarmless(core, isEnclosed) || isTime(core)) return found;
      return `${of(core, "text")}${end}`;
    });
  }

  return {
    of,
    ofNumber(real) {
      const standIn = numbers.get(real) ?? numbers.size + 1;
      numbers.set(real, standIn);
      return standIn;
    },
    knows: (real) => known.has(real),
    inText,
  };
}

/** Whether it is a word of the vocabulary, or several of them written as one, such as `maxUnavailable`. */
function isOrdinary(word: string): boolean {
  const parts = word.match(/^[A-Za-z]{2,}$/) && word.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g);
  return parts?.every((part) => vocabulary.has(part.toLowerCase())) ?? /^[AaIst]$/.test(word);
}

const separator = /[\s,;()[\]{}"'<>`|]/;
/** A stand-in between its marks, a time with a space in it, or what stands between separators. */
const word = new RegExp(
  `${mark}[^${mark}]*${mark}|\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?: [+-]\\d{4})?|[^\\s,;()[\\]{}"'<>\`|${mark}]+`,
  "gu",
);
