import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/index.ts";
import { isAvailable, type Language, withPluginStack } from "../support/plugin/pluginStack.ts";
import { nodePassword } from "../support/programs/projectHarness.ts";

const up = ["up", "--yes", "--skip-preview"];

for (const language of ["yaml", "python", "go"] as Language[]) {
  describe(`the examples in ${language}, on a Pulumi CLI (skipped where it, its host or the language is not on PATH)`, () => {
    before(function () {
      if (!isAvailable(language)) this.skip();
    });

    it("the quick start resets every outdated node once, finds nothing to do, and is destroyed", () =>
      withPluginStack(`examples/${language}`, language, async (stack) => {
        const { emulator, pulumi } = stack;
        const { cluster } = emulator;
        const nodePoolId = cluster.pools[0]?.id ?? "";
        cluster.changeConfiguration(nodePoolId);
        await stack.setConfig({ clusterId: cluster.id, nodePoolId, nodeOs: "a" });
        assert.match(await pulumi("preview"), /will reset 4 of 4 nodes/);
        assert.equal(emulator.acceptedSyncs.length, 0);
        await pulumi(...up);
        assert.equal(emulator.resets.length, 4);
        assert.deepEqual(JSON.parse(await pulumi("stack", "output", "--json")), {
          status: "synced",
          syncedNodes: 4,
        });
        assert.match(await pulumi(...up), /2 unchanged/);
        await pulumi("destroy", "--yes", "--skip-preview");
        assert.equal(emulator.acceptedSyncs.length, 1);
      }));

    it("a node template resets every node, with a password that nothing shows", () =>
      withPluginStack(`test/fixtures/template/${language}`, language, async (stack) => {
        const { emulator, pulumi } = stack;
        const { cluster } = emulator;
        const nodePoolId = cluster.pools[0]?.id ?? "";
        await stack.setConfig({
          clusterId: cluster.id,
          nodePoolId,
          nodePassword: { secret: nodePassword },
        });
        await pulumi(...up);
        assert.equal(emulator.resets.length, 4);
        assert.match(await pulumi(...up), /2 unchanged/);
      }));

    it("two accounts are served by two instances, each with credentials of its own", () =>
      withPluginStack(
        `examples/two-accounts/${language}`,
        language,
        async (stack) => {
          const { emulator, pulumi, refused } = stack;
          const [staging, production] = emulator.cluster.pools;
          for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
          await stack.setConfig({
            stagingClusterId: emulator.cluster.id,
            stagingNodePoolId: staging?.id ?? "",
            productionRegion: emulator.region,
            productionAccessKey: emulator.accessKey,
            productionSecretKey: { secret: "canary-of-a-wrong-key" },
            productionClusterId: emulator.cluster.id,
            productionNodePoolId: production?.id ?? "",
          });
          const text = await refused(...up);
          assert.match(text, /NodePoolSync "production", .*\[nodepoolsync\/credentials-refused\]/);
          assert.deepEqual(poolsOf(emulator), [staging?.id]);
          await stack.setConfig({ productionSecretKey: { secret: emulator.secretKey } });
          await pulumi(...up);
          assert.deepEqual(poolsOf(emulator), [staging?.id, production?.id]);
          assert.deepEqual(JSON.parse(await pulumi("stack", "output", "statuses", "--json")), {
            staging: "synced",
            production: "synced",
          });
          await pulumi("refresh", "--yes");
          await pulumi("destroy", "--yes", "--skip-preview");
          assert.equal(emulator.acceptedSyncs.length, 2);
        },
        { pools: 2 },
      ));
  });
}

/** The pools whose syncs were accepted, in their order. */
function poolsOf({ acceptedSyncs }: Emulator): string[] {
  return acceptedSyncs.map(({ poolId }) => poolId);
}
