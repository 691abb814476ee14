import assert from "node:assert/strict";
import type { CallKind, Fault, FaultHandle, Moment } from "../../emulator/index.ts";
import type { Result } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { assertResumed, signalProviders, upUntilSeenRunning } from "../support/programs/interruption.ts";
import { type StackHarness, withStackHarness } from "../support/programs/stackHarness.ts";
import { until } from "../support/until.ts";

const requestOf = async (harness: StackHarness) => {
  const { outputs } = (await harness.resource("a")) ?? {};
  return (outputs?.__sync as { request?: { ids: readonly string[]; accepted: boolean } } | undefined)
    ?.request;
};

const reads = ["nodes", "pools", "node", "job", "cluster"] as const;

/** Runs `up` and lets requests of these kinds hang from the given moment on; a Ctrl-C comes when the first one does. */
async function interruptHanging(
  { stack, emulator }: StackHarness,
  kind: Fault["kind"],
  begins: (kind: CallKind, moment: Moment) => boolean,
): Promise<Result> {
  const faults: FaultHandle[] = [];
  const up = stack.up();
  const unhook = emulator.onRequest((request, moment) => {
    if (faults.length === 0 && begins(request.kind, moment))
      faults.push(emulator.addFault({ kind, times: Number.POSITIVE_INFINITY, effect: { kind: "hang" } }));
  });
  await until(() => faults.some(({ hits }) => hits > 0));
  up.interrupt();
  const result = await up.result;
  unhook();
  for (const fault of faults) fault.remove();
  return result;
}

onEveryEngine("a signal to the provider process alone", (engine) => {
  for (const signal of ["SIGINT", "SIGHUP"] as const)
    it(`is recorded as an interruption, and the next up goes on with the same sync: ${signal}`, () =>
      withStackHarness(engine(), {}, async (harness) => {
        harness.syncs.a = { args: harness.args };
        await harness.apply();
        const result = await upUntilSeenRunning(harness, (up) => signalProviders(up, signal));
        assert.equal(result.ok, false);
        assert.match(result.text, /\[nodepoolsync\/interrupted\]/);
        const request = await requestOf(harness);
        assert.deepEqual([request?.ids.length, request?.accepted], [4, true]);
        await assertResumed(harness);
      }));
});

/** An answer is waited for ten minutes: in less, only the Ctrl-C can have ended the wait. */
const patient = { environment: { CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT: "600" } };
const patience = 500_000;

onEveryEngine("a Ctrl-C", (engine) => {
  it("ends a run whose reads hang, records the accepted sync, and the next up goes on with it", () =>
    withStackHarness(engine(), patient, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      harness.clock.stop();
      const { ok, text } = await interruptHanging(
        harness,
        reads,
        (kind, moment) => kind === "sync" && moment === "answered",
      );
      assert.equal(ok, false);
      assert.match(text, /\[nodepoolsync\/interrupted\]/);
      const request = await requestOf(harness);
      assert.deepEqual([request?.ids.length, request?.accepted], [4, true]);
      await assertResumed(harness);
    })).timeout(patience);

  it("ends a run whose request hangs, and records that it may have been accepted", () =>
    withStackHarness(engine(), patient, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      const { ok, text } = await interruptHanging(harness, "sync", () => true);
      assert.equal(ok, false);
      assert.match(text, /\[nodepoolsync\/(interrupted|outcome-unknown)\]/);
      const request = await requestOf(harness);
      assert.deepEqual([request?.ids.length, request?.accepted], [4, false]);
    })).timeout(patience);

  it("ends a refresh whose reads hang", () =>
    withStackHarness(engine(), patient, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      const fault = harness.emulator.addFault({
        kind: reads,
        times: Number.POSITIVE_INFINITY,
        effect: { kind: "hang" },
      });
      const refresh = harness.stack.refresh();
      await until(() => fault.hits > 0);
      refresh.interrupt();
      assert.equal((await refresh.result).ok, false);
      assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
    })).timeout(patience);
});
