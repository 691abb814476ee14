import type { z } from "zod";
import { ConnectionError, ServiceError } from "../errors/errors.ts";
import { parseJson } from "../util/json.ts";
import { ellipsis, oneLine } from "../util/sanitize.ts";
import type { HttpAnswer } from "./http.ts";

const longestPage = 20_000;
const longestRetryAfter = 10 * 60_000;

/**
 * The error that an answer of 400 or more stands for. Knows the shapes that CCE, the API gateway and IAM use
 * (`errorCode`/`errorMessage`, `error_code`/`error_msg`, `code`/`message`, each also nested); anything else, such
 * as the page of a proxy, is told in short. Never throws.
 */
export function serviceError(call: string, answer: HttpAnswer, now: number): ServiceError {
  const said = findFields(parseJson(answer.body)) ?? { detail: oneLine(withoutMarkup(answer.body)) };
  const { headers, status } = answer;
  return new ServiceError({
    call,
    status,
    // Keystone repeats the status as its code.
    code: said.code === String(status) ? undefined : said.code,
    detail: said.detail,
    requestId: word(headers["x-request-id"]) ?? word(headers["x-iam-trace-id"]) ?? said.requestId,
    retryAfter: retryAfter(headers["retry-after"], now),
  });
}

/**
 * The body of an answer that went well, as the schema has it.
 * @throws ConnectionError when it is anything else.
 */
export function readable<T>(call: string, answer: HttpAnswer, schema: z.ZodType<T>): T {
  const parsed = tryParse(schema, parseJson(answer.body));
  if (parsed !== undefined) return parsed.data;
  throw new ConnectionError(call, "the answer is not what the API's documentation describes", true);
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

/** Milliseconds that a `Retry-After` header asks for (a number of seconds, also with a fraction, or a date). */
export function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.trim() === "") return undefined;
  const seconds = Number(header);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(header) - now : seconds * 1000;
  return milliseconds >= 0 ? Math.min(milliseconds, longestRetryAfter) : undefined;
}

interface Said {
  readonly code?: string;
  readonly detail?: string;
  readonly requestId?: string;
}

/** The fields of the outermost object that has an error's code or message. */
function findFields(value: unknown, depth = 0): Said | undefined {
  if (typeof value !== "object" || value === null || depth > 3) return undefined;
  const fields = value as Record<string, unknown>;
  const code = word(fields.errorCode) ?? word(fields.error_code) ?? word(fields.code);
  const detail = word(fields.errorMessage) ?? word(fields.error_msg) ?? word(fields.message);
  if (code !== undefined || detail !== undefined) {
    return { code, detail, requestId: word(fields.request_id) };
  }
  return Object.values(fields)
    .map((nested) => findFields(nested, depth + 1))
    .find((found) => found !== undefined);
}

function word(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? oneLine(value) : undefined;
}

/** The words of a page; of one that is long enough to be a whole site, those of its beginning. */
function withoutMarkup(body: string): string {
  const begin = body.length > longestPage ? `${body.slice(0, longestPage)}${ellipsis}` : body;
  return begin.replace(/<(script|style)\b[\s\S]*?<\/\1>/gi, " ").replace(/<[^>]*>/g, " ");
}
