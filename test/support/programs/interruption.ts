import assert from "node:assert/strict";
import type { Operation } from "../../../tools/engine/index.ts";
import { type StackHarness, stopUntilListed } from "./stackHarness.ts";

/** Runs `up` with the service's clock stopped, and calls `strike` when the sync that it sent has been seen running. */
export async function upUntilSeenRunning(
  { stack, emulator, clock }: StackHarness,
  strike: (up: Operation) => void,
): Promise<Awaited<Operation["result"]>> {
  clock.stop();
  const up = stack.up();
  let struck = false;
  const remove = emulator.onRequest(({ kind }, moment) => {
    if (struck || emulator.acceptedSyncs.length === 0 || kind !== "nodes" || moment !== "answered") return;
    struck = true;
    strike(up);
  });
  const result = await up.result;
  remove();
  assert.ok(struck, result.text);
  return result;
}

/** Runs `up` again, and holds that it went on with the sync that runs. */
export async function assertResumed(harness: StackHarness): Promise<void> {
  stopUntilListed(harness);
  const { ok, text } = await harness.run("up");
  assert.ok(ok, text);
  assert.equal(harness.emulator.acceptedSyncs.length, 1);
  assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
  const nodes = harness.emulator.cluster.pools[0]?.nodes ?? [];
  assert.ok(nodes.every(({ phase, upToDate }) => phase === "Active" && upToDate));
}

/** Sends a signal to the provider processes of an operation, and to nobody else. */
export function signalProviders(operation: Operation, signal: NodeJS.Signals): void {
  const pids = operation.providerPids();
  assert.ok(pids.length > 0);
  for (const pid of pids) process.kill(pid, signal);
}
