import assert from "node:assert/strict";
import { InitFailure } from "../../tools/engine/embedded/providerErrors.ts";
import { type Kept, type PluginHarness, withPlugin } from "../support/plugin/pluginHarness.ts";
import { until } from "../support/until.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The calls of `pulumi up` for a new resource; the process ends as the engine ends it. */
async function upNew(harness: PluginHarness, news = harness.inputs, timeout = 0): Promise<Kept> {
  const plugin = await harness.start();
  const { inputs, failures } = await plugin.check(news);
  assert.deepEqual(failures, []);
  const kept = await harness.keep(plugin.create(inputs, { timeout }), inputs);
  await plugin.cancel();
  return kept;
}

/** The calls of `pulumi up` for a recorded resource: refreshed first, since its answers say so. */
async function upAgain(harness: PluginHarness, kept: Kept, news = harness.inputs): Promise<[Kept, string]> {
  const plugin = await harness.start();
  const read = await harness.keep(plugin.read(kept.id, kept), kept.inputs);
  const { inputs } = await plugin.check(news, read.inputs);
  const { changes, details } = await plugin.diff(read.properties, inputs);
  const why = changes === "none" ? "none" : Object.keys(details).join(", ");
  if (changes === "none" && read.reasons.length === 0) return [read, why];
  return [await harness.keep(plugin.update(read.properties, inputs), inputs, kept.id), why];
}

const statusOf = ({ properties }: Kept) => properties.status;

describe("the plugin, asked as the engine asks", () => {
  it("previews a new resource: its ID and inputs are known, and what the sync will report is not", () =>
    withPlugin({}, async ({ start, inputs, emulator }) => {
      const plugin = await start();
      const checked = await plugin.check(inputs);
      const { id, properties, refreshBeforeUpdate } = await plugin.create(checked.inputs, { preview: true });
      assert.equal(id, `${inputs.clusterId}/${inputs.nodePoolId}`);
      assert.ok(refreshBeforeUpdate);
      assert.equal(properties.status, unknown);
      assert.equal(properties.maxUnavailable, 2);
      assert.equal(emulator.acceptedSyncs.length, 0);
      const said = plugin.diagnostics.map(({ message }) => message).join("\n");
      assert.match(said, /will reset no nodes, since all 4 report being up to date/);
    }));

  it("previews a resource whose pool is not there yet: not even its ID is known", () =>
    withPlugin({}, async ({ start, inputs }) => {
      const plugin = await start();
      const news = { ...inputs, nodePoolId: unknown, triggers: [unknown] };
      const checked = await plugin.check(news);
      assert.deepEqual(checked.failures, []);
      const { id, properties } = await plugin.create(checked.inputs, { preview: true });
      assert.equal(id, "");
      assert.equal(properties.nodePoolId, unknown);
      assert.deepEqual(properties.triggers, [unknown]);
    }));

  it("creates, finds nothing to do, updates for a reason, and forgets", () =>
    withPlugin({}, async (harness) => {
      const { emulator, inputs } = harness;
      const created = await upNew(harness, { ...inputs, onCreate: "all" });
      assert.equal(statusOf(created), "synced");
      assert.equal(emulator.resets.length, 4);
      const news = { ...inputs, onCreate: "all" };
      assert.equal((await upAgain(harness, created, news))[1], "none");
      const [updated, why] = await upAgain(harness, created, { ...news, triggers: ["new"] });
      assert.equal(why, "triggers");
      assert.equal(emulator.resets.length, 8);
      const plugin = await harness.start();
      const requests = emulator.requests.length;
      await plugin.delete(updated.id, updated.properties);
      assert.equal(emulator.requests.length, requests);
    }));

  it("says progress on the resource's own row", () =>
    withPlugin({}, async ({ start, inputs }) => {
      const plugin = await start();
      const checked = await plugin.check({ ...inputs, onCreate: "all" });
      await plugin.create(checked.inputs);
      const progress = plugin.diagnostics.filter(({ ephemeral }) => ephemeral);
      assert.ok(progress.length > 0);
      assert.ok(progress.every(({ urn }) => urn?.endsWith("::workers")));
    }));

  it("replaces the resource when it names another pool", () =>
    withPlugin({ pools: 2 }, async (harness) => {
      const { emulator, inputs, start } = harness;
      const created = await upNew(harness);
      const plugin = await start();
      const { inputs: news } = await plugin.check({ ...inputs, nodePoolId: emulator.cluster.pools[1]?.id });
      const difference = await plugin.diff(created.properties, news);
      const details = { nodePoolId: "input update replace" };
      assert.deepEqual(difference, { changes: "some", replaces: ["nodePoolId"], details });
    }));

  for (const deletesFirst of [false, true])
    it(`creates its replacement as a new resource ${deletesFirst ? "after" : "before"} it deletes the old one, and resets the other pool alone`, () =>
      withPlugin({ pools: 2 }, async (harness) => {
        const { emulator, inputs, start } = harness;
        const [, other] = emulator.cluster.pools;
        const created = await upNew(harness);
        const plugin = await start();
        const { inputs: news } = await plugin.check({ ...inputs, nodePoolId: other?.id, onCreate: "all" });
        if (deletesFirst) await plugin.delete(created.id, created.properties);
        const replacement = await harness.keep(plugin.create(news), news);
        if (!deletesFirst) await plugin.delete(created.id, created.properties);
        assert.equal(replacement.id, `${inputs.clusterId}/${other?.id}`);
        assert.equal(statusOf(replacement), "synced");
        assert.deepEqual(
          emulator.resets.map(({ nodeId }) => nodeId).toSorted(),
          other?.nodes.map(({ id }) => id).toSorted(),
        );
      }));

  it("resets nothing when its provider is replaced: it is created anew by one process and forgotten by another", () =>
    withPlugin({}, async (harness) => {
      const { emulator, start } = harness;
      const created = await upNew(harness);
      const [now, before] = [await start(), await start()];
      const { inputs: news } = await now.check(harness.inputs);
      const again = await harness.keep(now.create(news), news);
      await before.delete(created.id, created.properties);
      assert.deepEqual([again.id, statusOf(again)], [created.id, "synced"]);
      assert.equal(emulator.acceptedSyncs.length, 0);
    }));

  it("repairs by a plain up the nodes that have fallen behind, and previews that as the reason", () =>
    withPlugin({}, async (harness) => {
      const { emulator, inputs } = harness;
      const created = await upNew(harness);
      emulator.cluster.changeConfiguration(String(inputs.nodePoolId));
      const [repaired, why] = await upAgain(harness, created);
      assert.equal(why, "outdatedNodeIds");
      assert.equal(statusOf(repaired), "synced");
      assert.equal(emulator.resets.length, 4);
      assert.equal((await upAgain(harness, repaired))[1], "none");
    }));

  it("keeps a failed sync as failed through a refresh, and repeats only what has failed", () =>
    withPlugin({}, async (harness) => {
      const { emulator, inputs, start } = harness;
      const node = emulator.cluster.pools[0]?.nodes[0]?.id ?? "";
      emulator.cluster.failNode(node, { times: 1 });
      const news = { ...inputs, onCreate: "all" };
      const failed = await upNew(harness, news);
      assert.equal(statusOf(failed), "failed");
      assert.equal(failed.reasons.length, 1);
      const plugin = await start();
      const refreshed = await harness.keep(plugin.read(failed.id, failed), failed.inputs);
      assert.equal(statusOf(refreshed), "failed");
      assert.match(
        refreshed.reasons.join("\n"),
        new RegExp(`^node \\S+ \\(${node}\\) is not synchronized: `),
      );
      const before = emulator.resets.length;
      const [repeated] = await upAgain(harness, refreshed, news);
      assert.equal(statusOf(repeated), "synced");
      assert.deepEqual(
        emulator.resets.slice(before).map(({ nodeId }) => nodeId),
        [node],
      );
    }));

  it("imports a pool by its ID with inputs that make a valid program, and resets nothing", () =>
    withPlugin({}, async (harness) => {
      const { emulator, inputs, start } = harness;
      emulator.cluster.changeConfiguration(String(inputs.nodePoolId));
      const plugin = await start();
      const id = `${inputs.clusterId}/${inputs.nodePoolId}`;
      const imported = await plugin.read(id);
      assert.equal(imported.id, id);
      const checked = await plugin.check(imported.inputs, imported.inputs);
      assert.deepEqual(checked, { inputs: imported.inputs, failures: [] });
      assert.equal((await plugin.diff(imported.properties, checked.inputs)).changes, "none");
      const declared = await plugin.check(inputs, imported.inputs);
      const difference = await plugin.diff(imported.properties, declared.inputs);
      assert.deepEqual(difference.details, { maxUnavailable: "input update" });
      const { properties } = await plugin.update(imported.properties, declared.inputs);
      assert.equal(properties.status, "synced");
      assert.equal(emulator.acceptedSyncs.length, 0);
    }));

  it("reads a pool that the program only looks up", () =>
    withPlugin({}, async ({ start, inputs, emulator }) => {
      const plugin = await start();
      const id = `${inputs.clusterId}/${inputs.nodePoolId}`;
      const found = await plugin.read(id, { properties: {}, inputs: {} });
      assert.equal(found.id, id);
      assert.equal(found.properties.status, "synced");
      await assert.rejects(
        plugin.read("no-pool", { properties: {}, inputs: {} }),
        /"no-pool" is not a valid ID/,
      );
      await assert.rejects(plugin.read(`${inputs.clusterId}/gone`), /there is no such node pool/);
      assert.equal(emulator.acceptedSyncs.length, 0);
    }));

  it("drops a resource whose pool is gone from the state", () =>
    withPlugin({ pools: 2 }, async (harness) => {
      const created = await upNew(harness);
      const plugin = await harness.start();
      harness.emulator.addFault({
        kind: "pools",
        times: Number.POSITIVE_INFINITY,
        effect: { kind: "shortList", missing: 2 },
      });
      const { id } = await plugin.read(created.id, created);
      assert.equal(id, "");
    }));

  it("records a sync that Cancel interrupts, and resumes it", () =>
    withPlugin({ resetSeconds: 3600, speed: 600 }, async (harness) => {
      const { emulator, inputs, start } = harness;
      const plugin = await start();
      const news = { ...inputs, onCreate: "all" };
      const checked = await plugin.check(news);
      const run = harness.keep(plugin.create(checked.inputs), checked.inputs);
      await until(() => emulator.acceptedSyncs.length === 1);
      await plugin.cancel();
      const interrupted = await run;
      assert.equal(statusOf(interrupted), "inProgress");
      assert.match(interrupted.reasons.join("\n"), /\[nodepoolsync\/interrupted\]$/);
      const [resumed] = await upAgain(harness, interrupted, news);
      assert.equal(statusOf(resumed), "synced");
      assert.equal(emulator.acceptedSyncs.length, 1);
    }));

  it("keeps to the seconds of customTimeouts", () =>
    withPlugin({ resetSeconds: 360_000 }, async (harness) => {
      const { properties, reasons } = await upNew(harness, { ...harness.inputs, onCreate: "all" }, 5);
      assert.equal(properties.status, "inProgress");
      assert.match(reasons.join("\n"), /\[nodepoolsync\/timed-out\]$/);
    }));

  it("refuses bad inputs all at once, naming no property and sending nothing", () =>
    withPlugin({}, async ({ start, inputs, emulator }) => {
      const plugin = await start();
      const { failures } = await plugin.check({ ...inputs, maxUnavailable: 0, trigers: [], nodeIds: [] });
      assert.equal(failures.length, 3);
      assert.ok(
        failures.some((text) => text.startsWith("trigers: is not a property; did you mean triggers?")),
      );
      assert.equal(emulator.requests.length, 0);
    }));

  it("refuses a state of a newer version, and leaves it as it is", () =>
    withPlugin({}, async (harness) => {
      const created = await upNew(harness);
      const plugin = await harness.start();
      const properties = { ...created.properties, __sync: { version: 99 } };
      const inputs = (await plugin.check(harness.inputs, created.inputs)).inputs;
      const refused = /written by a newer version of pulumi-cce-nodepool-sync/;
      for (const call of [plugin.update(properties, inputs), plugin.read(created.id, { properties, inputs })])
        await assert.rejects(call, (error) => !(error instanceof InitFailure) && refused.test(String(error)));
      await plugin.delete(created.id, properties);
    }));
});

describe("a resource of the dynamic provider, taken over by the plugin", () => {
  it("is unchanged, with what only the dynamic provider needs left out", () =>
    withPlugin({}, async (harness) => {
      const created = await upNew(harness);
      const hidden = { __provider: "exports.handler=…", __engine: { urn: "urn:old" } };
      const before = {
        ...created,
        properties: { ...created.properties, ...hidden },
        inputs: { ...created.inputs, ...hidden },
      };
      const [after, why] = await upAgain(harness, before);
      assert.equal(why, "none");
      assert.deepEqual(
        Object.keys(after.properties).filter((key) => key.startsWith("__")),
        ["__sync"],
      );
    }));
});
