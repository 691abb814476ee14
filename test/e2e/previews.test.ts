import assert from "node:assert/strict";
import type { Diagnostic, Result } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { upUntilSeenRunning } from "../support/programs/interruption.ts";
import {
  type StackHarness,
  type StackHarnessOptions,
  withStackHarness,
} from "../support/programs/stackHarness.ts";

const nobody = '{"cce":"http://127.0.0.1:9","iam":"http://127.0.0.1:9"}';

/** Why a preview cannot say which nodes will be reset, and what it says then. */
interface Blindness {
  readonly why: string;
  readonly options?: StackHarnessOptions;
  /** What is wrong with the arguments. */
  readonly args?: (harness: StackHarness) => Record<string, unknown>;
  readonly says: RegExp;
}

const blindnesses: readonly Blindness[] = [
  {
    why: "there are no credentials",
    options: { environment: { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" }, emulator: { metadata: "off" } },
    says: /HW_ACCESS_KEY/,
  },
  {
    why: "the secret key is wrong",
    options: { environment: { HW_SECRET_KEY: "canary-of-a-wrong-key" } },
    says: /401 .*verify aksk signature fail/,
  },
  {
    why: "nobody serves the address",
    options: { environment: { HW_ENDPOINTS: nobody } },
    says: /127\.0\.0\.1:9/,
  },
  { why: "there is no such cluster", args: () => ({ clusterId: "no-such-cluster" }), says: /cluster/ },
  {
    why: "there is no such node pool",
    args: () => ({ nodePoolId: "no-such-pool" }),
    says: /nodePoolId: the cluster has no such node pool/,
  },
  {
    why: "a node is one of another pool",
    options: { emulator: { pools: 2 } },
    args: ({ emulator }) => ({ nodeIds: [emulator.cluster.pools[1]?.nodes[0]?.id] }),
    says: /pool-2-node-1|not in/,
  },
];

/** What a preview says of the resource, besides the note that the address is a local one. */
function said({ diagnostics }: Result): Diagnostic[] {
  return diagnostics.filter(
    ({ urn, message, ephemeral }) =>
      urn?.endsWith("::a") && !ephemeral && !/ \(an emulator or a tunnel\)|to an emulator/.test(message),
  );
}

onEveryEngine("a preview", (engine) => {
  for (const { why, options = {}, args, says } of blindnesses)
    it(`succeeds with one warning when ${why}`, () =>
      withStackHarness(engine(), options, async (harness) => {
        harness.syncs.a = { args: { ...harness.args, ...args?.(harness) } };
        const result = await harness.run("preview");
        assert.ok(result.ok, result.text);
        const warnings = said(result).filter(({ severity }) => severity === "warning");
        assert.equal(warnings.length, 1, result.text);
        assert.match(warnings[0]?.message ?? "", /^cannot tell which nodes will be reset: /);
        assert.match(warnings[0]?.message ?? "", says);
        assert.equal(harness.emulator.acceptedSyncs.length, 0);
      }));

  it("of a sync that is on record and still runs says that it will be resumed, and announces no reset", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      await harness.apply();
      await upUntilSeenRunning(harness, (up) => up.interrupt());
      const result = await harness.run("preview");
      assert.ok(result.ok, result.text);
      const [line, ...others] = said(result);
      assert.deepEqual(others, []);
      assert.match(line?.message ?? "", /sync of 4 nodes/);
      assert.doesNotMatch(line?.message ?? "", /will reset \d/);
    }));

  it("of a pool that somebody else syncs says that this is waited for", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: { ...harness.args, onCreate: "all" } };
      harness.clock.stop();
      harness.emulator.cluster.syncByOthers(String(harness.args.nodePoolId));
      const result = await harness.run("preview");
      assert.ok(result.ok, result.text);
      const [line, ...others] = said(result);
      assert.deepEqual(others, []);
      assert.match(line?.message ?? "", /^will wait\b.*; then will reset 4 of 4 nodes/);
    }));

  it("of a pool whose nodes report being up to date says how many could still be reset", () =>
    withStackHarness(engine(), {}, async (harness) => {
      const [pool] = harness.emulator.cluster.pools;
      for (const { id } of pool?.nodes ?? []) harness.emulator.cluster.resetNode(id);
      harness.clock.pass(10_000);
      harness.clock.start();
      harness.syncs.a = { args: harness.args };
      const result = await harness.run("preview");
      const [line, ...others] = said(result);
      assert.deepEqual(others, []);
      assert.match(line?.message ?? "", /^will reset no nodes, since all 4 report being up to date/);
    }));
});
