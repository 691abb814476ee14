import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { EmulatedCluster } from "./cluster/emulatedCluster.ts";
import { urlOf } from "./http/server.ts";

/**
 * What can be done to the cluster of a running command, each by a POST to an address of its own: other shells, scripts
 * and CI jobs reach it, and a command in the background has no terminal to read from.
 */
export interface Control {
  /** Its address on loopback, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const longestReason = 500;

/** What a POST to `path` does; returns what has happened, in words. @throws Error when a name is not known. */
export function act({ cluster }: { readonly cluster: EmulatedCluster }, path: string, reason = ""): string {
  const [action = "", name = ""] = path.split("/").filter(Boolean).map(decodeURIComponent);
  if (action === "drift") {
    const pools = name === "" ? cluster.pools : [named(cluster.pools, name, "node pool")];
    for (const { id } of pools) cluster.changeConfiguration(id);
    return `outdated: the nodes of ${pools.map((pool) => pool.name).join(", ") || "no pool"}`;
  }
  if (action === "fail" && name !== "") {
    const nodes = [...cluster.pools, cluster.defaultPool].flatMap((pool) => pool.nodes);
    const node = named(nodes, name, "node");
    cluster.failNode(node.id, {
      times: 1,
      phase: "Error",
      reason: reason || "the emulator was configured to fail",
    });
    return `will fail once: the next reset of ${node.name}`;
  }
  throw new Error("only /drift, /drift/POOL and /fail/NODE are known");
}

/** Serves {@link act} on loopback. A body of a request is the reason for which a node fails. */
export async function startControl(emulator: { readonly cluster: EmulatedCluster }): Promise<Control> {
  const server = createServer((request, response) => {
    answer(request, emulator).then(({ status, text }) => {
      response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: urlOf(server),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  request: IncomingMessage,
  emulator: { readonly cluster: EmulatedCluster },
): Promise<{ status: number; text: string }> {
  let reason = "";
  for await (const chunk of request.setEncoding("utf8")) reason = `${reason}${chunk}`.slice(0, longestReason);
  if (request.method !== "POST") return { status: 405, text: "use POST" };
  try {
    return { status: 200, text: act(emulator, request.url ?? "", reason.trim()) };
  } catch (error) {
    return { status: 404, text: (error as Error).message };
  }
}

function named<T extends { readonly id: string; readonly name: string }>(
  things: readonly T[],
  wanted: string,
  what: string,
): T {
  const found = things.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found;
  throw new Error(`there is no ${what} ${wanted}; there are ${things.map(({ name }) => name).join(", ")}`);
}
