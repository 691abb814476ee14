import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embeddedEngine } from "../../tools/engine/index.ts";
import { runChild } from "../support/programs/childProcess.ts";
import { descendantsOf, hasEnded, launchOf } from "../support/programs/processes.ts";
import { withStackHarness } from "../support/programs/stackHarness.ts";
import { until } from "../support/until.ts";

describe("lifecycles of every end, 30 resources each", () => {
  let report: { ends: Record<string, Record<string, number>>; troubles: string[] };
  before(async () => {
    report = await runChild(new URL("lifecycles.run.ts", import.meta.url));
  });

  it("leave no timer and no socket that keeps their process alive", () => {
    assert.deepEqual(report.ends, {
      success: { synced: 30 },
      failure: { failed: 30 },
      interruption: { inProgress: 30 },
      timeOut: { inProgress: 30 },
      brokenConnections: { synced: 30 },
      noAnswer: { unreachable: 30 },
      unreachable: { unreachable: 30 },
      refusedKey: { "credentials-refused": 30 },
    });
  });

  it("reject nothing unhandled, and make Node warn of nothing", () => {
    assert.deepEqual(report.troubles, []);
  });
});

describe("the death of an engine with 500 resources under way", () => {
  const started: number[] = [];
  after(() => {
    for (const pid of started) if (!hasEnded(pid)) process.kill(pid, "SIGKILL");
  });

  it("is the end of its provider process", async function () {
    if (process.platform !== "linux") this.skip();
    const options = {
      emulator: { pools: 500, nodesPerPool: 20, resetSeconds: 360_000 },
      environment: { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000", CCE_NODEPOOL_SYNC_POLL_INTERVAL: "5" },
    };
    await withStackHarness(embeddedEngine, options, async (harness) => {
      const { cluster, environment } = harness.emulator;
      for (const { id, name } of cluster.pools)
        harness.syncs[name] = { args: { ...harness.args, nodePoolId: id } };
      await harness.apply();
      const script = fileURLToPath(new URL("engine.run.ts", import.meta.url));
      const engine = spawn(process.execPath, [script, join(dirname(harness.file), "other")], {
        env: { ...process.env, ...environment, ...options.environment, RESOURCES_FILE: harness.file },
        stdio: "ignore",
      });
      if (engine.pid !== undefined) started.push(engine.pid);
      const ended = once(engine, "exit");
      await until(() => harness.emulator.acceptedSyncs.length === 500 || engine.exitCode !== null);
      assert.equal(engine.exitCode, null);
      started.push(...descendantsOf(engine.pid ?? 0));
      assert.ok(started.some((pid) => launchOf(pid)?.command.includes("dynamic-provider")));
      engine.kill("SIGKILL");
      await ended;
      await until(() => started.every(hasEnded));
    });
  });
});
