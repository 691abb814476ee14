import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";

/** A server of a test on this machine. */
export interface LoopbackServer {
  readonly origin: string;
  /** The requests that have arrived, as method and path. */
  readonly arrived: readonly string[];
  /** Resolves when the next request has arrived, or the one that came since this was last asked for. */
  next(): Promise<IncomingMessage>;
  close(): Promise<void>;
}

/** Starts a server that answers by this listener; without one, it takes every request and never answers. */
export async function startHttp(answer: RequestListener = () => undefined): Promise<LoopbackServer> {
  const arrived: string[] = [];
  const pending: IncomingMessage[] = [];
  const waiting: ((request: IncomingMessage) => void)[] = [];
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    request.resume();
    const waiter = waiting.shift();
    if (waiter === undefined) pending.push(request);
    else waiter(request);
    answer(request, response);
  });
  const port = await listening(server);
  return {
    origin: `http://127.0.0.1:${port}`,
    arrived,
    next: () =>
      new Promise((resolve) => {
        const request = pending.shift();
        if (request === undefined) waiting.push(resolve);
        else resolve(request);
      }),
    async close() {
      server.closeAllConnections();
      if (server.listening) await once(server.close(), "close");
    },
  };
}

/** Starts something that takes connections and never says a word, so that no TLS connection comes to stand. */
export async function startSilence() {
  const open = new Set<{ destroy(): unknown }>();
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
  });
  const port = await listening(server);
  const connected = once(server, "connection");
  return {
    origin: `https://127.0.0.1:${port}`,
    /** Resolves when somebody has connected. */
    connected,
    async close() {
      for (const socket of open) socket.destroy();
      await once(server.close(), "close");
    },
  };
}

/** The origin of an address of this machine at which nobody listens. */
export async function vacantOrigin(): Promise<string> {
  const server = createTcpServer();
  const port = await listening(server);
  await once(server.close(), "close");
  return `http://127.0.0.1:${port}`;
}

async function listening(server: Server): Promise<number> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return (server.address() as AddressInfo).port;
}
