import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Emulator, startEmulator } from "../emulator/index.ts";
import { type Engine, embeddedEngine, findCli, type Stack } from "./engine/index.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** What the quick start runs on; all of it is removed afterwards. */
export interface Quickstart {
  readonly emulator: Emulator;
  /** The Pulumi CLI where one is found, else the embedded engine. */
  readonly engine: Engine;
  /** Opens the stack of examples/quickstart (through the Pulumi.yaml at the root), ready for `up`. */
  open(onLine: (line: string) => void): Promise<Stack>;
}

/** Sets the quick start up with an emulated cluster for the time of `use`. */
export async function withQuickstart<Result>(
  use: (quickstart: Quickstart) => Promise<Result>,
): Promise<Result> {
  const home = await mkdtemp(join(tmpdir(), "cce-nodepool-sync-"));
  const emulator = await startEmulator({ pools: 1, nodesPerPool: 4, speed: 30, resetSeconds: 60 });
  try {
    const engine = (await findCli()) ?? embeddedEngine;
    const open = (onLine: (line: string) => void) =>
      engine.openStack({
        projectDir: root,
        home,
        config: {
          clusterId: emulator.cluster.id,
          nodePoolId: emulator.cluster.pools[0]?.id ?? "",
          maxUnavailable: "2",
          nodeOs: "Huawei Cloud EulerOS 2.0",
        },
        environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.4" },
        onLine,
      });
    return await use({ emulator, engine, open });
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  }
}
