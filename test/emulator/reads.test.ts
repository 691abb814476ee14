import assert from "node:assert/strict";
import { createEmulatorHarness, type EmulatorHarness } from "../support/service/emulatorHarness.ts";

async function page(harness: EmulatorHarness, query: string) {
  const { json } = await harness.get(harness.path(`/nodes?${query}`));
  const uids: string[] = json.items.map(({ metadata }: { metadata: { uid: string } }) => metadata.uid);
  return { uids, info: json.pageInfo };
}

describe("the emulated reads", () => {
  it("list the pools, and the default pool when it is asked for", async () => {
    await using harness = await createEmulatorHarness({ pools: 2, defaultPoolNodes: 1 });
    const names = async (query: string) =>
      (await harness.get(harness.path(`/nodepools${query}`))).json.items.map(
        ({ metadata }: { metadata: { name: string } }) => metadata.name,
      );
    assert.deepEqual(await names(""), ["pool-1", "pool-2"]);
    assert.deepEqual(await names("?showDefaultNodePool=true"), ["DefaultPool", "pool-1", "pool-2"]);
  });

  it("show the default pool only where the profile does", async () => {
    for (const [profile, status] of [
      ["standard", 404],
      ["defaultPoolShown", 200],
    ] as const) {
      await using harness = await createEmulatorHarness({ profile });
      assert.equal((await harness.get(harness.path("/nodepools/DefaultPool"))).status, status);
    }
  });

  it("list the nodes page by page, each page after the node that the marker names", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 5 });
    const all = (await page(harness, "")).uids;
    assert.equal(all.length, 5);
    const first = await page(harness, "limit=2");
    assert.deepEqual(first, { uids: all.slice(0, 2), info: { currentCount: 2, nextMarker: all[1] } });
    const second = await page(harness, `limit=2&marker=${all[1]}`);
    assert.deepEqual(second, { uids: all.slice(2, 4), info: { currentCount: 2, nextMarker: all[3] } });
    const last = await page(harness, `limit=2&marker=${all[3]}`);
    assert.deepEqual(last, { uids: all.slice(4), info: { currentCount: 1 } });
  });

  it("go on after the marker when its node is gone, and show each other node once", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 5 });
    const { cluster } = harness.emulator;
    const all = (await page(harness, "")).uids;
    const first = await page(harness, "limit=2");
    cluster.removeNode(first.info.nextMarker);
    const added = cluster.addNode(harness.poolId).id;
    const { uids } = await page(harness, `marker=${first.info.nextMarker}`);
    assert.deepEqual(uids, [...all.slice(2), added]);
    assert.deepEqual(uids, uids.toSorted());
    assert.deepEqual(await page(harness, "marker=g"), { uids: [], info: { currentCount: 0 } });
  });

  it("show no node of a pool that was removed, or that disappeared", async () => {
    await using harness = await createEmulatorHarness({ pools: 2, nodesPerPool: 2, resetSeconds: 60 });
    const { cluster } = harness.emulator;
    const [first, second] = cluster.pools;
    const left = first?.nodes[1]?.id ?? "";
    assert.equal((await page(harness, "")).uids.length, 4);
    cluster.removePool(second?.id ?? "");
    assert.equal((await page(harness, "")).uids.length, 2);
    cluster.vanish(first?.nodes[0]?.id ?? "");
    await harness.sync({ maxUnavailable: 2 });
    harness.clock.pass(60);
    assert.deepEqual((await page(harness, "")).uids, [left]);
  });

  it("refuse a page of more than 2,000 nodes, or of none", async () => {
    await using harness = await createEmulatorHarness();
    for (const limit of ["0", "2001", "many"]) {
      const answer = await harness.get(harness.path(`/nodes?limit=${limit}`));
      assert.deepEqual([answer.status, answer.json.errorCode], [400, "CCE.01400001"]);
    }
  });

  it("say of each node which pool it is in, as the service does", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1, defaultPoolNodes: 1 });
    const [own, outside] = (await harness.get(harness.path("/nodes"))).json.items;
    const annotation = "kubernetes.io/node-pool.id";
    assert.equal(own.metadata.annotations[annotation], harness.poolId);
    assert.deepEqual(own.metadata.ownerReferences, { nodepoolName: "pool-1", nodepoolID: harness.poolId });
    assert.match(outside.metadata.annotations[annotation], /^.+#.+#.+$/);
    assert.equal(outside.metadata.ownerReferences, undefined);
  });

  it("find no cluster, pool or job that is not there", async () => {
    await using harness = await createEmulatorHarness();
    const project = `/api/v3/projects/${harness.emulator.projectId}`;
    for (const path of [
      `${project}/clusters/x`,
      `${project}/clusters/x/nodes`,
      `${project}/clusters/x/nodepools`,
      `${project}/clusters/x/nodepools/x`,
      `${project}/jobs/x`,
      harness.path("/nodepools/x"),
    ]) {
      const answer = await harness.get(path);
      assert.deepEqual([answer.status, answer.json.errorCode], [404, "CCE.01404001"], path);
    }
  });

  it("carry 10,000 nodes in 500 pools", async () => {
    await using harness = await createEmulatorHarness({ pools: 500, nodesPerPool: 20 });
    const seen = new Set<string>();
    let marker = "";
    do {
      const { uids, info } = await page(harness, `limit=2000&marker=${marker}`);
      for (const uid of uids) seen.add(uid);
      marker = info.nextMarker ?? "";
    } while (marker !== "");
    assert.equal(seen.size, 10_000);
    const { items } = (await harness.get(harness.path("/nodepools"))).json;
    assert.equal(items.length, 500);
  });

  it("carry a sync of 10,000 nodes one by one, in one look afterwards", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 10_000, resetSeconds: 1 });
    harness.emulator.cluster.changeConfiguration(harness.poolId);
    await harness.sync({ maxUnavailable: 1 });
    harness.clock.pass(10_000);
    const { status } = (await harness.get(harness.path(`/nodepools/${harness.poolId}`))).json;
    assert.equal(status.configurationSyncedNodeCount, 10_000);
  });
});
