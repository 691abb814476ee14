import { subscribe } from "node:diagnostics_channel";
import { fstatSync } from "node:fs";
import { createRequire } from "node:module";
import type { Report } from "../sync/progress.ts";

/**
 * The engine as seen from inside Pulumi's dynamic-provider process: a way to tell it things, to learn that the user
 * interrupts it, and to end with it. Pulumi hands none of this to a provider, so it is taken from the process.
 */

/** A way to tell the engine things, in the order in which they are told. */
export interface EngineLog {
  /** Messages for the row of the resource with this URN. */
  reportFor(urn: string | undefined): Report;
  /** Resolves when everything that was told has arrived, or the engine is gone. */
  arrived(): Promise<void>;
}

interface LogClient {
  log(request: unknown, callback: () => void): void;
}

/**
 * Opens the engine's log. The engine's address is the last argument of the dynamic-provider process; its client is
 * taken from the very @pulumi/pulumi that this process runs, so that it needs no dependency of ours. Without an engine
 * to talk to, messages are lines of standard output.
 */
export function openEngineLog(argv: readonly string[] = process.argv): EngineLog {
  const address = argv.at(-1) ?? "";
  const send = /^[^/]+:\d+$/.test(address) ? openClient(argv[1] ?? "", address) : undefined;
  if (send === undefined) {
    const report: Report = (message) => process.stdout.write(`${message}\n`);
    return { reportFor: () => report, arrived: () => Promise.resolve() };
  }
  let last = Promise.resolve();
  return {
    reportFor: (urn) => (message, kind) => {
      last = last.then(() => send(message, kind, urn ?? ""));
    },
    arrived: () => last,
  };
}

function openClient(script: string, address: string) {
  try {
    const require = createRequire(script);
    const grpc = require("@grpc/grpc-js");
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
    const client: LogClient = new EngineClient(address, grpc.credentials.createInsecure());
    return (message: string, kind: Parameters<Report>[1], urn: string): Promise<void> => {
      const request = new LogRequest();
      request.setSeverity(kind === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(kind === "passing");
      // A message that is lost must not cost the sync: the engine may just be ending.
      return new Promise((resolve) => client.log(request, () => resolve()));
    };
  } catch {
    return undefined;
  }
}

/**
 * A signal that aborts when the user interrupts the engine. The engine tells its providers by a Cancel call, which
 * Pulumi's dynamic server answers without telling the provider; Node's own channel shows each call's path.
 */
export function watchForCancel(): AbortSignal {
  const controller = new AbortController();
  subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { headers?: Record<string, unknown> };
    if (String(headers?.[":path"]).endsWith("/Cancel")) controller.abort();
  });
  return controller.signal;
}

/**
 * Ends this process when the engine that started it is gone. A killed engine leaves its providers behind, and only
 * the end of standard input, a pipe from the engine, tells them so.
 */
export function endWithEngine(): void {
  const input = fstatSync(0);
  // Node gives its children sockets where other programs give them pipes.
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
  process.stdin.unref?.();
}
