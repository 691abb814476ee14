import { fstatSync } from "node:fs";

/** Signals by which a terminal, an operator or a runner asks a process to end; the engine sends SIGINT at its end. */
export const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Ends this process when the engine that started it is gone. A killed engine leaves its providers behind, and only
 * the end of standard input, a pipe from the engine, is their signal.
 */
export function exitWithEngine(): void {
  const input = fstatSync(0);
  // Node gives its children sockets where other programs give them pipes.
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin.on("end", () => process.exit(0));
  process.stdin.resume();
  process.stdin.unref?.();
}
