import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { startEmulator } from "../../emulator/index.ts";
import { compare } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { createRemoteProcess } from "../remote/process.ts";
import { recordTrace } from "../support/lifecycle/traces.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { story } from "../support/stories/happenings.ts";
import { mixture } from "../support/stories/services.ts";
import { tell } from "../support/stories/teller.ts";

/** Where today's decisions differ from the recorded ones. */
async function differencesIn(trace: string): Promise<string[]> {
  const differences: string[] = [];
  for (const recording of readTrace(trace))
    for (const run of compare(recording, await replay(recording)))
      differences.push(...run.differences.map((text) => `${recording.session}: ${text}`));
  return differences;
}

/** Keeps the process from everything else now and then, as a busy machine does; until the returned function is called. */
function keepBusy(): () => void {
  const timer = setInterval(() => {
    const end = performance.now() + Math.random() ** 3 * longestStall;
    while (performance.now() < end);
  }, 20);
  return () => clearInterval(timer);
}

/** Longer than the interval between looks that the test has. */
const longestStall = 300;

describe("the replay of any recorded story", () => {
  it("comes to the decisions that were recorded", async () => {
    await holdsInTime(
      fc.asyncProperty(mixture, story, async (profile, told) => {
        const trace = await recordTrace({ nodesPerPool: 4, zones: 2, profile }, (harness) =>
          tell(harness, profile, told),
        );
        assert.deepEqual(await differencesIn(trace), []);
      }),
      ofCases(200),
    );
  });

  it("does so where many pools were synchronized in real time on a busy machine", () =>
    withFolder(async (folder) => {
      const path = join(folder, "trace.jsonl");
      const emulator = await startEmulator({ pools: 3, clusters: 2, nodesPerPool: 3, speed: 100 });
      const remote = createRemoteProcess({
        environment: {
          ...emulator.environment,
          CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
          CCE_NODEPOOL_SYNC_TRACE: path,
        },
        interrupted: new AbortController().signal,
        say: () => undefined,
      });
      emulator.addFault({ kind: "nodes", skip: 3, times: 2, effect: { kind: "answer", status: 503 } });
      emulator.addFault({ kind: "pools", skip: 8, times: 2, effect: { kind: "answer", status: 429 } });
      const rest = keepBusy();
      try {
        const ups = emulator.clusters.flatMap(({ id: clusterId, pools }) =>
          pools.map(({ id: nodePoolId }, at) => {
            const rollout =
              at === 0 ? { canary: 1, soak: "30s", zoneByZone: false, maxFailures: 0 } : undefined;
            const manner = {
              maxUnavailable: 2,
              onCreate: "all",
              onChange: "all",
              wait: true,
              rollout,
            } as const;
            return remote.up({ clusterId, nodePoolId, ...manner });
          }),
        );
        const ends = await Promise.all(ups);
        assert.deepEqual(
          ends.filter(({ state }) => state.progress.status !== "synced"),
          [],
        );
      } finally {
        rest();
        await remote.close();
        await emulator.close();
      }
      assert.deepEqual(await differencesIn(readFileSync(path, "utf8")), []);
    }));
});
