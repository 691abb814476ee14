import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { EmulatorOptions } from "../../../emulator/index.ts";
import { withFolder } from "../programs/temporaryFolder.ts";
import { createLifecycleHarness, type LifecycleHarness } from "./lifecycleHarness.ts";

/** A line of a trace. */
export interface TraceLine {
  readonly trace: string;
  readonly session: string;
  readonly t: number;
  readonly [field: string]: unknown;
}

/** The lines of a trace. */
export function linesOf(text: string): TraceLine[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/**
 * The trace of what is done on a harness.
 * @param act is given the environment of the provider too, which it may change.
 */
export async function recordTrace(
  options: EmulatorOptions,
  act: (harness: LifecycleHarness, environment: Record<string, string>) => Promise<unknown>,
): Promise<string> {
  return withFolder(async (folder) => {
    const path = join(folder, "trace.jsonl");
    const environment: Record<string, string> = { CCE_NODEPOOL_SYNC_TRACE: path };
    const harness = await createLifecycleHarness(options, environment);
    try {
      await act(harness, environment);
      // When it is closed, what died is interrupted as well.
      return await readFile(path, "utf8");
    } finally {
      await harness.close();
    }
  });
}
