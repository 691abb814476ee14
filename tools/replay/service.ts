import type { HttpHandler, HttpRequest, HttpResponse } from "../../provider/cce/http.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { ConnectionError, InterruptedError, UserError } from "../../provider/errors/errors.ts";
import type { Clock } from "../../provider/util/clock.ts";
import { memoize } from "../../provider/util/memoize.ts";
import type { RecordedExchange } from "./recording.ts";

/** The service as a recording shows it. */
export interface ReplayedService {
  readonly handler: HttpHandler;
  /** The requests that change something, as they came. */
  readonly sent: readonly { readonly t: number; readonly path: string; readonly body: unknown }[];
  /** What was asked for that the recording has no answer to, each once. */
  readonly unanswered: ReadonlySet<string>;
}

/**
 * How much later than asked for an answer may have been recorded, as a share of the interval between looks: looks are up
 * to 10 % of three intervals late at random, and none is in the replay.
 */
const lateness = 0.5;
/** A busy machine is late by itself, in milliseconds. */
const slack = 1000;

/** The answers to one request, in the order in which they were recorded. */
interface Queue {
  readonly exchanges: readonly RecordedExchange[];
  next: number;
  latest?: RecordedExchange;
}

/**
 * Answers requests as it is recorded: each with the next answer to the same request, when it was given. So as long as
 * the provider asks what it asked then, time goes by as it did. Where it asks at another time, it is answered what was
 * answered last before that; where it asks something else, nothing is known.
 * @param interval the shortest interval between looks, in milliseconds.
 */
export function replayService(
  exchanges: readonly RecordedExchange[],
  interval: number,
  clock: Clock,
): ReplayedService {
  const queues = new Map<string, Queue>();
  const sent: { t: number; path: string; body: unknown }[] = [];
  const unanswered = new Set<string>();
  const tolerance = interval * lateness + slack;
  const keyOf = ({ method, path, query = "" }: Pick<HttpRequest, "path" | "query"> & { method: string }) =>
    `${method} ${path}?${query}`;

  function choose(request: HttpRequest): RecordedExchange | undefined {
    const queue = memoize(queues, keyOf(request), () => ({
      exchanges: exchanges.filter((exchange) => keyOf(exchange) === keyOf(request)),
      next: 0,
    }));
    const now = clock.monotonic();
    while ((queue.exchanges[queue.next + 1]?.startedAt ?? Number.POSITIVE_INFINITY) <= now) queue.next += 1;
    const next = queue.exchanges[queue.next];
    const isDue = next !== undefined && next.startedAt - now <= tolerance;
    // A request that changes something is answered but once.
    if (next === undefined || !(isDue || queue.latest === undefined || request.method !== "GET"))
      return request.method === "GET" ? queue.latest : undefined;
    queue.next += 1;
    queue.latest = next;
    return next;
  }

  return {
    sent,
    unanswered,
    async handler(request) {
      const { call, method, path, body, signal } = request;
      const t = clock.monotonic();
      if (method !== "GET") sent.push({ t, path, body: JSON.parse(body ?? "null") });
      const exchange = choose(request);
      if (exchange === undefined) {
        unanswered.add(`${method} ${path}`);
        if (method !== "GET") throw new UserError("the recording has no answer to it", errorCodes.internal);
        return { status: 404, headers: {}, body: "" };
      }
      const end = exchange.startedAt + exchange.took;
      if (end > t) await clock.sleep(end - t, signal);
      if (signal?.aborted) throw new InterruptedError(call, true);
      return answerOf(exchange, clock.monotonic() - end);
    },
  };
}

function answerOf({ call, answer, error }: RecordedExchange, late: number): HttpResponse {
  if (error?.name === "ConnectionError" || (answer === undefined && error === undefined))
    throw new ConnectionError(call, error?.message ?? "the trace was too full to keep the answer", {
      mayHaveArrived: error?.mayHaveArrived ?? true,
    });
  if (error?.name === "InterruptedError") throw new InterruptedError(call, error.mayHaveArrived);
  if (answer === undefined) throw new UserError(error?.message ?? "", errorCodes.unreachable);
  const { status, headers, body, text } = answer;
  const date = Date.parse(headers.date ?? "");
  const told: Record<string, string> =
    late > 0 && !Number.isNaN(date) ? { date: new Date(date + late).toUTCString() } : {};
  return { status, headers: { ...headers, ...told }, body: body === undefined ? text : JSON.stringify(body) };
}
