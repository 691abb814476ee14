import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

/**
 * Runs a script in a process of its own and waits until that ends by itself, which it does as soon as
 * nothing keeps it alive.
 * @returns what its last line of output holds as JSON.
 */
export async function runChild<Report>(
  script: URL,
  flags: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<Report> {
  const child = spawn(process.execPath, [...flags, fileURLToPath(script)], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [output, errors, code] = await Promise.all([buffer(child.stdout), buffer(child.stderr), ended]);
  assert.deepEqual({ code, errors: errors.toString() }, { code: 0, errors: "" });
  return JSON.parse(output.toString().trim().split("\n").at(-1) ?? "");
}
