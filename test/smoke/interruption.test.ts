import assert from "node:assert/strict";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { assertResumed, signalProviders, upUntilSeenRunning } from "../support/programs/interruption.ts";
import { hasEnded } from "../support/programs/processes.ts";
import { withStackHarness } from "../support/programs/stackHarness.ts";
import { until } from "../support/until.ts";

onEveryEngine("an interruption", (engine) => {
  it("by Ctrl-C saves where the sync stands, ends at once, and the next up goes on watching", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      const { ok, text } = await upUntilSeenRunning(harness, (up) => up.interrupt());
      assert.equal(ok, false);
      assert.match(text, /interrupted while the sync was running/);
      const { outputs } = (await harness.resource("a")) ?? {};
      assert.equal(outputs?.status, "inProgress");
      const { deployment } = await harness.stack.exportState();
      assert.deepEqual(deployment.pending_operations ?? [], []);
      await assertResumed(harness);
    }));

  it("by SIGKILL of the engine in the middle leads to the same end with one sync, and no process stays behind", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      let pids: number[] = [];
      await upUntilSeenRunning(harness, (up) => {
        pids = up.providerPids();
        up.kill();
      });
      assert.ok(pids.length > 0);
      await until(() => pids.every(hasEnded));
      await assertResumed(harness);
    }));

  it("by SIGTERM to the provider process alone saves where the sync stands, and ends that process", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      const { ok, text } = await upUntilSeenRunning(harness, (up) => signalProviders(up, "SIGTERM"));
      assert.equal(ok, false);
      assert.match(text, /interrupted while the sync was running/);
      assert.equal((await harness.resource("a"))?.outputs?.status, "inProgress");
      await assertResumed(harness);
    }));
});
