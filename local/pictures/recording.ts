import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startEmulator } from "../cce/index.ts";
import { embeddedEngine, findCli } from "../engine/index.ts";

/** A line of the terminal, and when it came. */
export interface RecordedLine {
  /** Seconds since the first line. */
  readonly at: number;
  readonly text: string;
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Deploys examples/quickstart to an emulated cluster, and records what the terminal shows. The engine is the Pulumi CLI
 * where one is found, else the embedded one.
 * @throws Error when the deployment does not succeed.
 */
export async function recordUp(): Promise<readonly RecordedLine[]> {
  const home = await mkdtemp(join(tmpdir(), "recording-"));
  const emulator = await startEmulator({ pools: 1, nodesPerPool: 4, speed: 30, resetSeconds: 60 });
  const engine = (await findCli()) ?? embeddedEngine;
  const recorded: RecordedLine[] = [];
  let begun: number | undefined;
  try {
    const stack = await engine.openStack({
      projectDir: root,
      home,
      config: {
        clusterId: emulator.cluster.id,
        nodePoolId: emulator.cluster.pools[0]?.id ?? "",
        maxUnavailable: "2",
        nodePassword: { secret: `Aa1-${randomBytes(8).toString("hex")}` },
      },
      environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.4" },
      onLine: (text) => {
        begun ??= performance.now();
        recorded.push({ at: (performance.now() - begun) / 1000, text });
      },
    });
    const { ok, text } = await stack.up().result;
    if (!ok) throw new Error(`the deployment failed:\n${text}`);
    return recorded;
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  }
}
