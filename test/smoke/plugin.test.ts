import assert from "node:assert/strict";
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withPlugin } from "../support/plugin/pluginHarness.ts";
import { root } from "../support/root.ts";
import { until } from "../support/until.ts";

const name = "pulumi-resource-cce-nodepool-sync";

describe("the plugin as it is shipped, one file far from any other", () => {
  const built: string[] = [];
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "plugin-"));
    await copyFile(join(root, "dist/plugin", name), join(folder, name));
    built.push(process.execPath, join(folder, name));
  });
  after(() => rm(folder, { recursive: true }));

  it("synchronizes a pool, finds nothing to do, and repairs what falls behind", () =>
    withPlugin(
      {},
      async ({ start, inputs, emulator }) => {
        const plugin = await start();
        assert.match(plugin.output(), /^\d+\n$/);
        const checked = await plugin.check({ ...inputs, onCreate: "all" });
        const created = await plugin.create(checked.inputs);
        assert.equal(created.properties.status, "synced");
        assert.ok(created.refreshBeforeUpdate);
        assert.equal(emulator.resets.length, 4);
        const recorded = { properties: created.properties, inputs: checked.inputs };
        assert.equal((await plugin.diff(created.properties, checked.inputs)).changes, "none");
        emulator.cluster.changeConfiguration(String(inputs.nodePoolId));
        const { properties } = await plugin.read(created.id, recorded);
        const { details } = await plugin.diff(properties, checked.inputs);
        assert.deepEqual(details, { outdatedNodeIds: "update" });
        assert.equal((await plugin.update(properties, checked.inputs)).properties.status, "synced");
        assert.equal(emulator.resets.length, 8);
      },
      built,
    ));

  it("records a sync that is interrupted, and ends with the engine", () =>
    withPlugin(
      { resetSeconds: 360_000 },
      async ({ start, inputs, emulator, keep }) => {
        const plugin = await start();
        const checked = await plugin.check({ ...inputs, onCreate: "all" });
        const run = keep(plugin.create(checked.inputs), checked.inputs);
        await until(() => emulator.acceptedSyncs.length === 1);
        await plugin.cancel();
        const { properties, reasons } = await run;
        assert.equal(properties.status, "inProgress");
        assert.equal(reasons.length, 1);
        plugin.orphan();
        await plugin.ended;
      },
      built,
    ));
});
