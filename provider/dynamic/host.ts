import { subscribe } from "node:diagnostics_channel";
import { setMaxListeners } from "node:events";
import { fstatSync } from "node:fs";
import { createRequire } from "node:module";
import type { Report } from "../sync/progress.ts";

/**
 * The engine as seen from inside Pulumi's dynamic-provider process: a way to report to it, to learn that the user
 * interrupts it, and to end with it. Pulumi hands none of this to a provider, so it is taken from the process.
 */

/** What surrounds the provider in its process. */
export interface Host {
  readonly log: EngineLog;
  /** Aborts when the user interrupts the engine, or the process is asked to end. */
  readonly interrupted: AbortSignal;
  /** The call, known to the process as work that it must not end in the middle of. */
  track<Args extends unknown[], Result>(
    call: (...args: Args) => Promise<Result>,
  ): (...args: Args) => Promise<Result>;
}

/** A way to report to the engine; messages arrive in the order in which they are sent. */
export interface EngineLog {
  /** Messages for the row of the resource with this URN. */
  reportFor(urn: string | undefined): Report;
  /** Resolves when everything that was reported has arrived, or the engine is gone. */
  flush(): Promise<void>;
}

interface LogClient {
  log(request: unknown, callback: () => void): void;
}

/** Takes what it needs from the process that it runs in. */
export function createHost(): Host {
  exitWithEngine();
  const end = createProcessEnd();
  return { log: createEngineLog(), interrupted: watchForInterruption(end), track: end.track };
}

/**
 * The engine's log. The engine's address is the last argument of the dynamic-provider process; its client is taken
 * from the very @pulumi/pulumi that this process runs, so that it needs no dependency of ours. Without an engine,
 * messages are lines of standard output.
 */
export function createEngineLog(argv: readonly string[] = process.argv): EngineLog {
  const address = argv.at(-1) ?? "";
  const send = /^[^/]+:\d+$/.test(address) ? createSender(argv[1] ?? "", address) : undefined;
  if (send === undefined) {
    const report: Report = (message) => process.stdout.write(`${message}\n`);
    return { reportFor: () => report, flush: () => Promise.resolve() };
  }
  let last = Promise.resolve();
  return {
    reportFor: (urn) => (message, severity) => {
      last = last.then(() => send(message, severity, urn ?? ""));
    },
    flush: () => last,
  };
}

function createSender(script: string, address: string) {
  try {
    const require = createRequire(script);
    const grpc = require("@grpc/grpc-js");
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
    const client: LogClient = new EngineClient(address, grpc.credentials.createInsecure());
    return (message: string, severity: Parameters<Report>[1], urn: string): Promise<void> => {
      const request = new LogRequest();
      request.setSeverity(severity === "warning" ? LogSeverity.WARNING : LogSeverity.INFO);
      request.setMessage(message);
      request.setUrn(urn);
      request.setEphemeral(severity === "status");
      // A message that is lost must not cost the sync: the engine may just be ending.
      return new Promise((resolve) => client.log(request, () => resolve()));
    };
  } catch {
    return undefined;
  }
}

/** Signals by which a terminal, an operator or a runner asks a process to end; the engine sends SIGINT at its end. */
const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** How this process ends when it is asked to: at once when no call is open, otherwise when none is any more. */
interface ProcessEnd {
  request(): void;
  track: Host["track"];
}

/**
 * A signal that aborts when the user interrupts the engine, or this process is asked to end. The engine tells its
 * providers by a Cancel call, which Pulumi's dynamic server answers without telling the provider; Node's own channel
 * shows each call's path.
 */
function watchForInterruption(end: ProcessEnd): AbortSignal {
  const controller = new AbortController();
  // Every wait of every resource listens to it.
  setMaxListeners(0, controller.signal);
  subscribe("http2.server.stream.start", (message) => {
    const { headers } = message as { headers?: Record<string, unknown> };
    if (String(headers?.[":path"]).endsWith("/Cancel")) controller.abort();
  });
  for (const signal of endSignals) {
    process.on(signal, () => {
      controller.abort();
      end.request();
    });
  }
  return controller.signal;
}

/**
 * A process that is asked to end does so when its answers are out: what it records is in them. A call is open while
 * the provider works on it, and then until its stream is closed. The streams alone would not do: the call that makes
 * Pulumi's server load this module has begun before anybody could see it begin.
 */
function createProcessEnd(): ProcessEnd {
  const streams = new Set<unknown>();
  let working = 0;
  let isRequested = false;
  const exitWhenIdle = () => {
    if (isRequested && working === 0 && streams.size === 0) process.exit(0);
  };
  subscribe("http2.server.stream.start", (message) => {
    streams.add((message as { stream: unknown }).stream);
  });
  subscribe("http2.server.stream.close", (message) => {
    streams.delete((message as { stream: unknown }).stream);
    setImmediate(exitWhenIdle);
  });
  return {
    request() {
      isRequested = true;
      exitWhenIdle();
    },
    track:
      (call) =>
      async (...args) => {
        working += 1;
        try {
          return await call(...args);
        } finally {
          working -= 1;
        }
      },
  };
}

/**
 * Ends this process when the engine that started it is gone. A killed engine leaves its providers behind, and only
 * the end of standard input, a pipe from the engine, tells them so.
 */
function exitWithEngine(): void {
  const input = fstatSync(0);
  // Node gives its children sockets where other programs give them pipes.
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
  process.stdin.unref?.();
}
