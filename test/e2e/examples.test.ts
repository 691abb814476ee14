import assert from "node:assert/strict";
import { join } from "node:path";
import type { Result, StackOptions } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { nodePassword, type ProjectHarness, withProjectHarness } from "../support/programs/projectHarness.ts";
import { root, textOf } from "../support/root.ts";
import { startHttp } from "../support/service/loopback.ts";

/** What an example needs as configuration, and the one sync that must come of it. */
interface Example {
  /** Folder of the project, from the root. */
  readonly project: string;
  readonly config: (harness: ProjectHarness) => StackOptions["config"];
  /** Which nodes are reset. */
  readonly targets: (harness: ProjectHarness) => readonly string[];
  readonly nodeTemplate?: unknown;
}

const idsOf = (nodes: readonly { id: string }[]) => nodes.map(({ id }) => id);
const firstPool = ({ clusterId, poolIds }: ProjectHarness) => ({ clusterId, nodePoolId: poolIds[0] ?? "" });
const nodesOfFirstPool = ({ emulator }: ProjectHarness) => idsOf(emulator.cluster.pools[0]?.nodes ?? []);
const nodesOutsidePools = ({ emulator }: ProjectHarness) => idsOf(emulator.cluster.defaultPool.nodes);
const base64Of = (file: string) => Buffer.from(textOf(file)).toString("base64");
const hiddenLogin = { userPassword: { username: "root", password: "[secret]" } };

const quickstart = {
  config: (harness: ProjectHarness) => ({ ...firstPool(harness), nodeOs: "a" }),
  targets: nodesOfFirstPool,
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

/** Three pools of three nodes each, and three nodes outside pools. */
const cluster = { pools: 3, nodesPerPool: 3, defaultPoolNodes: 3 };

onEveryEngine("an example", (engine) => {
  const onHarness = (use: (harness: ProjectHarness) => Promise<void>) => () =>
    withProjectHarness(engine(), cluster, use);

  for (const { project, config, targets, nodeTemplate } of examples) {
    it(
      `is deployed, left alone when nothing changed, and destroyed: ${project}`,
      onHarness(async (harness) => {
        const { emulator } = harness;
        outdateAll(harness);
        const stack = await harness.open(join(root, project), config(harness));
        await succeed(stack.up());
        await succeed(stack.up());
        await succeed(stack.destroy());
        const [sync, ...others] = emulator.acceptedSyncs;
        assert.deepEqual(others, []);
        assert.deepEqual(sync?.targets, targets(harness));
        assert.deepEqual(sync?.nodeTemplate, nodeTemplate);
      }),
    );
  }

  it(
    "synchronizes a pool of each account, one after the other",
    onHarness(async (harness) => {
      outdateAll(harness);
      const { emulator, clusterId, poolIds } = harness;
      const [staging = "", production = ""] = poolIds;
      const stack = await harness.open(join(root, "examples/two-accounts"), {
        stagingClusterId: clusterId,
        stagingNodePoolId: staging,
        productionRegion: emulator.region,
        productionAccessKey: emulator.accessKey,
        productionSecretKey: { secret: emulator.secretKey },
        productionClusterId: clusterId,
        productionNodePoolId: production,
      });
      await succeed(stack.up());
      await succeed(stack.up());
      assert.deepEqual(
        emulator.acceptedSyncs.map(({ poolId }) => poolId),
        [staging, production],
      );
      assert.deepEqual(await stack.outputs(), { statuses: { staging: "synced", production: "synced" } });
      await succeed(stack.destroy());
    }),
  );

  it(
    "synchronizes the selected nodes, in whatever order they are named, and only the added one of a changed selection",
    onHarness(async (harness) => {
      outdateAll(harness);
      const [first = "", second = "", third = ""] = nodesOfFirstPool(harness);
      const select = (...ids: string[]) => ({ nodeIds: ids });
      const stack = await harness.open(join(root, "examples/selected-nodes"), {
        ...firstPool(harness),
        ...select(second, first),
      });
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(harness), [[first, second].sort()]);
      assert.deepEqual(await stack.outputs(), { status: "synced", syncedNodes: 2 });
      await stack.setConfig(select(first, second));
      await succeed(stack.up());
      assert.equal(syncedNodes(harness).length, 1);
      await stack.setConfig(select(first, third));
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(harness).slice(1), [[third]]);
    }),
  );

  it(
    "leaves the rest of a pool alone until a check of the canary passes, and resets it in waves then",
    onHarness(async (harness) => {
      outdateAll(harness);
      const [first = "", ...others] = nodesOfFirstPool(harness);
      let answer = 503;
      const health = await startHttp((_request, response) => response.writeHead(answer).end());
      try {
        const stack = await harness.open(join(root, "examples/careful-rollout"), {
          ...firstPool(harness),
          canaries: [first],
          healthUrl: health.origin,
          soak: "2s",
        });
        const refused = await stack.up().result;
        assert.equal(refused.ok, false);
        assert.match(refused.text, /the canary is not healthy: \S+ answered 503/);
        assert.deepEqual(syncedNodes(harness), [[first]]);
        answer = 200;
        await succeed(stack.up());
        assert.deepEqual(syncedNodes(harness), [[first], ...others.map((id) => [id])]);
        assert.deepEqual(await stack.outputs(), { statuses: ["synced", "synced"] });
      } finally {
        await health.close();
      }
    }),
  );

  it(
    "resets no node of a pool that its own stack creates or scales, and all of them for another operating system",
    onHarness(async (harness) => {
      const { emulator } = harness;
      const stack = await harness.open(join(root, "examples/alongside-cluster"), firstPool(harness));
      await succeed(stack.up());
      await stack.setConfig({ nodeCount: "4" });
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(harness), []);
      await stack.setConfig({ os: "Ubuntu 22.04" });
      emulator.cluster.changeConfiguration(harness.poolIds[0] ?? "");
      await succeed(stack.up());
      assert.deepEqual(syncedNodes(harness), [nodesOfFirstPool(harness).sort()]);
      assert.ok(emulator.cluster.pools[0]?.nodes.every(({ upToDate }) => upToDate));
      await succeed(stack.up());
      assert.equal(syncedNodes(harness).length, 1);
    }),
  );

  it(
    "synchronizes a pool that another stack exports",
    onHarness(async (harness) => {
      outdateAll(harness);
      const clusterProject = await harness.open(
        join(root, "examples/stack-reference/cluster"),
        firstPool(harness),
      );
      await succeed(clusterProject.up());
      const clusterStack = "organization/cluster/dev";
      const sync = await harness.open(join(root, "examples/stack-reference/sync"), { clusterStack });
      await succeed(sync.up());
      await succeed(sync.up());
      assert.deepEqual(syncedNodes(harness), [nodesOfFirstPool(harness).sort()]);
      assert.deepEqual(await sync.outputs(), { status: "synced" });
    }),
  );

  it(
    "synchronizes many pools in their order, each when the one before it is done",
    onHarness(async (harness) => {
      outdateAll(harness);
      const { emulator, poolIds } = harness;
      const order = [...poolIds].reverse();
      const busyAtTheStart: number[] = [];
      emulator.onRequest(({ kind }, moment) => {
        if (kind !== "sync" || moment !== "arrived") return;
        busyAtTheStart.push(
          emulator.cluster.pools.flatMap(({ nodes }) => nodes).filter(({ phase }) => phase !== "Active")
            .length,
        );
      });
      const stack = await harness.open(join(root, "examples/many-pools"), manyPools(harness, order));
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
    "synchronizes many pools at the same time when configured to",
    onHarness(async (harness) => {
      outdateAll(harness);
      const { emulator, poolIds } = harness;
      // The service answers none of them before all have come: one after the other would wait for ever.
      const everyRequest = Promise.withResolvers<undefined>();
      let arrived = 0;
      emulator.onRequest(({ kind }, moment) => {
        if (kind !== "sync" || moment !== "arrived") return undefined;
        arrived += 1;
        if (arrived === poolIds.length) everyRequest.resolve(undefined);
        return everyRequest.promise;
      });
      const stack = await harness.open(join(root, "examples/many-pools"), {
        ...manyPools(harness, poolIds),
        parallel: "true",
      });
      await succeed(stack.up());
      assert.deepEqual(await stack.outputs(), { statuses: ["synced", "synced", "synced"] });
    }),
  );
});

function manyPools({ clusterId }: ProjectHarness, poolIds: readonly string[]) {
  return { clusterId, nodePoolIds: poolIds };
}

/** Changes the configuration of every pool, so that all nodes report being outdated. */
function outdateAll({ emulator, poolIds }: ProjectHarness): void {
  for (const poolId of poolIds) emulator.cluster.changeConfiguration(poolId);
}

/** The ids of the nodes of each accepted sync, sorted. */
function syncedNodes({ emulator }: ProjectHarness): string[][] {
  return emulator.acceptedSyncs.map(({ targets }) => [...targets].sort());
}

async function succeed(operation: { result: Promise<Result> }): Promise<void> {
  const result = await operation.result;
  assert.ok(result.ok, result.text);
}
