import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** How long a process may take to end after SIGINT before it is killed. The CLI waits as long. */
const GRACE_MS = 5_000;
/** How long to wait for the rest of the output of a process that is gone; its children may hold the pipes. */
const OUTPUT_MS = 500;

/** A Node.js process of the engine's: it never outlives this process unless this one is killed. */
export interface NodeProcess {
  readonly pid: number;
  /** Resolves with the exit code (null after a signal) when the process has ended and its output was read. */
  readonly ended: Promise<number | null>;
  /** Whether the process has not exited yet. */
  alive(): boolean;
  /** SIGINT, then SIGKILL when that does not help; resolves when it has ended. */
  stop(): Promise<void>;
  /** Resolves when it has ended by itself; it gets the usual grace for that, then it is killed. */
  letEnd(): Promise<void>;
  /** SIGKILL. */
  kill(): void;
  /**
   * Lets go of the process as a killed parent would: its standard input ends and nobody reads its output. It is
   * killed all the same when it goes on for long.
   */
  abandon(): void;
}

/** What to run, and who gets its lines. */
export interface NodeProcessOptions {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  onStdout: (line: string) => void;
  onStderr: (line: string) => void;
}

const live = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of live) child.kill("SIGKILL");
});

/** Starts Node.js, the version that runs this process, with a pipe as standard input. */
export async function startNode(options: NodeProcessOptions): Promise<NodeProcess> {
  const child = spawn(process.execPath, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  live.add(child);
  return new RunningNode(child, options);
}

class RunningNode implements NodeProcess {
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, options: NodeProcessOptions) {
    this.#child = child;
    this.ended = waitForEnd(child);
    child.once("exit", () => live.delete(child));
    if (child.stdout) createInterface({ input: child.stdout }).on("line", options.onStdout);
    if (child.stderr) createInterface({ input: child.stderr }).on("line", options.onStderr);
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  stop(): Promise<void> {
    this.#child.kill("SIGINT");
    return this.letEnd();
  }

  async letEnd(): Promise<void> {
    const timer = this.#killLater();
    await this.ended;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill("SIGKILL");
  }

  abandon(): void {
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    this.#child.unref();
    const timer = this.#killLater().unref();
    this.#child.once("exit", () => clearTimeout(timer));
  }

  #killLater(): NodeJS.Timeout {
    return setTimeout(() => this.kill(), GRACE_MS);
  }
}

function waitForEnd(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once("close", () => resolve(child.exitCode));
    child.once("exit", () => setTimeout(() => resolve(child.exitCode), OUTPUT_MS).unref());
  });
}
