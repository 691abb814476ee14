import type { z } from "zod";
import { ConnectionError, ServiceError } from "../errors/errors.ts";
import { parseJson } from "../util/json.ts";
import { ellipsis, sanitize } from "../util/sanitize.ts";
import type { HttpResponse } from "./http.ts";
import { errorCodeOf, isClockRefusal } from "./retryPolicy.ts";

const longestPage = 20_000;
const longestRetryAfter = 10 * 60_000;

/**
 * The error that an answer of 400 or more stands for. Knows the shapes that CCE, the API gateway and IAM use, of which
 * one answer can mix several, each also nested; of anything else, such as the page of a proxy, it has the first words.
 * Never throws.
 */
export function serviceError(call: string, response: HttpResponse, now: number): ServiceError {
  const { headers, status, body } = response;
  const said = findFields(parseJson(body)) ?? { codes: [], detail: sanitize(withoutMarkup(body)) };
  // Keystone repeats the status as its code.
  const codes = said.codes.filter((code) => code !== String(status));
  const detail = status >= 300 && status < 400 ? redirection(headers.location) : said.detail;
  const serverTime = dateOf(response) ?? serverTimeIn(detail);
  return new ServiceError({
    call,
    status,
    errorCode: errorCodeOf(status, codes),
    codes,
    detail,
    remedy: remedyFor({ status, codes, detail }, serverTime, now),
    requestId: word(headers["x-request-id"]) ?? word(headers["x-iam-trace-id"]) ?? said.requestId,
    retryAfter: retryAfter(headers["retry-after"], dateOf(response) ?? now),
  });
}

/** What to do, where the answer says more than its code; undefined where it does not. */
function remedyFor(
  answer: Pick<ServiceError, "status" | "codes" | "detail">,
  serverTime: number | undefined,
  now: number,
): string | undefined {
  if (isClockRefusal(answer)) return clockRemedy(serverTime, now);
  const isRedirected = answer.status >= 300 && answer.status < 400;
  return isRedirected
    ? "Check the endpoint, the proxy and the network: something other than the service answers at this address. Then run `pulumi up` again."
    : undefined;
}

function redirection(location = ""): string {
  const target = sanitize(location);
  return `(redirected${target === "" ? "" : ` to ${target}`}; redirections are not followed)`;
}

/** The server time in the text of a refused signature: `…, server time:20260102T030405Z`. */
function serverTimeIn(detail = ""): number | undefined {
  const text = /server time:? ?([\dTZ:-]+)/i.exec(detail)?.[1] ?? "";
  const spelled = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?$/, "$1-$2-$3T$4:$5:$6Z");
  const time = Date.parse(spelled);
  return Number.isNaN(time) ? undefined : time;
}

/** What to do about a signature that was refused for its time. */
function clockRemedy(serverTime: number | undefined, now: number): string {
  const minutes = serverTime === undefined ? 0 : Math.round((now - serverTime) / 60_000);
  if (minutes === 0) return "Set this machine's clock: the service refused a signature for its time.";
  const off = `${Math.abs(minutes)} ${Math.abs(minutes) === 1 ? "minute" : "minutes"}`;
  return `Set this machine's clock: it is ${off} ${minutes > 0 ? "ahead of" : "behind"} the service's.`;
}

/**
 * The body of an answer that went well, as the schema has it.
 * @throws ConnectionError when it is anything else.
 */
export function readable<T>(call: string, response: HttpResponse, schema: z.ZodType<T>): T {
  const parsed = tryParse(schema, parseJson(response.body));
  if (parsed !== undefined) return parsed.data;
  throw new ConnectionError(call, "the answer is not what the API's documentation describes", {
    mayHaveArrived: true,
  });
}

/** What the schema makes of the value; a job nested so deep that the stack ends is none. */
function tryParse<T>(schema: z.ZodType<T>, value: unknown): { readonly data: T } | undefined {
  try {
    const parsed = schema.safeParse(value);
    return parsed.success ? parsed : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The time of the answer by the service's own clock, in milliseconds since 1970; undefined when it does not say. */
export function dateOf({ headers }: HttpResponse): number | undefined {
  const date = Date.parse(headers.date ?? "");
  return Number.isNaN(date) ? undefined : date;
}

/**
 * Milliseconds that a `Retry-After` header asks for (a number of seconds, also with a fraction, or a date).
 * @param now the time by the clock that the date is meant by.
 */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return milliseconds >= 0 ? Math.min(milliseconds, longestRetryAfter) : undefined;
}

interface Said {
  readonly codes: readonly string[];
  readonly detail?: string;
  readonly requestId?: string;
}

const codeFields = ["errorCode", "error_code", "code"];
/** The most precise first: beside a general sentence in the others, `message` often has what is wrong. */
const textFields = ["message", "reason", "errorMessage", "error_msg"];

/** The fields of the outermost object that has an error's code or message. */
function findFields(value: unknown, depth = 0): Said | undefined {
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  const fields = value as Record<string, unknown>;
  const wordsOf = (names: readonly string[]) => names.flatMap((name) => word(fields[name]) ?? []);
  const codes = [...new Set(wordsOf(codeFields))];
  const texts = distinct(wordsOf(textFields));
  if (codes.length > 0 || texts.length > 0) {
    const detail = texts.length > 0 ? texts.join("; ") : undefined;
    return { codes, detail, requestId: word(fields.request_id) };
  }
  return Object.values(fields)
    .map((nested) => findFields(nested, depth + 1))
    .find((found) => found !== undefined);
}

/** Those of the texts that say something which no other one says too, in their order. */
function distinct(texts: readonly string[]): string[] {
  const plain = texts.map((text) => text.toLowerCase().replace(/[\s.;:!]+$/, ""));
  return texts
    .filter((_, index) => {
      const own = plain[index] ?? "";
      return !plain.some((other, at) =>
        at < index ? other.includes(own) : at > index && other !== own && other.includes(own),
      );
    })
    .map((text, index, { length }) => (index < length - 1 ? text.replace(/[\s.;]+$/, "") : text));
}

function word(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return undefined;
  return sanitize(value) || undefined;
}

/** The words of a page; of one that is long enough to be a whole site, those of its beginning. */
function withoutMarkup(body: string): string {
  const begin = body.length > longestPage ? `${body.slice(0, longestPage)}${ellipsis}` : body;
  return begin.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
}
