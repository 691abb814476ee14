import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { nodePassword } from "../support/projectHarness.ts";
import { root, textOf } from "../support/root.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { withFolder } from "../support/temporaryFolder.ts";

const run = promisify(execFile);

/** Whether the Pulumi CLI and its host for YAML are on PATH. */
const isAvailable = ["pulumi", "pulumi-language-yaml"].every((program) =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program))),
);

/** A stack of the YAML example on the real CLI, with the plugin as it is built. */
interface YamlStack {
  readonly emulator: Emulator;
  readonly pulumi: (...args: string[]) => Promise<string>;
  /** The resource as it is in the state. */
  readonly recorded: () => Promise<{ outputs: Record<string, unknown>; refreshBeforeUpdate?: boolean }>;
}

async function withYamlStack(use: (stack: YamlStack) => Promise<void>): Promise<void> {
  const emulator = await startEmulator({ nodesPerPool: 4, speed: 600, resetSeconds: 60 });
  try {
    await withFolder(async (folder) => {
      const plugin = join(root, "dist/plugin");
      const project = `${textOf("examples/yaml/Pulumi.yaml")}plugins:\n  providers:\n    - name: cce-nodepool-sync\n      path: ${plugin}\n`;
      await writeFile(join(folder, "Pulumi.yaml"), project);
      const env = {
        ...process.env,
        ...emulator.environment,
        CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
        PULUMI_HOME: join(folder, "home"),
        PULUMI_BACKEND_URL: `file://${folder}`,
        PULUMI_CONFIG_PASSPHRASE: "a passphrase",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      };
      const said: string[] = [];
      const pulumi = async (...args: string[]) => {
        const { stdout, stderr } = await run("pulumi", [...args, "--non-interactive"], { cwd: folder, env });
        said.push(stdout, stderr);
        return stdout;
      };
      await pulumi("stack", "init", "dev");
      const { cluster } = emulator;
      await pulumi("config", "set", "clusterId", cluster.id);
      await pulumi("config", "set", "nodePoolId", cluster.pools[0]?.id ?? "");
      await pulumi("config", "set", "--secret", "nodePassword", nodePassword);
      const recorded = async () => {
        const { deployment } = JSON.parse(await pulumi("stack", "export"));
        return deployment.resources.find(({ type }: { type: string }) => type.endsWith(":NodePoolSync"));
      };
      await use({ emulator, pulumi, recorded });
      assertNoSecret({ "what the CLI printed and recorded": said.join("\n") }, [
        nodePassword,
        ...emulator.issuedSecrets,
        emulator.environment.HW_SECRET_KEY ?? "",
      ]);
    });
  } finally {
    await emulator.close();
  }
}

describe("the quick start in YAML, on a Pulumi CLI", () => {
  before(function () {
    if (!isAvailable) this.skip();
  });

  it("previews, resets every node once, finds nothing to do, repairs drift by a plain up, and is destroyed", () =>
    withYamlStack(async ({ emulator, pulumi, recorded }) => {
      assert.match(await pulumi("preview"), /will reset 4 of 4 nodes/);
      assert.equal(emulator.acceptedSyncs.length, 0);
      await pulumi("up", "--yes", "--skip-preview");
      assert.equal(emulator.resets.length, 4);
      const { outputs, refreshBeforeUpdate } = await recorded();
      assert.equal(outputs.status, "synced");
      assert.equal(refreshBeforeUpdate, true);
      assert.match(await pulumi("up", "--yes", "--skip-preview"), /2 unchanged/);
      emulator.cluster.changeConfiguration(emulator.cluster.pools[0]?.id ?? "");
      assert.match(await pulumi("preview", "--diff"), /outdatedNodeIds/);
      await pulumi("up", "--yes", "--skip-preview");
      assert.equal(emulator.resets.length, 8);
      assert.match(await pulumi("refresh", "--yes"), /2 unchanged/);
      await pulumi("destroy", "--yes", "--skip-preview");
      assert.equal(emulator.acceptedSyncs.length, 2);
    }));

  it("accepts the plugin's schema", async () => {
    const binary = join(root, "dist/plugin/pulumi-resource-cce-nodepool-sync");
    const { stdout } = await run("pulumi", ["package", "get-schema", binary]);
    assert.deepEqual(Object.keys(JSON.parse(stdout).resources), ["cce-nodepool-sync:index:NodePoolSync"]);
  });
});
