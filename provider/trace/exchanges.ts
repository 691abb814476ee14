import type { HttpRequest, HttpResponse } from "../cce/http.ts";
import { parseJson } from "../util/json.ts";
import { differences } from "./differences.ts";
import { answerShape, path, query, syncRequest } from "./serviceShapes.ts";
import { isTime, type StandIns } from "./standIns.ts";

/** Writes down exchanges with the service. */
export interface ExchangeLog {
  /** @param time when it began, and how long it took, in milliseconds. */
  note(request: HttpRequest, time: Time, end: ExchangeEnd): void;
}

interface Time {
  readonly began: number;
  readonly took: number;
}

/** How an exchange ended. */
type ExchangeEnd = { readonly response: HttpResponse } | { readonly error: unknown };

/** Writes the facts of an exchange that began at a time; says whether there was room for them. */
type Write = (facts: object, isSmall: boolean, t: number) => boolean;

/** An answer that was written down, for the next one to be told by its differences. */
interface Written {
  readonly exchange: number;
  readonly body: unknown;
}

/**
 * Numbers exchanges and gives them to `write`. A body that is much like the one before it to the same request is given
 * as its differences: nearly every exchange is one more look at the same lists.
 */
export function createExchangeLog(standIns: StandIns, write: Write): ExchangeLog {
  const latest = new Map<string, Written>();
  let count = 0;

  function bodyFacts(key: string, body: unknown): { facts: object; keep: () => void } {
    const before = latest.get(key);
    const keep = () => latest.set(key, { exchange: count, body });
    const whole = { facts: { body }, keep };
    if (before === undefined) return whole;
    const changes = differences(before.body, body);
    const facts = { like: before.exchange, changes };
    return JSON.stringify(changes).length < JSON.stringify(body).length ? { facts, keep } : whole;
  }

  return {
    note(request, { began, took }, end) {
      count += 1;
      const common = { exchange: count, call: standIns.inText(request.call), method: request.method, took };
      // The other services are asked for credentials and names only: nothing that they answer is anybody's business.
      if (!request.path.startsWith("/api/v3/")) {
        const facts = "response" in end ? { status: end.response.status } : errorFacts(end.error, standIns);
        write({ ...common, service: "other", ...facts }, true, began);
        return;
      }
      const asked = { ...common, ...requestFacts(request, standIns) };
      if ("error" in end) {
        write({ ...asked, ...errorFacts(end.error, standIns) }, true, began);
        return;
      }
      const { status, headers, body } = end.response;
      const answered = { ...asked, status, headers: headerFacts(headers, standIns) };
      const parsed = parseJson(body);
      if (parsed === undefined) {
        write({ ...answered, text: standIns.inText(body) }, true, began);
        return;
      }
      const shape = answerShape(request.method, request.path, status);
      // A sentence can name what only a later part of the same body shows to be a name.
      shape(parsed, { ...standIns, inText: (text) => text });
      const shown = shape(parsed, standIns);
      const { facts, keep } = bodyFacts(`${asked.path}?${asked.query} ${status < 300}`, shown);
      if (write({ ...answered, ...facts }, false, began)) keep();
      else write({ ...answered, isCut: true }, true, began);
    },
  };
}

function requestFacts({ method, path: target, query: asked = "", body }: HttpRequest, standIns: StandIns) {
  return {
    path: path(target, standIns) as string,
    query: query(asked, standIns) as string,
    ...(method === "GET" || body === undefined ? {} : { sent: syncRequest(parseJson(body), standIns) }),
  };
}

/** The headers that a client decides by, and the id that the vendor's support asks for. */
function headerFacts(headers: HttpResponse["headers"], standIns: StandIns): Record<string, string> {
  const shown: Record<string, string> = {};
  const date = Date.parse(headers.date ?? "");
  if (!Number.isNaN(date)) shown.date = new Date(date).toUTCString();
  const after = headers["retry-after"] ?? "";
  if (/^\d{1,6}(?:\.\d{1,3})?$/.test(after) || isTime(after)) shown["retry-after"] = after;
  else if (!Number.isNaN(Date.parse(after))) shown["retry-after"] = new Date(after).toUTCString();
  const [type = ""] = (headers["content-type"] ?? "").split(";");
  if (/^[a-z]+\/[a-z.+-]+$/.test(type)) shown["content-type"] = type;
  for (const name of ["x-request-id", "x-iam-trace-id"]) {
    const id = headers[name];
    if (id !== undefined) shown[name] = standIns.of(id, "request");
  }
  return shown;
}

function errorFacts(error: unknown, standIns: StandIns): object {
  const { name, message, mayHaveArrived, everAnswered } = error as Record<string, unknown>;
  const facts = { name, message: standIns.inText(String(message)), mayHaveArrived, everAnswered };
  return { error: facts };
}
