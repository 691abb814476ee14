import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { startEmulator } from "../../emulator/index.ts";
import { findCli } from "../../tools/engine/index.ts";
import { blocksOf, manual } from "../support/markdown.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { hurry } from "../support/programs/stackHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { root } from "../support/root.ts";

const programs = manual.flatMap(blocksOf).filter(({ language }) => language === "ts");
/** Programs of a stack whose cluster is configured; those with a cluster of their own are compiled only. */
const deployable = programs.filter(({ code }) => code.includes('require("clusterId")'));
const [smallest] = blocksOf("README.md").filter(({ language }) => language === "ts");
const [inTest, onCommandLine, goingWrong, inUnitTest] = blocksOf("docs/testing.md").filter(
  ({ language }) => language === "ts",
);
const automation = "@pulumi/pulumi/automation/index.js";
const standIn = import.meta.resolve("../support/programs/automation.ts");

/** A Pulumi project of these files, in a folder of its own in which the package is installed. */
function withProject(files: Record<string, string>, use: (folder: string) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    await symlink(`${root}/node_modules`, join(folder, "node_modules"));
    const all = {
      "Pulumi.yaml": "name: docs\nruntime: nodejs\nmain: index.ts\n",
      "package.json": JSON.stringify({ name: "docs", type: "module" }),
      ...files,
    };
    for (const [name, text] of Object.entries(all)) await writeFile(join(folder, name), text);
    await use(folder);
  });
}

onEveryEngine("the programs of the documentation", (engine) => {
  it("deploy, all in one stack", async () => {
    const files = Object.fromEntries(deployable.map(({ code }, index) => [`program${index}.ts`, code]));
    const index = Object.keys(files).map((file) => `import "./${file}";`);
    const emulator = await startEmulator({ pools: 2, nodesPerPool: 2, defaultPoolNodes: 2, ...hurry });
    const { id, pools, defaultPool } = emulator.cluster;
    try {
      await withProject({ ...files, "index.ts": index.join("\n") }, async (folder) => {
        const stack = await engine().openStack({
          projectDir: folder,
          home: join(folder, "home"),
          config: {
            clusterId: id,
            nodePoolId: pools[0]?.id ?? "",
            nodePoolIds: JSON.stringify(pools.map((pool) => pool.id)),
            nodeIds: JSON.stringify(defaultPool.nodes.map((node) => node.id)),
            nodeOs: "Huawei Cloud EulerOS 2.0",
          },
          environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" },
        });
        const result = await stack.up().result;
        assert.ok(result.ok, result.text);
        const { deployment } = await stack.exportState();
        const syncs = deployment.resources?.filter(({ type }) => type.endsWith(":NodePoolSync")) ?? [];
        assert.ok(syncs.length >= deployable.length);
        const open = syncs.filter(({ outputs }) => outputs?.status !== "synced");
        // The one that does not wait may be synced by another program's sync in the meantime.
        assert.deepEqual(
          open.filter(({ urn }) => !urn.endsWith("::unattended")),
          [],
        );
        assert.ok(emulator.acceptedSyncs.length > 0);
      });
    } finally {
      await emulator.close();
    }
  });
});

describe("docs/testing.md", () => {
  it("shows a test of a stack that passes, on the embedded engine", () =>
    withProject(
      {
        "index.ts": smallest?.code ?? "",
        "stack.test.ts": (inTest?.code ?? "").replace(automation, standIn),
      },
      (folder) => run(folder, "stack.test.ts"),
    ));

  it("shows a test of a stack that passes, on Pulumi's Automation API (skipped where no CLI is on PATH)", async function () {
    const onPath = await promisify(execFile)("pulumi", ["version"]).then(
      () => true,
      () => false,
    );
    if (!onPath || (await findCli()) === undefined) this.skip();
    const files = { "index.ts": smallest?.code ?? "", "stack.test.ts": inTest?.code ?? "" };
    await withProject(files, (folder) => run(folder, "stack.test.ts"));
  });

  it("shows faults that can be set", () =>
    withProject({ "faults.ts": goingWrong?.code ?? "" }, (folder) => run(folder, "faults.ts")));

  it("shows a unit test that passes", () =>
    withProject({ "unit.ts": inUnitTest?.code ?? "" }, (folder) => run(folder, "unit.ts")));

  it("shows a program that starts an emulator and prints the lines to paste", () =>
    withProject({ "emulator.ts": onCommandLine?.code ?? "" }, async (folder) => {
      const child = spawn(process.execPath, ["emulator.ts"], {
        cwd: folder,
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line);
        if (line.endsWith("# pool-2")) child.kill();
      }
      assert.ok(lines.some((line) => /^export HW_ACCESS_KEY='\w+'$/.test(line)));
      assert.ok(lines.some((line) => /^pulumi config set clusterId \S+$/.test(line)));
    }));
});

async function run(folder: string, file: string): Promise<void> {
  await promisify(execFile)(process.execPath, [file], { cwd: folder });
}
