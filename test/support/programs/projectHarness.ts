import assert from "node:assert/strict";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import type { Engine, Stack, StackOptions } from "../../../tools/engine/index.ts";
import { assertNoSecret } from "../secretSearch.ts";
import { hurry, textsOf } from "./stackHarness.ts";
import { withFolder } from "./temporaryFolder.ts";

/** The password that projects are given for their nodes. */
export const nodePassword = "Canary-9-project";

/** An engine that runs projects, in front of an emulated cluster. */
export interface ProjectHarness {
  readonly emulator: Emulator;
  readonly clusterId: string;
  readonly poolIds: readonly string[];
  /** Opens a stack of the project in a folder. */
  open(projectDir: string, config: StackOptions["config"]): Promise<Stack>;
}

/**
 * Creates the harness for the time of `use`, and searches what is left behind: no secret may be in any file of the
 * stacks' home, on the terminal, nor in the emulator's log.
 */
export function withProjectHarness(
  engine: Engine,
  options: EmulatorOptions,
  use: (harness: ProjectHarness) => Promise<void>,
): Promise<void> {
  return withFolder(async (home) => {
    const emulator = await startEmulator({ ...hurry, ...options });
    const lines: string[] = [];
    const stacks: Stack[] = [];
    try {
      await use({
        emulator,
        clusterId: emulator.cluster.id,
        poolIds: emulator.cluster.pools.map(({ id }) => id),
        open: async (projectDir, config) => {
          const stack = await engine.openStack({
            projectDir,
            home,
            config: config ?? {},
            environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" },
            onLine: (line) => lines.push(line),
          });
          stacks.push(stack);
          return stack;
        },
      });
      const [stack] = stacks;
      assert.ok(stack !== undefined);
      assertNoSecret(await textsOf({ stack, lines, emulator }), [...emulator.issuedSecrets, nodePassword]);
    } finally {
      await emulator.close();
    }
  });
}
