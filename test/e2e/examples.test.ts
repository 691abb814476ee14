import assert from "node:assert/strict";
import type { Result, StackOptions } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { nodePassword, type Scene, withScene } from "../support/exampleScene.ts";
import { textOf } from "../support/root.ts";

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
  config: (scene: Scene) => ({ ...firstPool(scene), nodePassword: { secret: nodePassword } }),
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
    config: ({ clusterId }) => ({ clusterId, nodePassword: { secret: nodePassword } }),
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
  const onScene = (use: (scene: Scene) => Promise<void>) => () => withScene(engine(), use);

  for (const { project, config, targets, nodeTemplate } of examples) {
    it(
      `is deployed, left alone when nothing changed, and destroyed: ${project}`,
      onScene(async (scene) => {
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
    onScene(async (scene) => {
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
    onScene(async (scene) => {
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
    onScene(async (scene) => {
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
    onScene(async (scene) => {
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
    onScene(async (scene) => {
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
