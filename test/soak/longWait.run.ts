/**
 * A process of its own, run with --expose-gc: many resources wait for 24 hours of a virtual clock on pools of one cluster.
 * Prints, as one JSON line, what the process held in the first and in the last hours, and the warnings that Node gave.
 */
import { getEventListeners } from "node:events";
import { setImmediate } from "node:timers/promises";
import { createLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

const hour = 3_600_000;
const pools = 20;
const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));

// The emulator lives in this process too, and its log would grow.
const harness = await createLifecycleHarness(
  { pools, nodesPerPool: 2, resetSeconds: 24.5 * 3600, keepRequests: 10 },
  { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "6000" },
);
const { clock, emulator } = harness;
const begun = clock.now();

async function sampleAt(hours: number) {
  await clock.sleep(begun + hours * hour - clock.now());
  // What the harness keeps for tests to read is none of the provider's.
  clock.pauses.length = 0;
  harness.messages.length = 0;
  await setImmediate();
  for (let count = 0; count < 4; count += 1) globalThis.gc?.();
  return {
    heap: process.memoryUsage().heapUsed,
    resources: process
      .getActiveResourcesInfo()
      .filter((name) => name !== "Immediate")
      .sort(),
    listeners: getEventListeners(harness.interrupt.signal, "abort").length,
    processListeners: process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  };
}

const run = Promise.allSettled(
  emulator.cluster.pools.map(({ id }) =>
    harness.synchronize({ ...harness.inputs, nodePoolId: id, onCreate: "all" }, undefined, 30 * hour),
  ),
);
// A single sample may hold what the collector has not got at yet.
const early = [await sampleAt(2), await sampleAt(3), await sampleAt(4)];
const late = [await sampleAt(22), await sampleAt(23), await sampleAt(24)];
const reads = emulator.requests.at(-1)?.index ?? 0;
const ends = (await run).map((end) =>
  end.status === "fulfilled" ? end.value.progress.status : String(end.reason),
);
const listenersLeft = getEventListeners(harness.interrupt.signal, "abort").length;
await harness.close();
process.stdout.write(`${JSON.stringify({ early, late, reads, ends, listenersLeft, warnings })}\n`);
