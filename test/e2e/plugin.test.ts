import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { isAvailable, type PluginStack, withPluginStack } from "../support/plugin/pluginStack.ts";
import { descendantsOf, hasEnded, launchOf } from "../support/programs/processes.ts";
import { nodePassword } from "../support/programs/projectHarness.ts";
import { root, textOf } from "../support/root.ts";
import { until } from "../support/until.ts";

const up = ["up", "--yes", "--skip-preview"];
/** The type that the dynamic provider's resources have in a state. */
const oldType = "pulumi-nodejs:dynamic/cce:NodePoolSync";
const binary = join(root, "dist/plugin/pulumi-resource-cce-nodepool-sync");

/** A stack of a program in YAML that has a node template, configured. */
function withProgram(
  use: (stack: PluginStack) => Promise<void>,
  options?: Parameters<typeof withPluginStack>[3],
): Promise<void> {
  const configured = async (stack: PluginStack) => {
    const { cluster } = stack.emulator;
    await stack.setConfig({
      clusterId: cluster.id,
      nodePoolId: cluster.pools[0]?.id ?? "",
      nodePassword: { secret: nodePassword },
    });
    await use(stack);
  };
  return withPluginStack("test/fixtures/template/yaml", "yaml", configured, options);
}

/** The part of a project file that says where the plugin is. */
function pluginsIn(project: string): string {
  return project.slice(project.indexOf("plugins:"));
}

/** The program without its template, which resets every node of a new resource. */
async function withoutTemplate({ folder }: PluginStack): Promise<void> {
  const file = join(folder, "Pulumi.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace(/ {6}nodeTemplate:\n(?: {8}.*\n)+/, ""));
}

describe("the plugin on a Pulumi CLI (skipped where it or its host for YAML is not on PATH)", () => {
  before(function () {
    if (!isAvailable("yaml")) this.skip();
  });

  it("previews, resets every node once, finds nothing to do, repairs drift by a plain up, and is destroyed", () =>
    withProgram(async ({ emulator, pulumi, recorded }) => {
      assert.match(await pulumi("preview"), /will reset 4 of 4 nodes/);
      assert.equal(emulator.acceptedSyncs.length, 0);
      await pulumi(...up);
      assert.equal(emulator.resets.length, 4);
      const [created] = await recorded();
      assert.equal(created?.outputs.status, "synced");
      assert.equal(created?.refreshBeforeUpdate, true);
      assert.match(await pulumi(...up), /2 unchanged/);
      emulator.cluster.changeConfiguration(emulator.cluster.pools[0]?.id ?? "");
      assert.match(await pulumi("preview", "--diff"), /outdatedNodeIds/);
      await pulumi(...up);
      assert.equal(emulator.resets.length, 8);
      assert.match(await pulumi("refresh", "--yes"), /2 unchanged/);
      await pulumi("destroy", "--yes", "--skip-preview");
      assert.equal(emulator.acceptedSyncs.length, 2);
    }));

  it("resets nodes for a changed script and none for a changed maxUnavailable, and shows what changes by its path", () =>
    withProgram(async (stack) => {
      const { emulator, pulumi } = stack;
      await pulumi(...up);
      await stack.setConfig({ maxUnavailable: "3" });
      assert.match(await pulumi("preview", "--diff"), /maxUnavailable/);
      await pulumi(...up);
      assert.equal(emulator.acceptedSyncs.length, 1);
      await stack.setConfig({ postInstall: "echo changed" });
      assert.match(await pulumi("preview", "--diff"), /postInstall/);
      await pulumi(...up);
      assert.equal(emulator.acceptedSyncs.length, 2);
    }));

  it("keeps a failed sync as failed through a refresh, and repeats only what has failed", () =>
    withProgram(async ({ emulator, pulumi, refused, recorded }) => {
      const node = emulator.cluster.pools[0]?.nodes[0]?.id ?? "";
      emulator.cluster.failNode(node, { times: 1 });
      assert.match(await refused(...up), /\[nodepoolsync\/sync-failed\]/);
      await pulumi("refresh", "--yes");
      const [failed] = await recorded();
      assert.equal(failed?.outputs.status, "failed");
      assert.equal(failed?.initErrors?.length, 1);
      await pulumi(...up);
      assert.deepEqual(emulator.acceptedSyncs.at(-1)?.targets, [node]);
      assert.deepEqual((await recorded())[0]?.initErrors ?? [], []);
    }));

  it("imports a pool without resetting anything, and goes on with the program", () =>
    withProgram(async (stack) => {
      const { emulator, pulumi, recorded } = stack;
      const { cluster } = emulator;
      await withoutTemplate(stack);
      const id = `${cluster.id}/${cluster.pools[0]?.id}`;
      cluster.changeConfiguration(cluster.pools[0]?.id ?? "");
      await pulumi(
        "import",
        "cce-nodepool-sync:index:NodePoolSync",
        "workers",
        id,
        "--yes",
        "--protect=false",
      );
      assert.equal((await recorded())[0]?.outputs.status, "synced");
      assert.match(await pulumi(...up), /2 unchanged/);
      assert.equal(emulator.acceptedSyncs.length, 0);
    }));

  it("looks a pool up, by the resource and by the function", () =>
    withProgram(async (stack) => {
      const { emulator, pulumi, folder } = stack;
      const { cluster } = emulator;
      const [pool] = cluster.pools;
      cluster.changeConfiguration(pool?.id ?? "");
      const program = `name: template-yaml
runtime: yaml
variables:
  pool:
    fn::invoke:
      function: cce-nodepool-sync:getNodePool
      arguments: { clusterId: ${cluster.id}, nodePoolId: ${pool?.id} }
resources:
  found:
    type: cce-nodepool-sync:NodePoolSync
    get: { id: ${cluster.id}/${pool?.id} }
outputs:
  pool: \${pool}
  status: \${found.status}
`;
      const file = join(folder, "Pulumi.yaml");
      const plugins = pluginsIn(await readFile(file, "utf8"));
      await writeFile(file, program + plugins);
      await pulumi(...up);
      const { pool: found, status } = JSON.parse(await pulumi("stack", "output", "--json"));
      assert.equal(status, "synced");
      assert.equal(found.id, `${cluster.id}/${pool?.id}`);
      assert.equal(found.synchronizing, false);
      assert.deepEqual(
        found.outdatedNodeIds,
        pool?.nodes.map(({ id }) => id),
      );
      assert.equal(emulator.acceptedSyncs.length, 0);
      await writeFile(file, program.replace(`nodePoolId: ${pool?.id} }`, "nodePoolID: n }") + plugins);
      assert.match(await stack.refused("preview"), /nodePoolID/);
    }));

  it("records what Ctrl-C interrupts, and resumes it", () =>
    withProgram(
      async ({ emulator, pulumi, start, recorded }) => {
        const { process, ended } = start(...up);
        await until(() => emulator.acceptedSyncs.length === 1);
        process.kill("SIGINT");
        await ended;
        assert.notEqual(process.exitCode, 0);
        const [interrupted] = await recorded();
        assert.equal(interrupted?.outputs.status, "inProgress");
        await pulumi(...up);
        assert.equal((await recorded())[0]?.outputs.status, "synced");
        assert.equal(emulator.acceptedSyncs.length, 1);
      },
      { resetSeconds: 3600, speed: 600 },
    ));

  it("sends nothing again after kill -9 that still runs, ends its orphaned plugin, and synchronizes the pool", () =>
    withProgram(
      async (stack) => {
        const { emulator, pulumi, start, recorded } = stack;
        await withoutTemplate(stack);
        emulator.cluster.changeConfiguration(emulator.cluster.pools[0]?.id ?? "");
        const { process, ended } = start(...up);
        await until(() => emulator.acceptedSyncs.length === 1);
        const plugins = descendantsOf(process.pid ?? 0).filter((pid) =>
          launchOf(pid)?.command.includes("pulumi-resource-cce-nodepool-sync"),
        );
        // One serves the instance, and one serves the schema to the program's host.
        assert.equal(plugins.length, 2);
        process.kill("SIGKILL");
        await ended;
        await until(() => plugins.every(hasEnded));
        await pulumi("cancel", "--yes");
        await pulumi(...up);
        const [created] = await recorded();
        assert.equal(created?.outputs.status, "synced");
        assert.equal(emulator.acceptedSyncs.length, 1);
        assert.equal(emulator.resets.length, 4);
      },
      { resetSeconds: 3600, speed: 600 },
    ));

  it("takes a stack of the dynamic provider over: unchanged, with nothing reset, and forgotten without it", () =>
    withPluginStack("test/fixtures/template/javascript", "yaml", async (stack) => {
      const { emulator, pulumi, recorded, folder } = stack;
      const { cluster } = emulator;
      await symlink(join(root, "node_modules"), join(folder, "node_modules"));
      await stack.setConfig({
        clusterId: cluster.id,
        nodePoolId: cluster.pools[0]?.id ?? "",
        nodePassword: { secret: nodePassword },
      });
      await pulumi(...up);
      const [dynamic] = await recorded();
      assert.equal(dynamic?.type, oldType);
      assert.ok("__provider" in (dynamic?.outputs ?? {}));
      const file = join(folder, "Pulumi.yaml");
      const plugins = pluginsIn(await readFile(file, "utf8"));
      const program = textOf("test/fixtures/template/yaml/Pulumi.yaml")
        .replace(/^name: .*$/m, "name: template")
        .replace(/^outputs:$/m, `    options:\n      aliases: [{ type: "${oldType}" }]\noutputs:`);
      await writeFile(file, program + plugins);
      assert.match(await pulumi("preview"), /2 unchanged/);
      await pulumi(...up);
      const [moved] = await recorded();
      assert.equal(moved?.type, "cce-nodepool-sync:index:NodePoolSync");
      assert.equal(moved?.outputs.status, "synced");
      await pulumi("refresh", "--yes");
      assert.doesNotMatch(JSON.stringify(await recorded()), /__provider|__engine/);
      assert.match(await pulumi(...up), /2 unchanged/);
      await pulumi("destroy", "--yes", "--skip-preview");
      assert.equal(emulator.acceptedSyncs.length, 1);
    }));

  it("accepts the schema", async () => {
    const run = promisify(execFile);
    const { stdout } = await run("pulumi", ["package", "get-schema", binary]);
    const { resources, functions } = JSON.parse(stdout);
    assert.deepEqual(Object.keys(resources), ["cce-nodepool-sync:index:NodePoolSync"]);
    assert.deepEqual(Object.keys(functions), ["cce-nodepool-sync:index:getNodePool"]);
    await run("pulumi", ["schema", "check", join(root, "provider/plugin/schema.json")]);
  });
});
