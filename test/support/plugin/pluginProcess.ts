import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { serveEngine } from "../../../tools/engine/embedded/engineService.ts";
import { toProviderError } from "../../../tools/engine/embedded/providerErrors.ts";
import { channelOptions, grpc } from "../../../tools/engine/embedded/rpc.ts";
import type { Diagnostic } from "../../../tools/engine/types.ts";
import { root } from "../root.ts";
import { type Caller, type PluginCalls, pluginCalls } from "./pluginCalls.ts";

/** A running plugin as the engine uses it. */
export interface PluginProcess extends PluginCalls {
  readonly pid: number;
  /** All of its standard output so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** What it reported to the engine. */
  readonly diagnostics: readonly Diagnostic[];
  readonly ended: Promise<unknown>;
  kill(signal: NodeJS.Signals): void;
  /** Ends its standard input, as the death of the engine does. */
  orphan(): void;
  close(): Promise<void>;
}

/** Starts the plugin as the engine does. */
export async function startPlugin(
  environment: Readonly<Record<string, string>> = {},
  command: readonly string[] = [process.execPath, join(root, "provider/plugin/index.ts")],
): Promise<PluginProcess> {
  const diagnostics: Diagnostic[] = [];
  const engine = await serveEngine((diagnostic) => void diagnostics.push(diagnostic));
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, engine.address], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const texts = { output: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (texts.output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (texts.errors += text));
  const ended = once(child, "exit");
  const port = await firstLine(child, texts);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), channelOptions);
  return {
    pid: child.pid ?? 0,
    output: () => texts.output,
    errors: () => texts.errors,
    diagnostics,
    ended,
    ...pluginCalls(callerOf(client)),
    kill: (signal) => void child.kill(signal),
    orphan: () => void child.stdin.end(),
    async close() {
      client.close();
      child.kill("SIGINT");
      await ended;
      engine.close();
    },
  };
}

async function firstLine(child: ChildProcess, texts: { output: string; errors: string }): Promise<string> {
  while (!texts.output.includes("\n")) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the plugin has ended: ${texts.errors}`);
    await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  }
  return texts.output.split("\n")[0] ?? "";
}

function callerOf(client: InstanceType<typeof grpc.Client>): Caller {
  return (method, request) =>
    new Promise((resolve, reject) => {
      const { path, requestSerialize, responseDeserialize } = method;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, (error, response) =>
        error ? reject(toProviderError(error)) : resolve(response as NonNullable<typeof response>),
      );
    });
}
