import type { HttpHandler, HttpRequest } from "../../../provider/cce/http.ts";
import { ConnectionError, InterruptedError } from "../../../provider/errors/errors.ts";
import type { Clock } from "../../../provider/util/clock.ts";

/** How long the product waits for an answer, in milliseconds. */
const answerTimeout = 120_000;

/**
 * A layer of the harness in which some requests never get an answer, while time goes on. They end as over a real
 * connection: when their signal aborts, or when the time for an answer is over.
 */
export function hanging(
  clock: Clock,
  isHit: (request: HttpRequest) => boolean,
  acted = false,
): (handler: HttpHandler) => HttpHandler {
  return (handler) => async (request) => {
    if (!isHit(request)) return handler(request);
    if (acted) await handler(request);
    await clock.sleep(answerTimeout, request.signal);
    if (request.signal?.aborted) throw new InterruptedError(request.call, true);
    const { origin } = request;
    const details = { mayHaveArrived: true, origin, everAnswered: true };
    throw new ConnectionError(request.call, `${new URL(origin).host} did not answer within 120 s`, details);
  };
}
