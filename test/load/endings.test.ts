import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { embeddedEngine } from "../../tools/engine/index.ts";
import { until } from "../engine/support.ts";
import { withLab } from "../support/lab.ts";
import { descendantsOf, hasEnded, launchOf } from "../support/processes.ts";
import { runChild } from "./child.ts";

describe("lifecycles of every end, 30 resources each", () => {
  let report: { ends: Record<string, Record<string, number>>; troubles: string[] };
  before(async function () {
    this.timeout(120_000);
    report = await runChild(new URL("lifecycles.run.ts", import.meta.url));
  });

  it("leave no timer and no socket that keeps their process alive", () => {
    assert.deepEqual(report.ends, {
      success: { synced: 30 },
      failure: { failed: 30 },
      interruption: { inProgress: 30 },
      timeOut: { inProgress: 30 },
      brokenConnections: { synced: 30 },
      noAnswer: { UserError: 30 },
      unreachable: { UserError: 30 },
      refusedKey: { ServiceError: 30 },
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
    this.timeout(120_000);
    const options = {
      emulator: { pools: 500, nodesPerPool: 20, resetSeconds: 360_000 },
      environment: { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000", CCE_NODEPOOL_SYNC_POLL_INTERVAL: "5" },
    };
    await withLab(embeddedEngine, options, async (lab) => {
      const { cluster, environment } = lab.emulator;
      for (const { id, name } of cluster.pools) lab.syncs[name] = { args: { ...lab.args, nodePoolId: id } };
      await lab.apply();
      const script = fileURLToPath(new URL("engine.run.ts", import.meta.url));
      const engine = spawn(process.execPath, [script, join(dirname(lab.file), "other")], {
        env: { ...process.env, ...environment, ...options.environment, LAB_FILE: lab.file },
        stdio: "ignore",
      });
      if (engine.pid !== undefined) started.push(engine.pid);
      const ended = once(engine, "exit");
      await until(() => lab.emulator.acceptedSyncs.length === 500 || engine.exitCode !== null);
      assert.equal(engine.exitCode, null);
      started.push(...descendantsOf(engine.pid ?? 0));
      assert.ok(started.some((pid) => launchOf(pid)?.command.includes("dynamic-provider")));
      engine.kill("SIGKILL");
      await ended;
      await until(() => started.every(hasEnded));
    });
  });
});
