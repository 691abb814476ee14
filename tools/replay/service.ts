import type { AsyncLocalStorage } from "node:async_hooks";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../provider/cce/http.ts";
import { errorCodeOf } from "../../provider/cce/retryPolicy.ts";
import { type ErrorCode, errorCodes } from "../../provider/errors/codes.ts";
import { ConnectionError, InterruptedError, ServiceError, UserError } from "../../provider/errors/errors.ts";
import type { Clock } from "../../provider/util/clock.ts";
import { memoize } from "../../provider/util/memoize.ts";
import { isRefusedCredential, type RecordedError, type RecordedExchange } from "./recording.ts";

/** The service as a recording shows it. */
export interface ReplayedService {
  readonly handler: HttpHandler;
  /** The requests that change something, as they came. */
  readonly sent: readonly { readonly t: number; readonly path: string; readonly body: unknown }[];
  /** What was asked for that the recording has no answer to, each once. */
  readonly unanswered: ReadonlySet<string>;
}

/** Whoever asks the service. */
export interface Asker {
  /** Until when what it asks for now was answered, if it was: it went on to something else then. */
  readonly until: () => number;
  /** Whether it asks for the last thing before it was killed, which was never answered. */
  readonly isKilled: () => boolean;
}

/** What {@link replayService} works with. */
export interface ReplayedServiceOptions {
  /** Makes the names in a body those that the provider is to have. */
  readonly texts: (text: string) => string;
  /** Is called with each exchange when it begins. */
  readonly asked: (exchange: RecordedExchange) => void;
  readonly askers: AsyncLocalStorage<Asker>;
  readonly clock: Clock;
}

/** How much too late an answer may be asked for, in milliseconds: timers of a real process may be early. */
const slack = 50;
/** How long an answer is waited for that never came, in milliseconds; whoever asks gives up before. */
const never = 24 * 60 * 60_000;

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
 */
export function replayService(
  recorded: readonly RecordedExchange[],
  { texts, asked, askers, clock }: ReplayedServiceOptions,
): ReplayedService {
  const queues = new Map<string, Queue>();
  const sent: { t: number; path: string; body: unknown }[] = [];
  const unanswered = new Set<string>();
  const exchanges = recorded.filter((exchange) => !isRefusedCredential(exchange));
  const keyOf = ({ method, path, query = "" }: Pick<HttpRequest, "path" | "query"> & { method: string }) =>
    `${method} ${path}?${query}`;
  const byKey = Map.groupBy(exchanges, keyOf);

  function choose(request: HttpRequest): RecordedExchange | undefined {
    const key = keyOf(request);
    const queue = memoize(queues, key, () => ({ exchanges: byKey.get(key) ?? [], next: 0 }));
    // A request that changes something is answered but once.
    const isRead = request.method === "GET";
    const now = clock.monotonic();
    const at = (index: number) => queue.exchanges[index]?.startedAt ?? Number.POSITIVE_INFINITY;
    while (isRead && at(queue.next) < now - slack) {
      queue.latest = queue.exchanges[queue.next];
      queue.next += 1;
    }
    const until = askers.getStore()?.until() ?? Number.POSITIVE_INFINITY;
    if (isRead && at(queue.next) > until) return queue.latest;
    const next = queue.exchanges[queue.next];
    if (next === undefined) return isRead ? queue.latest : undefined;
    queue.next += 1;
    queue.latest = next;
    return next;
  }

  return {
    sent,
    unanswered,
    async handler(request) {
      const { method, path, body } = request;
      if (method !== "GET") sent.push({ t: clock.monotonic(), path, body: JSON.parse(body ?? "null") });
      const isNew = (exchange: RecordedExchange) => exchange.startedAt >= clock.monotonic() - slack;
      const exchange = choose(request);
      if (askers.getStore()?.isKilled() && (exchange === undefined || !isNew(exchange)))
        return waitInVain(request, clock);
      if (exchange === undefined) {
        unanswered.add(`${method} ${path}`);
        if (method !== "GET") throw new UserError("the recording has no answer to it", errorCodes.internal);
        return { status: 404, headers: {}, body: "" };
      }
      if (exchange.startedAt > clock.monotonic())
        await clock.sleep(exchange.startedAt - clock.monotonic(), request.signal);
      asked(exchange);
      return answer(request, exchange, texts, clock);
    },
  };
}

async function waitInVain({ call, signal }: HttpRequest, clock: Clock): Promise<never> {
  await clock.sleep(never, signal);
  throw new InterruptedError(call, true);
}

async function answer(
  request: HttpRequest,
  exchange: RecordedExchange,
  texts: (text: string) => string,
  clock: Clock,
): Promise<HttpResponse> {
  const { call, signal } = request;
  const { startedAt, took, answer: given, error } = exchange;
  if (took === Number.POSITIVE_INFINITY) return waitInVain(request, clock);
  const end = startedAt + took;
  const wait = end - clock.monotonic();
  if (wait > 0) await clock.sleep(wait, signal);
  if (signal?.aborted)
    throw new InterruptedError(call, error?.name === "InterruptedError" ? error.mayHaveArrived : true);
  if (given === undefined) throw errorOf(call, error);
  const { status, headers, body, text } = given;
  const date = Date.parse(headers.date ?? "");
  const late = Math.max(0, -wait);
  const laterDate: Record<string, string> =
    late > slack && !Number.isNaN(date) ? { date: new Date(date + late).toUTCString() } : {};
  const shown = body === undefined ? text : texts(JSON.stringify(body));
  return { status, headers: { ...headers, ...laterDate }, body: shown };
}

/** The error again; what the trace was too full to keep is taken for an answer that was lost. */
function errorOf(call: string, error: RecordedError | undefined): Error {
  if (error === undefined)
    return new ConnectionError(call, "the trace was too full to keep the answer", { mayHaveArrived: true });
  const {
    name,
    message,
    code,
    mayHaveArrived = true,
    everAnswered,
    status = 0,
    codes = [],
    retryAfter,
  } = error;
  if (name === "ConnectionError") return new ConnectionError(call, message, { mayHaveArrived, everAnswered });
  if (name === "InterruptedError") return new InterruptedError(call, mayHaveArrived);
  if (name === "ServiceError") {
    const errorCode = errorCodeOf(status, codes);
    return new ServiceError({ call, status, errorCode, codes, detail: message, retryAfter });
  }
  return new UserError(message, (code ?? errorCodes.unreachable) as ErrorCode);
}
