import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../local/cce/index.ts";
import type { Engine, Result, Stack, StackOptions } from "../../local/engine/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { assertNoSecret } from "../support/canaries.ts";
import { compile } from "../support/compile.ts";
import { hurry, textsOf } from "../support/lab.ts";
import { root, textOf } from "../support/root.ts";

const password = "Canary-9-example";

/** The engine in front of an emulated cluster of three pools, three nodes each, and three nodes outside pools. */
interface Scene {
  readonly emulator: Emulator;
  readonly clusterId: string;
  readonly poolIds: readonly string[];
  /** Opens a stack of a project, by its folder from the root. */
  open(project: string, config: StackOptions["config"]): Promise<Stack>;
}

/** What an example needs as configuration, and the one sync that must come of it. */
interface Example {
  /** Folder of the project, from the root. */
  readonly project: string;
  readonly config: (scene: Scene) => StackOptions["config"];
  /** Which nodes are reset. */
  readonly targets: (scene: Scene) => readonly string[];
  readonly nodeTemplate?: unknown;
}

const idsOf = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id);
const firstPool = ({ clusterId, poolIds }: Scene) => ({ clusterId, nodePoolId: poolIds[0] ?? "" });
const nodesOfFirstPool = ({ emulator }: Scene) => idsOf(emulator.cluster.pools[0]?.nodes ?? []);
const nodesOutsidePools = ({ emulator }: Scene) => idsOf(emulator.cluster.defaultPool.nodes);
const base64Of = (file: string) => Buffer.from(textOf(file)).toString("base64");
const hiddenLogin = { userPassword: { username: "root", password: "[secret]" } };

const quickstart = {
  config: (scene: Scene) => ({ ...firstPool(scene), nodePassword: { secret: password } }),
  targets: nodesOfFirstPool,
  nodeTemplate: {
    lifeCycle: { postInstall: Buffer.from("echo ready").toString("base64") },
    login: hiddenLogin,
  },
};

const examples: readonly Example[] = [
  { project: ".", ...quickstart },
  { project: "examples/quickstart", ...quickstart },
  {
    project: "examples/default-pool",
    config: ({ clusterId }) => ({ clusterId, nodePassword: { secret: password } }),
    targets: nodesOutsidePools,
    nodeTemplate: {
      lifeCycle: {
        preInstall: base64Of("examples/default-pool/scripts/pre-install.sh"),
        postInstall: base64Of("examples/default-pool/scripts/post-install.sh"),
      },
      login: hiddenLogin,
    },
  },
  {
    project: "examples/key-pair",
    config: ({ clusterId }) => ({ clusterId, keyPair: "operators" }),
    targets: nodesOutsidePools,
    nodeTemplate: { lifeCycle: {}, login: { sshKey: "operators" } },
  },
];

onEveryEngine("an example", (engine) => {
  const withScene = (use: (scene: Scene) => Promise<void>) => () => openScene(engine(), use);

  for (const { project, config, targets, nodeTemplate } of examples) {
    it(
      `is deployed, left alone when nothing changed, and destroyed: ${project}`,
      withScene(async (scene) => {
        const { emulator } = scene;
        const stack = await scene.open(project, config(scene));
        await succeed(stack.up());
        await succeed(stack.up());
        await succeed(stack.destroy());
        const [sync, ...others] = emulator.acceptedSyncs;
        assert.deepEqual(others, []);
        assert.deepEqual(sync?.targets, targets(scene));
        assert.deepEqual(sync?.nodeTemplate, nodeTemplate);
      }),
    );
  }

  it(
    "synchronizes the selected nodes, in whatever order they are named, and all of a changed selection",
    withScene(async (scene) => {
      const [first = "", second = "", third = ""] = nodesOfFirstPool(scene);
      const select = (...ids: string[]) => ({ nodeIds: ids });
      const stack = await scene.open("examples/selected-nodes", {
        ...firstPool(scene),
        ...select(second, first),
      });
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(scene), [[first, second].sort()]);
      assert.deepEqual(await stack.outputs(), { status: "synced", syncedNodes: 2 });
      await stack.setConfig(select(first, second));
      await succeed(stack.up());
      assert.equal(syncedNodes(scene).length, 1);
      await stack.setConfig(select(first, third));
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(scene).slice(1), [[first, third].sort()]);
    }),
  );

  it(
    "synchronizes a pool of its own stack once for another operating system, and not for another node count",
    withScene(async (scene) => {
      const { emulator } = scene;
      const stack = await scene.open("examples/alongside-cluster", firstPool(scene));
      await succeed(stack.up());
      assert.equal(syncedNodes(scene).length, 1);
      await stack.setConfig({ nodeCount: "4" });
      await succeed(stack.up());
      assert.equal(syncedNodes(scene).length, 1);
      await stack.setConfig({ os: "Ubuntu 22.04" });
      emulator.cluster.changeConfiguration(scene.poolIds[0] ?? "");
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(scene).slice(1), [nodesOfFirstPool(scene).sort()]);
      assert.ok(emulator.cluster.pools[0]?.nodes.every(({ upToDate }) => upToDate));
      await succeed(stack.up());
      assert.equal(syncedNodes(scene).length, 2);
    }),
  );

  it(
    "synchronizes a pool that another stack exports",
    withScene(async (scene) => {
      const cluster = await scene.open("examples/stack-reference/cluster", firstPool(scene));
      await succeed(cluster.up());
      const clusterStack = "organization/cluster/dev";
      const sync = await scene.open("examples/stack-reference/sync", { clusterStack });
      await succeed(sync.up());
      await succeed(sync.up());
      assert.deepEqual(syncedNodes(scene), [nodesOfFirstPool(scene).sort()]);
      assert.deepEqual(await sync.outputs(), { status: "synced" });
    }),
  );

  it(
    "synchronizes many pools in their order, each when the one before it is done",
    withScene(async (scene) => {
      const { emulator, poolIds } = scene;
      const order = [...poolIds].reverse();
      const busyAtTheStart: number[] = [];
      emulator.onRequest(({ kind }, moment) => {
        if (kind !== "sync" || moment !== "arrived") return;
        busyAtTheStart.push(
          emulator.cluster.pools.flatMap(({ nodes }) => nodes).filter(({ phase }) => phase !== "Active")
            .length,
        );
      });
      const stack = await scene.open("examples/many-pools", manyPools(scene, order));
      await succeed(stack.up());
      assert.deepEqual(
        emulator.acceptedSyncs.map(({ poolId }) => poolId),
        order,
      );
      assert.deepEqual(busyAtTheStart, [0, 0, 0]);
      await stack.setConfig({ parallel: "true" });
      await succeed(stack.up());
      assert.equal(emulator.acceptedSyncs.length, 3);
    }),
  );

  it(
    "synchronizes many pools at the same time when told so",
    withScene(async (scene) => {
      const { emulator, poolIds } = scene;
      // The service answers none of them before all have come: one after the other would wait for ever.
      const everyRequest = Promise.withResolvers<undefined>();
      let arrived = 0;
      emulator.onRequest(({ kind }, moment) => {
        if (kind !== "sync" || moment !== "arrived") return undefined;
        arrived += 1;
        if (arrived === poolIds.length) everyRequest.resolve(undefined);
        return everyRequest.promise;
      });
      const stack = await scene.open("examples/many-pools", {
        ...manyPools(scene, poolIds),
        parallel: "true",
      });
      await succeed(stack.up());
      assert.deepEqual(await stack.outputs(), { statuses: ["synced", "synced", "synced"] });
    }),
  );
});

/** What the vendor's package declares of the node pool, as far as the example uses it (sdk/nodejs/cce/nodePool.ts). */
const vendorsNodePool = `
interface NodePoolArgs {
  clusterId: pulumi.Input<string>;
  flavorId: pulumi.Input<string>;
  initialNodeCount: pulumi.Input<number>;
  os?: pulumi.Input<string>;
  keyPair?: pulumi.Input<string>;
  rootVolume: pulumi.Input<{ size: pulumi.Input<number>; volumetype: pulumi.Input<string> }>;
  dataVolumes: pulumi.Input<pulumi.Input<{ size: pulumi.Input<number>; volumetype: pulumi.Input<string> }>[]>;
}
interface NodePool extends pulumi.CustomResource {
  readonly clusterId: pulumi.Output<string>;
  readonly os: pulumi.Output<string>;
}
declare const huaweicloud: { cce: { NodePool: new (name: string, args: NodePoolArgs) => NodePool } };
`;

const projectFiles = (await readdir(`${root}/examples`, { recursive: true })).filter((file) =>
  file.endsWith("Pulumi.yaml"),
);

describe("the examples", () => {
  for (const file of ["Pulumi.yaml", ...projectFiles.map((name) => `examples/${name}`)]) {
    it(`name a file as their program, since the engine would run the package's own entry for a folder: ${file}`, () =>
      assert.match(textOf(file), /^main: \S+\.ts$/m));
  }

  it("are all in the list of examples, and each tells about itself", async () => {
    const entries = await readdir(`${root}/examples`, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const listed = [...textOf("examples/README.md").matchAll(/^\| \[([\w-]+)\]\(\1\) /gm)].map(
      ([, name]) => name,
    );
    assert.deepEqual(listed.sort(), folders.sort());
    for (const folder of folders) assert.ok(existsSync(`${root}/examples/${folder}/README.md`), folder);
  });

  it("show a program for the vendor's provider that compiles against what it declares", () => {
    const [, program = ""] =
      /```ts\n([\s\S]*?)```/.exec(textOf("examples/alongside-cluster/README.md")) ?? [];
    const vendorsImport = 'import * as huaweicloud from "@huaweicloudos/pulumi";';
    assert.ok(program.includes(vendorsImport));
    assert.deepEqual(compile(program.replace(vendorsImport, vendorsNodePool)), []);
  });

  it("set no configuration in their README that their project does not declare", () => {
    for (const name of projectFiles) {
      const folder = `examples/${name.split("/")[0]}`;
      const set = textOf(`${folder}/README.md`).matchAll(/pulumi config set (?:--\w+ )?'?(\w+)/g);
      const projects = projectFiles.filter((file) => `examples/${file}`.startsWith(`${folder}/`));
      const declared = projects.map((file) => textOf(`examples/${file}`)).join("\n");
      for (const [, key] of set)
        assert.match(declared, new RegExp(`^ {2}${key}:$`, "m"), `${key} in ${folder}`);
    }
  });
});

function manyPools({ clusterId }: Scene, poolIds: readonly string[]) {
  return { clusterId, nodePoolIds: poolIds };
}

/** The ids of the nodes of each accepted sync, sorted. */
function syncedNodes({ emulator }: Scene): string[][] {
  return emulator.acceptedSyncs.map(({ targets }) => [...targets].sort());
}

async function succeed(operation: { result: Promise<Result> }): Promise<void> {
  const result = await operation.result;
  assert.ok(result.ok, result.text);
}

async function openScene(engine: Engine, use: (scene: Scene) => Promise<void>): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "example-"));
  const emulator = await startEmulator({ pools: 3, nodesPerPool: 3, defaultPoolNodes: 3, ...hurry });
  const lines: string[] = [];
  const stacks: Stack[] = [];
  try {
    await use({
      emulator,
      clusterId: emulator.cluster.id,
      poolIds: emulator.cluster.pools.map(({ id }) => id),
      open: async (project, config) => {
        const stack = await engine.openStack({
          projectDir: join(root, project),
          home,
          config: config ?? {},
          environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" },
          onLine: (line) => lines.push(line),
        });
        stacks.push(stack);
        return stack;
      },
    });
    const [stack] = stacks;
    assert.ok(stack !== undefined);
    assertNoSecret(await textsOf({ stack, lines, emulator }), [...emulator.issuedSecrets, password]);
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  }
}
