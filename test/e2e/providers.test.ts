import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { hurry, type StackHarness, textsOf, withStackHarness } from "../support/programs/stackHarness.ts";
import { assertNoSecret } from "../support/secretSearch.ts";

onEveryEngine("a provider instance", (engine) => {
  /** A second account with a cluster of its own, for the time of `use`. */
  async function withOtherAccount(
    use: (other: Emulator, harness: StackHarness) => Promise<void>,
  ): Promise<void> {
    await withStackHarness(engine(), {}, async (harness) => {
      const other = await startEmulator({
        nodesPerPool: 2,
        now: harness.clock.now,
        region: "la-south-2",
        projectId: "2222222222222222222222222222222b",
        ...hurry,
      });
      try {
        for (const { id } of other.cluster.pools) other.cluster.changeConfiguration(id);
        await use(other, harness);
        assertNoSecret(await textsOf(harness), [...other.issuedSecrets, other.secretKey]);
      } finally {
        await other.close();
      }
    });
  }

  const settingsOf = ({ accessKey, secretKey, region, url }: Emulator) => ({
    region,
    accessKey,
    secretKey,
    endpoints: { cce: url, iam: url },
    pollInterval: 0.1,
    writesPerMinute: 6000,
  });
  const argsOf = ({ cluster }: Emulator) => ({
    clusterId: cluster.id,
    nodePoolId: cluster.pools[0]?.id ?? "",
    maxUnavailable: 1,
  });

  it("serves another account than the environment's in one stack, from create to destroy", async () => {
    await withOtherAccount(async (other, harness) => {
      harness.syncs.ours = { args: harness.args };
      harness.syncs.theirs = { args: argsOf(other), provider: "other" };
      harness.providers.other = settingsOf(other);
      assert.equal((await harness.run("up")).ok, true, harness.lines.join("\n"));
      assert.deepEqual([harness.emulator.acceptedSyncs.length, other.acceptedSyncs.length], [1, 1]);
      assert.equal(harness.emulator.resets.length, 4);
      assert.equal(other.resets.length, 2);
      // Its project is looked up in its own account: the environment's belongs to another one.
      const paths = other.requests.filter(({ kind }) => kind !== "projects").map(({ path }) => path);
      assert.ok(paths.every((path) => path.includes(other.projectId)));
      for (const verb of ["refresh", "up", "destroy"] as const)
        assert.equal((await harness.run(verb)).ok, true, harness.lines.join("\n"));
      assert.deepEqual([harness.emulator.acceptedSyncs.length, other.acceptedSyncs.length], [1, 1]);
    });
  });

  it("shares no refused key with another one, not even that of the same name", async () => {
    await withOtherAccount(async (other, harness) => {
      const wrong = { ...settingsOf(other), secretKey: "canary-of-a-wrong-secret-key" };
      Object.assign(harness.providers, { wrong, right: settingsOf(other) });
      harness.syncs.refused = { args: argsOf(other), provider: "wrong" };
      harness.syncs.served = { args: argsOf(other), provider: "right" };
      assert.equal((await harness.run("preview")).ok, true, harness.lines.join("\n"));
      const text = harness.lines.join("\n");
      assert.match(text, /NodePoolSync "refused", .*401 APIGW\.0301/);
      assert.match(text, /The credentials come from provider "wrong" accessKey and secretKey\. /);
      assert.match(text, /will reset 2 of 2 nodes/);
      assert.doesNotMatch(text, /NodePoolSync "served"/);
    });
  });

  it("is named in the error about its settings", async () => {
    await withOtherAccount(async (other, harness) => {
      harness.providers.other = { region: other.region, projectId: "..", accessKey: other.accessKey };
      harness.syncs.theirs = { args: argsOf(other), provider: "other" };
      assert.equal((await harness.run("up")).ok, false);
      const text = harness.lines.join("\n");
      assert.match(text, /credentials: accessKey is set without secretKey; set both, or neither/);
      assert.match(text, /projectId: must not be "\." or "\.\."; it comes from provider "other" projectId/);
      assert.deepEqual(other.requests, []);
    });
  });
});
