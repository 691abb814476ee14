import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { Caller } from "./authentication.ts";
import { type Answer, cceError, notFound, type Refusal } from "./errors.ts";
import { acts, type Faults } from "./faults.ts";
import type { LimitKeeper } from "./limits.ts";
import { publicBody, publicHeaders, type RequestRecord } from "./requestLog.ts";
import { findRoute } from "./routes.ts";
import { faultyAnswer, send } from "./send.ts";
import type { World } from "./world.ts";

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
  readonly world: World;
  readonly limits: LimitKeeper;
  readonly faults: Faults;
  readonly hooks: ReadonlySet<RequestHook>;
  /** Begins the record of a request. */
  readonly record: (request: Omit<RequestRecord, "index" | "at">) => WritableRecord;
}

/** A record that is still being written. */
export type WritableRecord = { -readonly [Key in keyof RequestRecord]: RequestRecord[Key] };

interface Message {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

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
  const found = findRoute(message.method, message.path);
  const { method, path, query } = message;
  const record = parts.record({
    kind: found?.route.kind ?? "other",
    method,
    path,
    query,
    headers: publicHeaders(message.headers),
    body: publicBody(Buffer.from(message.body).toString()),
  });
  if ((await tell(parts, record, "arrived")) === "drop") {
    response.destroy();
    return;
  }
  const effect = parts.faults.take(record.kind);
  if (effect?.kind === "delay") await setTimeout(effect.milliseconds, undefined, { ref: false });
  let own: Answer | undefined;
  if (acts(effect)) {
    own = act(message, found, parts);
    if ("reason" in own) record.refusal = own.reason as string;
    if (record.kind === "sync") record.accepted = own.status === 200;
    if ((await tell(parts, record, "acted")) === "drop") {
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
  await send(response, answer, effect);
  await tell(parts, record, "answered");
}

/** What the service does with a request that has reached it: the gateway's checks first, then the call. */
function act(
  { method, path, query, headers, body }: Message,
  found: ReturnType<typeof findRoute>,
  { world, limits }: ServerParts,
): Answer | Refusal {
  if (found === undefined) return notFound.api;
  const { route, parts } = found;
  const project = parts.project;
  const limited = project === undefined ? undefined : limits.refuse(method);
  if (limited !== undefined) return limited;
  const caller = route.open ? nobody : world.gatekeeper.identify({ method, path, query, headers, body });
  if ("reason" in caller) return caller;
  if (project !== undefined && !belongsTo(project, caller, world)) {
    return cceError(403, "CCE.01403001", "Forbidden: the project is not one of the caller's");
  }
  const text = Buffer.from(body).toString();
  return route.handler({ parts, query: new URLSearchParams(query), headers, body: text, caller }, world);
}

const nobody: Caller = { projects: [] };

function belongsTo(project: string, { projects }: Caller, { account }: World): boolean {
  return projects === "all" ? account.projects.some(({ id }) => id === project) : projects.includes(project);
}

async function tell(parts: ServerParts, record: RequestRecord, moment: Moment): Promise<"drop" | undefined> {
  let result: "drop" | undefined;
  for (const hook of [...parts.hooks])
    result = ((await hook(record, moment)) as "drop" | undefined) ?? result;
  return result;
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
