import { subscribe } from "node:diagnostics_channel";
import { setMaxListeners } from "node:events";
import { createRequire } from "node:module";
import { createEngineLog, type EngineLog, engineAddress, type LogProtocol } from "../engine/log.ts";
import { endSignals, exitWithEngine } from "../engine/process.ts";

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

/** Takes what it needs from the process that it runs in. */
export function createHost(): Host {
  exitWithEngine();
  const end = createProcessEnd();
  return { log: createDynamicLog(), interrupted: watchForInterruption(end), track: end.track };
}

/**
 * The engine's log. Its client is taken from the very @pulumi/pulumi that this process runs, so that it needs no
 * dependency of ours.
 */
function createDynamicLog(argv: readonly string[] = process.argv): EngineLog {
  const address = engineAddress(argv);
  return createEngineLog(address === undefined ? undefined : protocolOf(argv[1] ?? ""), address);
}

function protocolOf(script: string): LogProtocol | undefined {
  try {
    const require = createRequire(script);
    const { EngineClient } = require("@pulumi/pulumi/proto/engine_grpc_pb");
    const { LogRequest, LogSeverity } = require("@pulumi/pulumi/proto/engine_pb");
    return { credentials: require("@grpc/grpc-js").credentials, EngineClient, LogRequest, LogSeverity };
  } catch {
    return undefined;
  }
}

/** How this process ends when it is asked to: at once when no call is open, otherwise when none is any more. */
interface ProcessEnd {
  request(): void;
  track: Host["track"];
}

/**
 * A signal that aborts when the user interrupts the engine, or this process is asked to end. The engine notifies its
 * providers by a Cancel call, which Pulumi's dynamic server answers without notifying the provider; Node's own channel
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
