import assert from "node:assert/strict";
import type { Result } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { withStackHarness } from "../support/programs/stackHarness.ts";
import { until } from "../support/until.ts";

const opsOf = ({ steps }: Result, name: string) =>
  steps.filter((step) => step.name === name).map(({ op }) => op);

onEveryEngine("a declared sync", (engine) => {
  it("is sent once, then again only when a trigger changes, and destroy sends nothing", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: { ...harness.args, triggers: [{ os: "a" }] } };
      const preview = await harness.run("preview");
      assert.match(preview.text, /will reset 4 of 4 nodes, 2 at a time \(2 batches\): pool-1-node-1, /);
      assert.equal(harness.emulator.acceptedSyncs.length, 0);

      const created = await harness.run("up");
      assert.ok(created.ok, created.text);
      assert.deepEqual(opsOf(created, "a"), ["create"]);
      assert.match(created.text, /4 nodes synchronized in/);
      const { outputs } = (await harness.resource("a")) ?? {};
      assert.equal(outputs?.status, "synced");
      assert.equal(outputs?.syncedNodeCount, 4);
      assert.equal(typeof outputs?.jobId, "string");

      const before = harness.emulator.requests.length;
      const same = await harness.run("up");
      assert.deepEqual(opsOf(same, "a"), ["same"]);
      assert.equal(harness.emulator.requests.length, before, "an unchanged stack sends nothing at all");

      harness.syncs.a.args.triggers = [{ os: "b" }];
      const updated = await harness.run("up");
      assert.ok(updated.ok, updated.text);
      assert.deepEqual(opsOf(updated, "a"), ["update"]);
      assert.equal(harness.emulator.acceptedSyncs.length, 2);

      const destroyed = await harness.run("destroy");
      assert.ok(destroyed.ok, destroyed.text);
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
    }));

  it("resets no node that says that it is up to date, and says so", () =>
    withStackHarness(engine(), {}, async (harness) => {
      const [pool] = harness.emulator.cluster.pools;
      for (const { id } of pool?.nodes.slice(1) ?? []) harness.emulator.cluster.resetNode(id);
      harness.clock.pass(10_000);
      harness.clock.start();
      harness.syncs.a = { args: harness.args };
      const { ok, text } = await harness.run("up");
      assert.ok(ok, text);
      assert.match(text, /warning: 3 nodes report being up to date and (are|were) not reset/);
      assert.deepEqual(
        harness.emulator.acceptedSyncs.map(({ targets }) => targets),
        [[pool?.nodes[0]?.id]],
      );
      assert.equal((await harness.resource("a"))?.outputs?.skippedNodeCount, 3);
    }));

  it("whose pace changes is updated without a request", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      const before = harness.emulator.requests.filter(({ kind }) => kind === "sync").length;
      harness.syncs.a.args.maxUnavailable = 3;
      const preview = await harness.run("preview");
      assert.match(preview.text, /no node needs a reset/);
      const updated = await harness.run("up");
      assert.deepEqual(opsOf(updated, "a"), ["update"]);
      assert.equal((await harness.resource("a"))?.outputs?.maxUnavailable, 3);
      assert.equal(harness.emulator.requests.filter(({ kind }) => kind === "sync").length, before);
      assert.deepEqual(opsOf(await harness.run("up"), "a"), ["same"]);
    }));

  it("does not change by the order of its node ids", () =>
    withStackHarness(engine(), {}, async (harness) => {
      const ids = (harness.emulator.cluster.pools[0]?.nodes ?? []).map(({ id }) => id);
      harness.syncs.a = { args: { ...harness.args, nodeIds: ids } };
      assert.ok((await harness.run("up")).ok);
      harness.syncs.a.args.nodeIds = ids.toReversed();
      assert.deepEqual(opsOf(await harness.run("up"), "a"), ["same"]);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    }));

  it("is replaced when it moves to another pool", () =>
    withStackHarness(engine(), { emulator: { pools: 2 } }, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      const other = harness.emulator.cluster.pools[1]?.id ?? "";
      harness.syncs.a.args = { ...harness.args, nodePoolId: other };
      const result = await harness.run("up");
      assert.ok(result.ok, result.text);
      assert.ok(opsOf(result, "a").some((op) => op === "create-replacement" || op === "replace"));
      assert.equal((await harness.resource("a"))?.id, `${harness.emulator.cluster.id}/${other}`);
    }));

  it("is repeated by the next up for the nodes that a refresh found behind", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      harness.emulator.cluster.changeConfiguration(String(harness.args.nodePoolId));
      const refreshed = await harness.run("refresh");
      assert.ok(refreshed.ok, refreshed.text);
      assert.match(refreshed.text, /4 of 4 nodes outdated; `pulumi up` resets them/);
      assert.doesNotMatch(refreshed.text, /will reset/, "a refresh resets nothing");
      const found = (await harness.resource("a"))?.outputs?.outdatedNodeIds;
      assert.equal(Array.isArray(found) && found.length, 4);
      assert.equal(harness.emulator.acceptedSyncs.length, 1, "refresh sends nothing");
      const result = await harness.run("up");
      assert.deepEqual(opsOf(result, "a"), ["update"]);
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
      assert.deepEqual((await harness.resource("a"))?.outputs?.outdatedNodeIds, []);
    }));

  it("finds drift within one up --refresh", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      harness.emulator.cluster.changeConfiguration(String(harness.args.nodePoolId));
      const result = await harness.run("up", { refresh: true });
      assert.ok(result.ok, result.text);
      assert.equal(harness.emulator.acceptedSyncs.length, 2);
    }));

  it("leaves the state when its pool is gone", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args };
      assert.ok((await harness.run("up")).ok);
      harness.emulator.cluster.removePool(String(harness.args.nodePoolId));
      const refreshed = await harness.run("refresh");
      assert.ok(refreshed.ok, refreshed.text);
      assert.match(refreshed.text, /is gone; the resource is removed from the state/);
      assert.equal(await harness.resource("a"), undefined);
    }));

  it("that failed is kept, named, and repeated for what is left, also after a refresh", () =>
    withStackHarness(engine(), {}, async (harness) => {
      const [node] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      harness.emulator.cluster.failNode(node?.id ?? "", { reason: "no space", times: 1 });
      harness.syncs.a = { args: harness.args };
      const failed = await harness.run("up");
      assert.equal(failed.ok, false);
      assert.match(
        failed.text,
        /NodePoolSync "a", node pool .* 1 of 4 nodes not synchronized: pool-1-node-1 \(.*no space\)/,
      );
      assert.doesNotMatch(failed.text, /\bat .*\.[jt]s:\d+/, "no stack is shown");
      assert.equal((await harness.resource("a"))?.outputs?.status, "failed");
      assert.ok((await harness.run("refresh")).ok);
      const repaired = await harness.run("up");
      assert.ok(repaired.ok, repaired.text);
      assert.deepEqual(
        harness.emulator.acceptedSyncs.map(({ targets }) => targets.length),
        [4, 1],
      );
      assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
      assert.ok((await harness.run("destroy")).ok);
    }));

  it("can be destroyed right after it failed, without credentials", () =>
    withStackHarness(engine(), {}, async (harness) => {
      const [node] = harness.emulator.cluster.pools[0]?.nodes ?? [];
      harness.emulator.cluster.failNode(node?.id ?? "");
      harness.syncs.a = { args: harness.args };
      assert.equal((await harness.run("up")).ok, false);
      const before = harness.emulator.requests.length;
      assert.ok((await harness.run("destroy")).ok);
      assert.equal(harness.emulator.requests.length, before);
    }));

  it("without wait ends when it is accepted, and a later refresh reports how it went", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: { ...harness.args, wait: false } };
      assert.ok((await harness.run("up")).ok);
      assert.equal((await harness.resource("a"))?.outputs?.status, "accepted");
      assert.deepEqual(opsOf(await harness.run("up"), "a"), ["same"]);
      const { nodes = [] } = harness.emulator.cluster.pools[0] ?? {};
      await until(() => nodes.every(({ phase, upToDate }) => phase === "Active" && upToDate));
      assert.ok((await harness.run("refresh")).ok);
      assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    }));

  it("cannot be looked up where there is no such pool: the run fails and says so", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.found.seen = `${harness.args.clusterId}/no-such-pool`;
      const { ok, text } = await harness.run("up");
      assert.equal(ok, false, text);
      assert.match(
        text,
        /NodePoolSync "seen", node pool no-such-pool of cluster \S+: there is no such node pool\. Check .* \[nodepoolsync\/not-found\]/,
      );
    }));

  it("can be looked up by its ID", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.found.seen = `${harness.args.clusterId}/${harness.args.nodePoolId}`;
      const result = await harness.run("up");
      assert.ok(result.ok, result.text);
      const { statuses } = await harness.stack.outputs();
      assert.deepEqual(statuses, { seen: "synced" });
      assert.equal(harness.emulator.acceptedSyncs.length, 0);
    }));

  it("that is only looked up says which nodes are outdated, and promises no sync of them", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.found.seen = `${harness.args.clusterId}/${harness.args.nodePoolId}`;
      const result = await harness.run("up");
      assert.match(result.text, /4 of 4 nodes outdated$/m);
      assert.doesNotMatch(result.text, /next up/);
      const behind = (await harness.resource("seen"))?.outputs?.outdatedNodeIds;
      assert.equal(Array.isArray(behind) && behind.length, 4);
    }));

  it("honours customTimeouts: what is still open is reported, and the next up goes on watching", () =>
    withStackHarness(engine(), {}, async (harness) => {
      harness.syncs.a = { args: harness.args, opts: { customTimeouts: { create: "20s", update: "10m" } } };
      harness.clock.stop();
      const late = await harness.run("up");
      assert.equal(late.ok, false);
      assert.match(late.text, /not finished after 20 s: pool-1-node-/);
      assert.equal((await harness.resource("a"))?.outputs?.status, "inProgress");
      const preview = await harness.run("preview");
      assert.doesNotMatch(preview.text, /will reset/, "nothing is sent for a sync that shows");
      harness.clock.start();
      const resumed = await harness.run("up");
      assert.ok(resumed.ok, resumed.text);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
      assert.equal((await harness.resource("a"))?.outputs?.status, "synced");
    }));
});
