import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { type Answer, cceError } from "../cluster/errors.ts";
import type { RequestRecord } from "../cluster/requestLog.ts";
import { acts, type Faults } from "./faults.ts";
import { act, type Message } from "./gateway.ts";
import type { RateLimiter } from "./limits.ts";
import { findRoute } from "./routes.ts";
import { faultyAnswer, send } from "./send.ts";
import type { ServiceContext } from "./serviceContext.ts";

/**
 * The moments of an exchange at which a test may step in: the request has arrived and nothing has been done; the
 * service has acted and not answered; the answer has left.
 */
export type Moment = "arrived" | "acted" | "answered";

/**
 * Called at each moment of each exchange, which waits for it. By returning `"drop"` it ends the connection: at
 * `arrived` as if the request had never come, at `acted` without an answer.
 */
export type RequestHook = (
  record: RequestRecord,
  moment: Moment,
) => undefined | "drop" | Promise<undefined | "drop"> | void | Promise<void>;

/** What the HTTP side works with. */
export interface ServerParts {
  readonly context: ServiceContext;
  readonly limits: RateLimiter;
  readonly faults: Faults;
  readonly hooks: ReadonlySet<RequestHook>;
  /** Aborted when the emulator is closed: nothing is acted upon any more. */
  readonly closing: AbortSignal;
  /** Begins the record of a request. */
  readonly record: (request: Omit<RequestRecord, "index" | "at">) => WritableRecord;
}

/** A record that is still being written. */
export type WritableRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

/** Tokens alone may be 16,384 characters long. */
const maxHeaderSize = 65_536;

/**
 * Serves the emulated service on loopback.
 * @throws Error when the port is in use, saying so.
 */
export async function listen(port: number, parts: ServerParts): Promise<Server> {
  const server = createServer({ maxHeaderSize }, (request, response) => {
    exchange(request, response, parts).catch((error) => fail(response, error));
  });
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    throw new Error(
      `port ${port} is in use by another program; choose another one, or 0 for any that is free`,
    );
  }
  return server;
}

/** The address of a listening server. */
export function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  parts: ServerParts,
): Promise<void> {
  const message = await receive(request);
  response.setHeader("Date", new Date(parts.context.now()).toUTCString());
  const found = findRoute(message.method, message.path);
  const { secrets } = parts.context;
  const record = parts.record({
    kind: found?.route.kind ?? "other",
    method: message.method,
    path: secrets.hideInText(message.path),
    query: secrets.hideInQuery(message.query),
    headers: secrets.hideInHeaders(message.headers),
    body: secrets.hideInBody(Buffer.from(message.body).toString()),
  });
  if ((await notify(parts, record, "arrived")) === "drop") {
    response.destroy();
    return;
  }
  const effect = parts.faults.take(record.kind);
  if (effect?.kind === "delay") await pause(effect.milliseconds, parts.closing);
  if (parts.closing.aborted) {
    response.destroy();
    return;
  }
  let own: Answer | undefined;
  if (acts(effect)) {
    const staleSeconds = effect?.kind === "stale" ? effect.seconds : undefined;
    own = act({ ...message, staleSeconds }, found, parts.context, parts.limits);
    record.refusal = own.refusal === undefined ? undefined : secrets.hideInText(own.refusal);
    if (record.kind === "sync") record.accepted = own.status === 200;
    if ((await notify(parts, record, "acted")) === "drop") {
      response.destroy();
      return;
    }
  }
  if (effect?.kind === "hang") return;
  if (effect?.kind === "drop") {
    response.destroy();
    return;
  }
  const answer = faultyAnswer(own, effect);
  record.status = answer.status;
  await send(response, answer, effect, parts.context.now(), found?.route.idHeader);
  await notify(parts, record, "answered");
}

/** Waits so long, or until the emulator is closed. */
async function pause(milliseconds: number, closing: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { ref: false, signal: closing }).catch((error) => {
    if (!closing.aborted) throw error;
  });
}

async function notify(
  parts: ServerParts,
  record: RequestRecord,
  moment: Moment,
): Promise<"drop" | undefined> {
  let dropped = false;
  for (const hook of [...parts.hooks]) {
    if ((await hook(record, moment)) === "drop") dropped = true;
  }
  return dropped ? "drop" : undefined;
}

async function receive(request: IncomingMessage): Promise<Message> {
  const { method = "GET", url = "/" } = request;
  const [path = "", query = ""] = url.split(/\?(.*)/s);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value ?? []].flat().join(", ")]),
  );
  return { method, path, query, headers, body: await buffer(request) };
}

/** A fault of the emulator itself, or of a test's hook, shows in the client. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { body } = cceError(500, "CCE.01500001", `Internal error of the emulator: ${String(error)}`);
  response.writeHead(500, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}
