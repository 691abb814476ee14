import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import type { GetNodePoolResult } from "../../sdk/getNodePoolArgs.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { hurry, type StackHarness, textsOf, withStackHarness } from "../support/programs/stackHarness.ts";
import { assertNoSecret } from "../support/secretSearch.ts";

/** What the program found, by the name of the look-up. */
async function poolsOf({ stack }: StackHarness): Promise<Record<string, GetNodePoolResult>> {
  return (await stack.outputs()).pools as Record<string, GetNodePoolResult>;
}

onEveryEngine("a pool that a program looks up", (engine) => {
  it("returns at once and, as an output, after the sync; a preview looks too and knows what it can", async () => {
    await withStackHarness(engine(), {}, async (harness) => {
      const { emulator, args, lookUps, lines } = harness;
      const { clusterId, nodePoolId } = args;
      const pool = { clusterId, nodePoolId };
      harness.syncs.workers = { args };
      lookUps.before = { args: pool };
      lookUps.output = { args: pool, asOutput: true };
      lookUps.after = { after: "workers" };
      assert.equal((await harness.run("preview")).ok, true, lines.join("\n"));
      assert.equal(emulator.acceptedSyncs.length, 0);
      assert.equal((await harness.run("up")).ok, true, lines.join("\n"));
      const nodes = emulator.cluster.pools[0]?.nodes ?? [];
      const ids = nodes.map(({ id }) => id);
      const { before, output, after } = await poolsOf(harness);
      for (const early of [before, output]) {
        assert.deepEqual(early?.outdatedNodeIds, ids);
        assert.deepEqual(
          early?.nodes.map(({ id, phase }) => [id, phase]),
          ids.map((id) => [id, "Active"]),
        );
        assert.equal(early?.id, `${clusterId}/${nodePoolId}`);
      }
      assert.deepEqual(after?.outdatedNodeIds, []);
      assert.equal(after?.nodes.length, ids.length);
      assert.equal(emulator.acceptedSyncs.length, 1);
    });
  });

  it("is looked up as the stack's configuration says", async () => {
    const keys = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" };
    await withStackHarness(engine(), { environment: keys }, async (harness) => {
      const { emulator, args, lookUps, stack, lines } = harness;
      lookUps.pool = { args: { clusterId: args.clusterId, nodePoolId: args.nodePoolId } };
      await stack.setConfig({
        "huaweicloud:accessKey": emulator.accessKey,
        "huaweicloud:secretKey": { secret: emulator.secretKey },
      });
      assert.equal((await harness.run("up")).ok, true, lines.join("\n"));
      assert.equal((await poolsOf(harness)).pool?.nodes.length, 4);
    });
  });

  it("is looked up with a provider instance's settings", async () => {
    await withStackHarness(engine(), {}, async (harness) => {
      const { providers, lookUps, lines } = harness;
      const other = await startEmulator({ nodesPerPool: 2, ...hurry });
      try {
        const { cluster, accessKey, secretKey, url, region } = other;
        providers.other = { region, accessKey, secretKey, endpoints: { cce: url, iam: url } };
        const pool = { clusterId: cluster.id, nodePoolId: cluster.pools[0]?.id };
        lookUps.promise = { args: pool, provider: "other" };
        lookUps.output = { args: pool, provider: "other", asOutput: true };
        assert.equal((await harness.run("preview")).ok, true, lines.join("\n"));
        assert.equal((await harness.run("up")).ok, true, lines.join("\n"));
        const { promise, output } = await poolsOf(harness);
        assert.equal(promise?.nodes.length, 2);
        assert.deepEqual(output, promise);
        assert.deepEqual(
          harness.emulator.requests.filter(({ kind }) => kind === "nodes"),
          [],
        );
        await assertSecretsKept(harness, other);
      } finally {
        await other.close();
      }
    });
  });

  it("is refused with everything that is wrong, without a stack and before anything is sent", async () => {
    await withStackHarness(engine(), {}, async (harness) => {
      const { emulator, lookUps, lines } = harness;
      lookUps.pool = { args: { clusterID: "c", nodePoolId: "a b" } };
      assert.equal((await harness.run("up")).ok, false);
      const text = lines.join("\n");
      assert.match(text, /getNodePool: the arguments cannot be used; nothing was sent:/);
      assert.match(text, /- clusterID: is not a property; did you mean clusterId\?/);
      assert.match(text, /- nodePoolId: must be a non-empty ID/);
      assert.doesNotMatch(text, /\n\s+at /);
      assert.deepEqual(emulator.requests, []);
    });
  });

  it("is missing: the program ends with the reason", async () => {
    await withStackHarness(engine(), {}, async (harness) => {
      const { args, lookUps, lines } = harness;
      lookUps.pool = { args: { clusterId: args.clusterId, nodePoolId: "gone" } };
      assert.equal((await harness.run("up")).ok, false);
      const text = lines.join("\n");
      assert.match(
        text,
        /getNodePool, node pool gone of cluster .*: there is no such node pool\. Check clusterId/,
      );
      assert.doesNotMatch(text, /\n\s+at /);
    });
  });
});

async function assertSecretsKept(harness: StackHarness, other: Emulator): Promise<void> {
  assertNoSecret(await textsOf(harness), [...other.issuedSecrets, other.secretKey]);
}
