import type { EngineEvent } from "@pulumi/pulumi/automation/index.js";
import type { Operation, Result } from "../types.ts";
import { createEventReader } from "./events.ts";
import { belongsToDynamicProvider, descendantsOf, isAlive, isDynamicProvider } from "./processes.ts";

/** What the Automation API's operations are called with here. */
export interface CommandOptions {
  readonly color: "never";
  readonly configFile: string;
  /** To show secrets, the API would run the CLI without that file: it writes one of its own into the project's folder. */
  readonly showSecrets: false;
  readonly signal: AbortSignal;
  onOutput(text: string): void;
  onError(text: string): void;
  onEvent(event: EngineEvent): void;
}

/** One operation of the Automation API. */
export interface CliOperationOptions {
  /** The config file of the stack; the CLI that works on it is found among this process's children by its path. */
  readonly configFile: string;
  run(options: CommandOptions): Promise<unknown>;
  onLine(line: string): void;
  onKill(): void;
}

/** How often to look whether a CLI that was killed is gone. */
const LOOK_MS = 20;

/** Starts an operation of the Automation API. */
export function startOperation({ configFile, run, onLine, onKill }: CliOperationOptions): Operation {
  const interruption = new AbortController();
  const killed = Promise.withResolvers<false>();
  const events = createEventReader();
  const lines: string[] = [];
  let orphans: number[] | undefined;
  const cli = () => descendantsOf(process.pid).find(({ command }) => command.includes(configFile));
  const split = () =>
    createLineSplitter((line) => {
      lines.push(line);
      onLine(line);
    });

  async function work(): Promise<Result> {
    const [stdout, stderr] = [split(), split()];
    const done = run({
      color: "never",
      configFile,
      showSecrets: false,
      signal: interruption.signal,
      onOutput: stdout.add,
      onError: stderr.add,
      onEvent: events.read,
    }).then(
      () => true,
      () => false,
    );
    // Orphaned providers hold the output open, so a killed CLI is over when it has exited.
    const ok = await Promise.race([done, killed.promise]);
    stdout.end();
    stderr.end();
    const { result } = events;
    if (!ok && !result.diagnostics.some(({ severity }) => severity === "error")) {
      result.diagnostics.push({ severity: "error", message: lastError(lines) });
    }
    return { ok, ...result, text: lines.join("\n") };
  }

  return {
    result: work(),
    interrupt: () => interruption.abort(),
    kill() {
      onKill();
      const entry = cli();
      if (entry === undefined) return;
      orphans = killAllButProviders(entry.pid);
      const timer = setInterval(() => {
        if (isAlive(entry.pid)) return;
        clearInterval(timer);
        killed.resolve(false);
      }, LOOK_MS);
    },
    providerPids() {
      if (orphans !== undefined) return orphans.filter(isAlive);
      const entry = cli();
      const below = entry === undefined ? [] : descendantsOf(entry.pid);
      return below.filter(isDynamicProvider).map(({ pid }) => pid);
    },
  };
}

function createLineSplitter(onLine: (line: string) => void) {
  let rest = "";
  return {
    add(text: string): void {
      const parts = (rest + text).split(/\r?\n/);
      rest = parts.pop() ?? "";
      for (const line of parts) onLine(line);
    },
    end(): void {
      if (rest !== "") onLine(rest);
      rest = "";
    },
  };
}

/** The CLI reports errors that come before or after the engine's work on its terminal only. */
function lastError(lines: readonly string[]): string {
  const error = lines.findLast((line) => line.startsWith("error: "));
  return error?.slice("error: ".length) ?? "the CLI ended with an error";
}

/** Kills a CLI and what it has started, except the processes of dynamic providers, whose ids it gives. */
function killAllButProviders(cli: number): number[] {
  const below = descendantsOf(cli);
  killQuietly(cli);
  for (const child of below) if (!belongsToDynamicProvider(child)) killQuietly(child.pid);
  return below.filter(isDynamicProvider).map(({ pid }) => pid);
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
