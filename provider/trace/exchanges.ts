import type { HttpRequest, HttpResponse } from "../cce/http.ts";
import { byName } from "../cce/model.ts";
import { isObject, parseJson } from "../util/json.ts";
import { differences } from "./differences.ts";
import type { LineWriter } from "./lines.ts";
import { answerShape, path, query, syncRequest } from "./serviceShapes.ts";
import { inMicroseconds } from "./shapes.ts";
import { isTime, type StandIns } from "./standIns.ts";

/** Writes down exchanges with the service. */
export interface ExchangeLog {
  /** The number of the next exchange. */
  next(): number;
  /** Writes down that a request which changes something is on its way: a process may be killed before its answer. */
  noteSending(number: number, request: HttpRequest, began: number): void;
  /** @param time when it began, and how long it took, in milliseconds. */
  note(number: number, request: HttpRequest, time: Time, end: ExchangeEnd): void;
  /** Writes down a request that ended otherwise than by an exchange of its own, such as one that nobody could sign. */
  noteUnsent(request: HttpRequest, time: Time, error: unknown): void;
}

interface Time {
  readonly began: number;
  readonly took: number;
}

/** How an exchange ended. */
export type ExchangeEnd = { readonly response: HttpResponse } | { readonly error: unknown };

/** An answer that was written down, for the next one to be given as its differences. */
interface Written {
  readonly exchange: number;
  readonly body: unknown;
}

/**
 * Numbers exchanges and gives them to `write`. A body that is much like the one before it to the same request is given
 * as its differences: nearly every exchange is one more look at the same lists.
 */
export function createExchangeLog(standIns: StandIns, write: LineWriter["write"]): ExchangeLog {
  const noteAnswer = createAnswerLog(standIns, write);
  let count = 0;

  function next(): number {
    count += 1;
    return count;
  }

  return {
    next,
    noteSending(number, request, began) {
      if (request.method === "GET" || !isOfCce(request)) return;
      write(
        "request",
        { ...requestFacts(number, request, standIns), ...sentFacts(request, standIns) },
        true,
        began,
      );
    },
    noteUnsent(request, { began, took }, error) {
      if (!isOfCce(request)) return;
      const asked = { ...requestFacts(next(), request, standIns), ...sentFacts(request, standIns) };
      const facts = errorFacts(error, standIns);
      write("exchange", { ...asked, took: inMicroseconds(took), ...facts }, true, began);
    },
    note(number, request, { began, took }, end) {
      const asked = { ...requestFacts(number, request, standIns), took: inMicroseconds(took) };
      if (!isOfCce(request)) {
        const { exchange, call, method } = asked;
        const facts = "response" in end ? { status: end.response.status } : errorFacts(end.error, standIns);
        write(
          "exchange",
          { exchange, call, method, took: asked.took, service: "other", ...facts },
          true,
          began,
        );
      } else if ("error" in end) {
        write("exchange", { ...asked, ...errorFacts(end.error, standIns) }, true, began);
      } else {
        noteAnswer(request, asked, began, end.response);
      }
    },
  };
}

/** Writes down answers of CCE, each as its differences from the one before where that is shorter. */
function createAnswerLog(standIns: StandIns, write: LineWriter["write"]) {
  const latest = new Map<string, Written>();

  function bodyFacts(key: string, body: unknown): object {
    const before = latest.get(key);
    if (before === undefined) return { body };
    const changes = differences(before.body, body);
    const isShorter = JSON.stringify(changes).length < JSON.stringify(body).length;
    return isShorter ? { like: before.exchange, changes } : { body };
  }

  return (request: HttpRequest, asked: Asked, began: number, answer: HttpResponse): void => {
    const { status, headers, body } = answer;
    const answered = { ...asked, status, headers: headerFacts(headers, standIns) };
    const parsed = parseJson(body);
    if (parsed === undefined) {
      write("exchange", { ...answered, text: standIns.inText(body) }, true, began);
      return;
    }
    const shown = shownBody(request, status, parsed, standIns);
    const key = `${asked.path}?${asked.query} ${status < 300}`;
    if (write("exchange", { ...answered, ...bodyFacts(key, shown) }, false, began))
      latest.set(key, { exchange: asked.exchange, body: shown });
    else write("exchange", { ...answered, isCut: true }, true, began);
  };
}

/** The other services are asked for credentials and names only: nothing that they answer is anybody's business. */
function isOfCce({ path: target }: HttpRequest): boolean {
  return target.startsWith("/api/v3/");
}

type Asked = ReturnType<typeof requestFacts>;

function requestFacts(
  exchange: number,
  { call, method, path: target, query: asked = "" }: HttpRequest,
  standIns: StandIns,
) {
  return {
    exchange,
    call: standIns.inText(call),
    method,
    path: path(target, standIns) as string,
    query: query(asked, standIns) as string,
  };
}

function sentFacts({ method, body }: HttpRequest, standIns: StandIns): object {
  return method === "GET" ? {} : { sent: syncRequest(parseJson(body ?? ""), standIns) };
}

/** The body with stand-ins. Lists of nodes are in the order of their names, which their stand-ins do not keep. */
function shownBody(
  { method, path: target }: HttpRequest,
  status: number,
  parsed: unknown,
  standIns: StandIns,
) {
  const shape = answerShape(method, target, status);
  const body = target.endsWith("/nodes") ? inOrderOfNames(parsed) : parsed;
  for (const zone of zonesIn(body)) standIns.of(zone, "zone");
  // A sentence can name what only a later part of the same body shows to be a name.
  shape(body, { ...standIns, inText: (text) => text });
  return shape(body, standIns);
}

function inOrderOfNames(body: unknown): unknown {
  const items = itemsIn(body);
  if (items === undefined) return body;
  const nameOf = (item: unknown) => String(fieldIn(item, "metadata", "name") ?? "");
  return { ...(body as object), items: items.toSorted((a, b) => byName(nameOf(a), nameOf(b))) };
}

/** The zones of a list in the order of their names, which their stand-ins keep so. */
function zonesIn(body: unknown): string[] {
  const zones = (itemsIn(body) ?? []).map((item) => fieldIn(item, "spec", "az"));
  return zones.filter((zone) => typeof zone === "string").toSorted(byName);
}

function itemsIn(body: unknown): readonly unknown[] | undefined {
  return isObject(body) && Array.isArray(body.items) ? body.items : undefined;
}

function fieldIn(item: unknown, part: string, field: string): unknown {
  const inner = isObject(item) ? item[part] : undefined;
  return isObject(inner) ? inner[field] : undefined;
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
  const { name, message, errorCode, mayHaveArrived, everAnswered, status, codes, retryAfter } =
    error as Record<string, unknown>;
  const facts = {
    name,
    code: errorCode,
    message: standIns.inText(String(message)),
    mayHaveArrived,
    everAnswered,
    status,
    codes: Array.isArray(codes) ? codes.map((code) => standIns.inText(String(code))) : undefined,
    retryAfter,
  };
  return { error: facts };
}
