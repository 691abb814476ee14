import assert from "node:assert/strict";
import { profiles } from "../../emulator/index.ts";
import { createEmulatorHarness, nodesOf, phases, pool } from "../support/service/emulatorHarness.ts";

describe("an emulated cluster", () => {
  it("is a day old when it starts, with its pools and nodes", async () => {
    await using harness = await createEmulatorHarness({ defaultPoolNodes: 1 });
    const cluster = (await harness.get(harness.path(""))).json;
    const { items } = (await harness.get(harness.path("/nodepools?showDefaultNodePool=true"))).json;
    for (const { metadata } of [cluster, ...items, ...(await nodesOf(harness))]) {
      assert.equal(metadata.creationTimestamp, "2026-01-14 12:00:00.000000000 +0000 UTC");
      assert.equal(metadata.updateTimestamp, metadata.creationTimestamp);
    }
    const added = harness.emulator.cluster.addNode(harness.poolId);
    assert.equal(added.createdAt, harness.clock.now());
  });

  it("reports its own time in the Date of each answer", async () => {
    await using harness = await createEmulatorHarness();
    harness.clock.pass(90);
    const { headers } = await harness.get(harness.path("/nodes"));
    assert.equal(headers.get("Date"), "Thu, 15 Jan 2026 12:01:30 GMT");
  });

  it("spreads the nodes of each pool over its zones in turn", async () => {
    await using harness = await createEmulatorHarness({ pools: 2, nodesPerPool: 3, zones: 2 });
    const zones = (await nodesOf(harness)).map(({ spec }: { spec: { az: string } }) => spec.az);
    assert.deepEqual(zones, ["zone-1", "zone-2", "zone-1", "zone-1", "zone-2", "zone-1"]);
    const { cluster } = harness.emulator;
    assert.equal(cluster.addNode(harness.poolId, "Active", "zone-9").zone, "zone-9");
  });

  it("may keep the zones of its nodes to itself", async () => {
    await using harness = await createEmulatorHarness({ profile: { zoneField: false } });
    assert.ok(!("az" in (await nodesOf(harness))[0].spec));
  });

  for (const [probes, time] of [
    ["fresh", "2026-01-15 12:00:00.000000000 +0000 UTC"],
    ["old", "2026-01-15 11:50:00.000000000 +0000 UTC"],
    ["absent", undefined],
  ] as const) {
    it(`has nodes with a last probe that is ${probes}`, async () => {
      await using harness = await createEmulatorHarness({ profile: { ...profiles.standard, probes } });
      assert.equal((await nodesOf(harness))[0].status.lastProbeTime, time);
    });
  }

  it("shows a single node as the list does, and no node that is not there", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    const [node, other] = await nodesOf(harness);
    const show = (id: string) => harness.get(harness.path(`/nodes/${id}`));
    assert.deepEqual((await show(node.metadata.uid)).json, node);
    harness.emulator.cluster.removeNode(other.metadata.uid);
    for (const id of [other.metadata.uid, "x"]) {
      const answer = await show(id);
      assert.deepEqual([answer.status, answer.json.errorCode], [404, "CCE.01404001"]);
    }
    assert.equal(harness.emulator.requests.at(-1)?.kind, "node");
    harness.emulator.addFault({ kind: "node", effect: { kind: "answer", status: 403 } });
    assert.equal((await show(node.metadata.uid)).status, 403);
    assert.equal((await nodesOf(harness)).length, 1);
  });
});

describe("a list from a replica that is behind", () => {
  it("shows nodes as they were, with those that are gone and without those that are new", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100 });
    const { cluster } = harness.emulator;
    const [first, second] = await nodesOf(harness);
    harness.clock.pass(10);
    await harness.sync({ nodeIDs: [first.metadata.uid] });
    cluster.removeNode(second.metadata.uid);
    const added = cluster.addNode(harness.poolId);
    const uids = async () =>
      (await nodesOf(harness)).map(({ metadata }: { metadata: { uid: string } }) => metadata.uid);
    harness.clock.pass(20);
    assert.deepEqual(await uids(), [first.metadata.uid, added.id]);
    assert.deepEqual(await phases(harness), ["Installing", "Active"]);
    harness.emulator.addFault({ kind: "nodes", times: 2, effect: { kind: "stale", seconds: 25 } });
    const [stale] = await nodesOf(harness);
    assert.equal(stale.status.phase, "Active");
    assert.equal(stale.metadata.updateTimestamp, first.metadata.updateTimestamp);
    assert.deepEqual(await uids(), [first.metadata.uid, second.metadata.uid]);
    assert.deepEqual(await uids(), [first.metadata.uid, added.id]);
  });

  it("shows pools as they were, with their counts, condition and job", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    harness.clock.pass(10);
    harness.emulator.cluster.addNode(harness.poolId);
    harness.emulator.cluster.changeConfiguration(harness.poolId);
    await harness.sync();
    harness.clock.pass(10);
    const list = async () => (await harness.get(harness.path("/nodepools"))).json.items[0];
    const fresh = await list();
    harness.emulator.addFault({ kind: "pools", effect: { kind: "stale", seconds: 15 } });
    const { status, metadata } = await list();
    assert.deepEqual([fresh.status.currentNode, status.currentNode], [3, 2]);
    assert.deepEqual(
      [status.activeNode, status.configurationSyncedNodeCount, status.jobId],
      [2, 2, undefined],
    );
    assert.equal(metadata.updateTimestamp, metadata.creationTimestamp);
    assert.equal((await pool(harness)).status.currentNode, 3);
  });

  it("comes as often as the profile says", async () => {
    await using harness = await createEmulatorHarness({
      nodesPerPool: 1,
      resetSeconds: 100,
      profile: { ...profiles.staleReplicas, replicaLag: 0.5, replicaServes: 2 },
    });
    await harness.sync();
    harness.clock.pass(20);
    const seen = [];
    for (let count = 0; count < 4; count += 1) seen.push(...(await phases(harness)));
    assert.deepEqual(seen, ["Installing", "Active", "Installing", "Active"]);
    harness.clock.pass(40);
    assert.deepEqual([...(await phases(harness)), ...(await phases(harness))], ["Installing", "Installing"]);
  });

  it("may be short, or end in the middle with a marker", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 3 });
    const lists: { length: number; marker?: string }[] = [];
    const short = async (missing?: number | readonly string[], query = "") => {
      harness.emulator.addFault({ kind: "nodes", effect: { kind: "shortList", missing } });
      const { items, pageInfo } = (await harness.get(harness.path(`/nodes${query}`))).json;
      assert.equal(pageInfo.currentCount, items.length);
      lists.push({ length: items.length, marker: pageInfo.nextMarker });
    };
    const marker = harness.emulator.cluster.pools[0]?.nodes[1]?.id;
    await short();
    await short(1);
    await short(undefined, "?limit=2");
    await short([marker ?? ""]);
    assert.deepEqual(lists, [
      { length: 0, marker: undefined },
      { length: 2, marker: undefined },
      { length: 0, marker },
      { length: 2, marker: undefined },
    ]);
    for (const body of [{ items: [] }, { items: [], pageInfo: { nextMarker: "x" } }]) {
      harness.emulator.addFault({ kind: "nodes", effect: { kind: "answer", status: 200, body } });
      assert.deepEqual((await harness.get(harness.path("/nodes"))).json, body);
    }
  });
});
