import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { root } from "../root.ts";

/** A server that can be ended. */
interface Ending {
  readonly port: number;
  close(): Promise<void>;
}

/** A text of test/fixtures/tls: `ca.pem`, `client.key` and so on. */
export function tlsFile(name: string): string {
  return readFileSync(`${root}/test/fixtures/tls/${name}`, "utf8");
}

/** Ends TLS in front of a plain server, as a load balancer does; requires a client certificate when configured to. */
export async function openTlsFront(behind: string, wantsClient = false): Promise<Ending> {
  const { hostname, port } = new URL(behind);
  const sockets = new Set<Socket>();
  const options = {
    cert: tlsFile("server.pem"),
    key: tlsFile("server.key"),
    ca: tlsFile("ca.pem"),
    requestCert: wantsClient,
    rejectUnauthorized: wantsClient,
  };
  const server = createTlsServer(options, (client) => {
    const service = connect(Number(port), hostname);
    for (const socket of [client, service])
      socket.on("error", () => [client, service].map((s) => s.destroy()));
    client.pipe(service).pipe(client);
  });
  return ending(server, sockets);
}

/** A proxy, as companies have them. */
export interface TestProxy extends Ending {
  /** Host and port of every tunnel that was asked for. */
  readonly tunnels: string[];
  /** The credentials that came with each. */
  readonly credentials: (string | undefined)[];
}

/**
 * Opens a proxy that leads every tunnel to one port of loopback, or refuses it.
 * @param target the port, or the status with which every tunnel is refused.
 */
export async function openProxy(
  target: { readonly port: number } | { readonly status: number },
): Promise<TestProxy> {
  const tunnels: string[] = [];
  const credentials: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer();
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    tunnels.push(request.url ?? "");
    credentials.push(request.headers["proxy-authorization"]);
    if ("status" in target) {
      client.end(`HTTP/1.1 ${target.status} No\r\n\r\n`);
      return;
    }
    const service = connect(target.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      client.pipe(service).pipe(client);
    });
    for (const socket of [client, service])
      socket.on("error", () => [client, service].map((s) => s.destroy()));
    sockets.add(service);
  });
  return { tunnels, credentials, ...(await ending(server, sockets)) };
}

type Server = ReturnType<typeof createServer> | ReturnType<typeof createTlsServer>;

async function ending(server: Server, sockets: Set<Socket>): Promise<Ending> {
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
