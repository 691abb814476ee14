import assert from "node:assert/strict";
import { InitFailure } from "../../tools/engine/embedded/providerErrors.ts";
import { type PluginHarness, withPlugin } from "../support/plugin/pluginHarness.ts";
import { until } from "../support/until.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The configuration of an instance that the emulator knows. */
const credentials = ({ emulator: { environment } }: PluginHarness) => ({
  region: environment.HW_REGION_NAME ?? "",
  endpoints: environment.HW_ENDPOINTS ?? "",
  accessKey: environment.HW_ACCESS_KEY ?? "",
  secretKey: environment.HW_SECRET_KEY ?? "",
});

describe("the plugin's function getNodePool", () => {
  it("returns which nodes a pool has, which of them are outdated, and whether a sync is running", () =>
    withPlugin({ resetSeconds: 3600, speed: 600 }, async ({ start, inputs, emulator }) => {
      const plugin = await start();
      const { clusterId, nodePoolId } = inputs;
      const [pool] = emulator.cluster.pools;
      const found = await plugin.invoke({ clusterId, nodePoolId });
      assert.equal(found.id, `${clusterId}/${nodePoolId}`);
      assert.equal(found.name, pool?.name);
      assert.equal(found.synchronizing, false);
      assert.deepEqual(found.outdatedNodeIds, []);
      const nodes = found.nodes as Record<string, unknown>[];
      assert.deepEqual(
        nodes,
        pool?.nodes.map(({ id, name, zone }) => ({ id, name, zone, phase: "Active", upToDate: true })),
      );
      const checked = await plugin.check({ ...inputs, onCreate: "all", wait: false });
      await plugin.create(checked.inputs);
      emulator.cluster.changeConfiguration(String(nodePoolId));
      await until(async () => (await plugin.invoke({ clusterId, nodePoolId })).synchronizing === true);
      const later = await plugin.invoke({ clusterId, nodePoolId });
      assert.deepEqual(
        later.outdatedNodeIds,
        pool?.nodes.map(({ id }) => id),
      );
      assert.equal(emulator.acceptedSyncs.length, 1);
    }));

  it("takes secret arguments, and refuses wrong ones all at once", () =>
    withPlugin({}, async ({ start, inputs: { clusterId, nodePoolId }, emulator }) => {
      const plugin = await start();
      await assert.rejects(plugin.invoke({ clusterID: clusterId, nodePoolId: unknown }), (error: Error) => {
        assert.match(error.message, /^getNodePool: the arguments cannot be used; nothing was sent:\n/);
        for (const problem of [
          "nodePoolId: is known only during the update",
          "clusterId: is required and must be a non-empty ID without white space or control characters",
          "clusterID: is not a property; did you mean clusterId?",
        ])
          assert.ok(error.message.includes(`\n- ${problem}`), error.message);
        return true;
      });
      assert.equal(emulator.requests.length, 0);
      const secretId = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        value: clusterId,
      };
      assert.equal((await plugin.invoke({ clusterId: secretId, nodePoolId })).clusterId, clusterId);
    }));

  it("uses the instance's own credentials, and names the instance and its settings in errors", () =>
    withPlugin({}, async (harness) => {
      const { start, inputs, emulator } = harness;
      const { clusterId, nodePoolId } = inputs;
      const good = credentials(harness);
      const [one, other, empty] = await Promise.all([
        start(good, {}),
        start({ ...good, secretKey: "canary-of-a-wrong-key" }, {}, "staging"),
        start({ endpoints: JSON.stringify({ cce: emulator.url }) }, {}, "staging"),
      ]);
      assert.equal((await one.invoke({ clusterId, nodePoolId })).clusterId, clusterId);
      await assert.rejects(
        other.invoke({ clusterId, nodePoolId }),
        /^Error: getNodePool, node pool .*\[nodepoolsync\/credentials-refused\]$/s,
      );
      const before = emulator.requests.length;
      await assert.rejects(
        empty.invoke({ clusterId, nodePoolId }),
        /neither the provider "staging" nor the environment has any.*, or accessKey and secretKey in the provider "staging";/,
      );
      assert.equal(emulator.requests.length, before);
    }));

  it("is the only one", () =>
    withPlugin({}, async ({ start }) => {
      const plugin = await start();
      await assert.rejects(
        plugin.invoke({}, "getPool"),
        /there is no function cce-nodepool-sync:index:getPool in this version of the plugin; it has cce-nodepool-sync:index:getNodePool/,
      );
    }));
});

describe("instances of the provider", () => {
  it("have credentials of their own: one with a refused key does not stop the other", () =>
    withPlugin({}, async (harness) => {
      const { start, inputs } = harness;
      const good = credentials(harness);
      const [one, other] = await Promise.all([
        start(good, {}),
        start({ ...good, secretKey: "canary-of-a-wrong-key" }, {}),
      ]);
      const checked = await one.check({ ...inputs, onCreate: "all" });
      await assert.rejects(other.create(checked.inputs), /nodepoolsync\/credentials-refused/);
      assert.equal((await one.create(checked.inputs)).properties.status, "synced");
    }));

  it("keep what is recorded when their recorded key is refused, so that a new key can replace it", () =>
    withPlugin({}, async (harness) => {
      const { start, inputs, keep, emulator } = harness;
      const good = credentials(harness);
      const bad = { ...good, secretKey: "canary-of-an-expired-key" };
      const plugin = await start(good, {});
      const checked = await plugin.check({ ...inputs, onCreate: "all" });
      const kept = await keep(plugin.create(checked.inputs), checked.inputs);
      const expired = await start(bad, {});
      const read = await expired.read(kept.id, kept);
      assert.deepEqual(read.properties, kept.properties);
      assert.equal(read.id, kept.id);
      assert.match(
        JSON.stringify(expired.diagnostics),
        /not read, so nothing is known of drift: .*credentials-refused/,
      );
      await assert.rejects((await start(bad, {})).read(kept.id), /nodepoolsync\/credentials-refused/);
      assert.equal(emulator.acceptedSyncs.length, 1);
    }));

  it("see another account or another region as a change that replaces no resource", () =>
    withPlugin({}, async ({ start }) => {
      const plugin = await start();
      const olds = { region: "r-1", accessKey: "a" };
      assert.equal((await plugin.diffConfig(olds, olds)).changes, "none");
      const changed = await plugin.diffConfig(olds, { region: "r-2", accessKey: "b" });
      assert.deepEqual(changed, { changes: "some", replaces: [], details: {} });
    }));
});

describe("what the plugin cannot use", () => {
  it("is said with the keys of the stack, where no program has made the instance, and with nothing sent", () =>
    withPlugin({}, async ({ start, inputs, emulator }) => {
      const local = { CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" };
      const plugin = await start({ endpoints: JSON.stringify({ cce: emulator.url }) }, local);
      const checked = await plugin.check(inputs);
      await assert.rejects(plugin.create(checked.inputs), (error: Error) => {
        assert.match(
          error.message,
          /or cce-nodepool-sync:accessKey and cce-nodepool-sync:secretKey in the Pulumi config;.*\[nodepoolsync\/configuration\]$/s,
        );
        assert.doesNotMatch(error.message, /huaweicloud:/);
        return !(error instanceof InitFailure);
      });
      assert.equal(emulator.requests.length, 0);
    }));

  it("is refused as garbage, whatever it is, in one sentence each and before anything is configured", () =>
    withPlugin({}, async ({ start, emulator }) => {
      const plugin = await start({}, {}, "production");
      const garbage = { region: ["r"], insecure: {}, pollInterval: null, secretkey: "s", constructor: 1 };
      const { failures } = await plugin.checkConfig(garbage);
      assert.deepEqual(failures.map((text) => text.split(";")[0]).toSorted(), [
        "constructor: is not a setting",
        "insecure: must be true or false",
        "region: must be a string",
        "secretkey: is not a setting",
      ]);
      assert.ok(failures.some((text) => text.endsWith("did you mean secretKey?")));
      const { failures: wrong } = await plugin.checkConfig({ endpoints: { cce: "ftp://x" } }, "production");
      assert.match(wrong.join(), /this address comes from provider "production" endpoints$/);
      assert.equal(emulator.requests.length, 0);
    }));
});

describe("secrets, through the plugin", () => {
  const password = "Canary-7-plain";
  const nodeTemplate = { lifeCycle: {}, login: { userPassword: { password } } };
  const marked = (value: unknown) => ({
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    value,
  });

  it("are marked in what is checked, and are in no output, preview, failure, message or log", () =>
    withPlugin({}, async (harness) => {
      const { start, inputs, emulator, keep } = harness;
      const plugin = await start();
      for (const given of [nodeTemplate, marked(nodeTemplate)]) {
        const checked = await plugin.check({ ...inputs, nodeTemplate: given });
        const { userPassword } = (checked.inputs.nodeTemplate as typeof nodeTemplate).login;
        assert.deepEqual(userPassword.password, marked(password));
      }
      const news = { ...inputs, nodeTemplate };
      const preview = await plugin.create(news, { preview: true });
      assert.doesNotMatch(JSON.stringify(preview), /Canary/);
      emulator.cluster.failNode(emulator.cluster.pools[0]?.nodes[0]?.id ?? "");
      const failed = await keep(
        plugin.create({ ...news, onCreate: "all", onChange: "all", wait: true }),
        news,
      );
      assert.equal(failed.properties.status, "failed");
    }));

  it("of the configuration are marked in what is checked, and shown in no failure", () =>
    withPlugin({}, async ({ start, emulator }) => {
      const plugin = await start();
      const secretKey = emulator.environment.HW_SECRET_KEY ?? "";
      const { inputs } = await plugin.checkConfig({ region: "r-1", secretKey });
      assert.deepEqual(inputs, { region: "r-1", secretKey: marked(secretKey) });
      const { failures } = await plugin.checkConfig({ secretKey: { secretKey }, acessKey: secretKey });
      assert.equal(failures.length, 2);
      assert.ok(failures.every((failure) => !failure.includes(secretKey)));
    }));
});
