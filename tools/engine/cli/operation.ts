import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import type { Operation, Result } from "../types.ts";
import { readEvents } from "./events.ts";
import { belongsToDynamicProvider, descendantsOf, isAlive, isDynamicProvider } from "./processes.ts";

/** One command of the CLI that works on a stack. */
export interface CliOperationOptions {
  cli: string;
  command: string[];
  /** Where the CLI writes its events; the file is removed when it was read. */
  eventLog: string;
  environment: NodeJS.ProcessEnv;
  onLine: (line: string) => void;
  /** What must be done before the command can run. */
  before: () => Promise<void>;
  onKill: () => void;
}

const COMMON_FLAGS = ["--non-interactive", "--color", "never"];

/** Starts a command of the CLI as an operation. */
export function startOperation(options: CliOperationOptions): Operation {
  let child: ChildProcess | undefined;
  let ending: "SIGINT" | "SIGKILL" | undefined;
  let orphans: number[] = [];

  const end = () => {
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (ending !== "SIGKILL") {
      child.kill("SIGINT");
      return;
    }
    const below = descendantsOf(child.pid);
    orphans = below.filter(isDynamicProvider).map(({ pid }) => pid);
    child.kill("SIGKILL");
    for (const entry of below) if (!belongsToDynamicProvider(entry)) killQuietly(entry.pid);
  };

  const run = async (): Promise<Result> => {
    await options.before();
    await rm(options.eventLog, { force: true });
    const flags = [...COMMON_FLAGS, "--event-log", options.eventLog];
    child = spawn(options.cli, [...options.command, ...flags], { env: options.environment });
    const lines: string[] = [];
    const tell = (line: string) => {
      lines.push(line);
      options.onLine(line);
    };
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", tell);
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", tell);
    const ended = new Promise<number | null>((resolve, reject) => {
      child?.once("error", reject);
      // Orphaned providers hold the output open, so a killed CLI is over when it has exited.
      child?.once("exit", (code) => (ending === "SIGKILL" ? resolve(code) : undefined));
      child?.once("close", (code) => resolve(code));
    });
    if (ending !== undefined) end();
    const code = await ended;
    const log = await readFile(options.eventLog, "utf8").catch(() => "");
    await rm(options.eventLog, { force: true });
    const events = readEvents(log);
    if (code !== 0 && !events.diagnostics.some(({ severity }) => severity === "error")) {
      events.diagnostics.push({ severity: "error", message: lastError(lines, code) });
    }
    return { ok: code === 0, ...events, text: lines.join("\n") };
  };

  return {
    result: run(),
    interrupt() {
      if (ending !== undefined) return;
      ending = "SIGINT";
      end();
    },
    kill() {
      ending = "SIGKILL";
      options.onKill();
      end();
    },
    providerPids() {
      if (ending === "SIGKILL") return orphans.filter(isAlive);
      if (child?.pid === undefined) return [];
      return descendantsOf(child.pid)
        .filter(isDynamicProvider)
        .map(({ pid }) => pid);
    },
  };
}

/** Runs a command that is no operation; resolves to what it prints, rejects with what it complains about. */
export function runCommand(cli: string, args: string[], environment: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const settings = { env: environment, maxBuffer: 1 << 30 };
    execFile(cli, [...args, ...COMMON_FLAGS], settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`pulumi ${args.join(" ")} failed: ${stderr.trim() || error.message}`));
    });
  });
}

/** The CLI tells errors that come before or after the engine's work on its terminal only. */
function lastError(lines: string[], code: number | null): string {
  const error = lines.findLast((line) => line.startsWith("error: "));
  return (
    error?.slice("error: ".length) ?? `the CLI ended with ${code === null ? "a signal" : `exit code ${code}`}`
  );
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself meanwhile.
  }
}
