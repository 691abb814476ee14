import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { assertResumed, upUntilSeenRunning } from "../support/programs/interruption.ts";
import { type StackHarness, withStackHarness } from "../support/programs/stackHarness.ts";

// The engine hands an asset to `diff` as a hash, and to `update` with its content too.

/** Declares a sync with one asset of each kind as its triggers; their files are beside the harness's own. */
async function declareWithAssets({ syncs, args, file }: StackHarness, text: string): Promise<void> {
  const folder = join(dirname(file), "assets");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "file.txt"), text);
  const triggers = [
    { asset: "text", value: text },
    { asset: "file", value: join(folder, "file.txt") },
    { asset: "archive", value: folder },
  ];
  syncs.a = { args: { ...args, triggers } };
}

const targetsOf = ({ emulator }: StackHarness) => emulator.acceptedSyncs.map(({ targets }) => targets.length);
const nodesOf = ({ emulator }: StackHarness) => emulator.cluster.pools[0]?.nodes ?? [];

async function upAndSend(harness: StackHarness, targets: readonly number[], ok = true): Promise<void> {
  const before = harness.emulator.acceptedSyncs.length;
  const result = await harness.run("up");
  assert.equal(result.ok, ok, result.text);
  assert.deepEqual(targetsOf(harness).slice(before), targets, result.text);
}

onEveryEngine("assets and archives in triggers", (engine) => {
  it("reset nothing while they are the same, and all nodes when one has changed", () =>
    withStackHarness(engine(), {}, async (harness) => {
      await declareWithAssets(harness, "one");
      await upAndSend(harness, [4]);
      await upAndSend(harness, []);
      await declareWithAssets(harness, "two");
      await upAndSend(harness, [4]);
      assert.deepEqual((await harness.run("up")).changes, { same: 2 });
    }));

  it("have only the nodes reset that a failed sync has left, and those that fell behind", () =>
    withStackHarness(engine(), {}, async (harness) => {
      await declareWithAssets(harness, "one");
      harness.emulator.cluster.failNode(nodesOf(harness)[0]?.id ?? "", { times: 1 });
      await upAndSend(harness, [4], false);
      await upAndSend(harness, [1]);
      harness.emulator.cluster.changeConfiguration(String(harness.args.nodePoolId));
      harness.emulator.cluster.resetNode(nodesOf(harness)[0]?.id ?? "");
      harness.clock.pass(10_000);
      harness.clock.start();
      assert.ok((await harness.run("refresh")).ok);
      await upAndSend(harness, [3]);
      await upAndSend(harness, []);
    }));

  it("have a sync that was interrupted resumed, not sent again", () =>
    withStackHarness(engine(), {}, async (harness) => {
      await declareWithAssets(harness, "one");
      await harness.apply();
      const { ok } = await upUntilSeenRunning(harness, (up) => up.interrupt());
      assert.equal(ok, false);
      await assertResumed(harness);
      await upAndSend(harness, []);
    }));
});
