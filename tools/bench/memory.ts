import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import type { Operation } from "../engine/index.ts";

const pause = 20;

/**
 * Waits for an operation and gives the largest memory of any of its provider processes, in MiB: the kernel's own record
 * of the peak of resident memory (VmHWM), as it stood at most {@link pause} milliseconds before the process ended.
 * NaN where the system keeps no such record.
 */
export async function peakMemory(operation: Operation): Promise<number> {
  const over = new AbortController();
  void operation.result.finally(() => over.abort());
  let peak = Number.NaN;
  while (!over.signal.aborted) {
    const peaks = await Promise.all(operation.providerPids().map(peakOf));
    for (const found of peaks) if (!(found <= peak) && found > 0) peak = found;
    await setTimeout(pause, undefined, { signal: over.signal }).catch(() => undefined);
  }
  return peak;
}

/** The peak of a process's resident memory so far, in MiB; NaN where the system keeps no such record. */
export async function peakOf(pid: number): Promise<number> {
  // A process that has just ended has no record any more.
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1]) / 1024;
}
