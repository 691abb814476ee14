import { subscribe } from "node:diagnostics_channel";
import { fstatSync } from "node:fs";
import { createRequire } from "node:module";
import type { Report } from "./sync/progress.ts";

/**
 * The engine as seen from inside Pulumi's dynamic-provider process: a way to tell it things, to learn that the user
 * interrupts it, and to end with it. Pulumi hands none of this to a provider, so it is taken from the process.
 */

/** Messages for the row of the resource with this URN; without an engine to talk to, lines of standard output. */
export type ReportFor = (urn: string | undefined) => Report;

interface LogClient {
  log(request: unknown, callback: () => void): void;
}

/**
 * Opens the engine's log. The engine's address is the last argument of the dynamic-provider process; its client is
 * taken from the very @pulumi/pulumi that this process runs, so that it needs no dependency of ours.
 */
export function openEngineLog(argv: readonly string[] = process.argv): ReportFor {
  const address = argv.at(-1) ?? "";
  const client = /^[^/]+:\d+$/.test(address) ? openClient(argv[1] ?? "", address) : undefined;
  if (client === undefined) {
    return () => (message) => {
      process.stdout.write(`${message}\n`);
    };
  }
  return (urn) => (message, kind) => client.send(message, kind, urn ?? "");
}

function openClient(script: string, address: string) {
  try {
    const require = createRequire(script);
    const grpc = require("@grpc/grpc-js");
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
    const client: LogClient = new EngineClient(address, grpc.credentials.createInsecure());
    const send = (message: string, kind: Parameters<Report>[1], urn: string) => {
      const request = new LogRequest();
      request.setSeverity(kind === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(kind === "passing");
      // A message that is lost must not cost the sync: the engine may just be ending.
      client.log(request, () => undefined);
    };
    return { send };
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
  if (!fstatSync(0).isFIFO()) return;
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
  process.stdin.unref?.();
}
