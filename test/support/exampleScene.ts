import assert from "node:assert/strict";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import type { Engine, Stack, StackOptions } from "../../tools/engine/index.ts";
import { assertNoSecret } from "./canaries.ts";
import { withFolder } from "./folder.ts";
import { hurry, textsOf } from "./lab.ts";
import { root } from "./root.ts";

/** The password that examples are given for their nodes. */
export const nodePassword = "Canary-9-example";

/** The engine in front of an emulated cluster of three pools, three nodes each, and three nodes outside pools. */
export interface Scene {
  readonly emulator: Emulator;
  readonly clusterId: string;
  readonly poolIds: readonly string[];
  /** Opens a stack of a project, by its folder from the root. */
  open(project: string, config: StackOptions["config"]): Promise<Stack>;
}

/**
 * Sets the scene for the time of `use`, and searches what is left behind: no secret may be in any file of the stacks'
 * home, on the terminal, nor in the emulator's log.
 */
export function withScene(engine: Engine, use: (scene: Scene) => Promise<void>): Promise<void> {
  return withFolder(async (home) => {
    const emulator = await startEmulator({ pools: 3, nodesPerPool: 3, defaultPoolNodes: 3, ...hurry });
    const lines: string[] = [];
    const stacks: Stack[] = [];
    try {
      await use({
        emulator,
        clusterId: emulator.cluster.id,
        poolIds: emulator.cluster.pools.map(({ id }) => id),
        open: async (project, config) => {
          const stack = await engine.openStack({
            projectDir: join(root, project),
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
