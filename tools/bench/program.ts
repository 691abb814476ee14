import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Emulator } from "../../emulator/index.ts";
import { embeddedEngine, type Stack } from "../engine/index.ts";

/** The programs of the bench: NodePoolSync resources, or dynamic resources that do nothing. */
export type Program = "ours" | "bare";

/** What a program declares, and how it is run. */
export interface ProgramOptions {
  /** Arguments of the resources, by name. */
  readonly resources: Readonly<Record<string, unknown>>;
  readonly emulator: Emulator;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Opens a new stack of a program on the embedded engine for the time of `use`, and leaves nothing behind. */
export async function withStack<T>(
  program: Program,
  { resources, emulator, environment }: ProgramOptions,
  use: (stack: Stack) => Promise<T>,
): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), "cce-nodepool-sync-bench-"));
  try {
    const stack = await embeddedEngine.openStack({
      projectDir: fileURLToPath(new URL(`programs/${program}`, import.meta.url)),
      home,
      environment: {
        ...emulator.environment,
        ...environment,
        BENCH_RESOURCES: JSON.stringify(resources),
      },
    });
    return await use(stack);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
