import assert from "node:assert/strict";
import type { Result } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { withLab } from "../support/lab.ts";

const opsOf = ({ steps }: Result, name: string) =>
  steps.filter((step) => step.name === name).map(({ op }) => op);

onEveryEngine("a declared sync", (engine) => {
  it("is sent once, then again only when an input changes, and destroy sends nothing", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: { ...lab.args, triggers: [{ os: "a" }] } };
      const preview = await lab.run("preview");
      assert.match(preview.text, /will reset 4 of 4 nodes, 2 at a time \(2 batches\): pool-1-node-1, /);
      assert.equal(lab.emulator.acceptedSyncs.length, 0);

      const created = await lab.run("up");
      assert.ok(created.ok, created.text);
      assert.deepEqual(opsOf(created, "a"), ["create"]);
      assert.match(created.text, /4 nodes synchronized in/);
      const { outputs } = (await lab.resource("a")) ?? {};
      assert.equal(outputs?.status, "synced");
      assert.equal(outputs?.syncedNodeCount, 4);
      assert.equal(typeof outputs?.jobId, "string");

      const before = lab.emulator.requests.length;
      const same = await lab.run("up");
      assert.deepEqual(opsOf(same, "a"), ["same"]);
      assert.equal(lab.emulator.requests.length, before, "an unchanged stack sends nothing at all");

      lab.syncs.a.args.triggers = [{ os: "b" }];
      const updated = await lab.run("up");
      assert.ok(updated.ok, updated.text);
      assert.deepEqual(opsOf(updated, "a"), ["update"]);
      assert.equal(lab.emulator.acceptedSyncs.length, 2);

      const destroyed = await lab.run("destroy");
      assert.ok(destroyed.ok, destroyed.text);
      assert.equal(lab.emulator.acceptedSyncs.length, 2);
    }));

  for (const [what, environment, metadata] of [
    ["without credentials", { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" }, "off"],
    [
      "when the service cannot be reached",
      { HW_ENDPOINTS: '{"cce":"http://127.0.0.1:9","iam":"http://127.0.0.1:9"}' },
      "open",
    ],
  ] as const) {
    it(`can be previewed ${what}, without a word of its cost`, () =>
      withLab(engine(), { environment, emulator: { metadata } }, async (lab) => {
        lab.syncs.a = { args: lab.args };
        const preview = await lab.run("preview");
        assert.ok(preview.ok, preview.text);
        assert.deepEqual(opsOf(preview, "a"), ["create"]);
        assert.doesNotMatch(preview.text, /will reset|error/i);
      }));
  }

  it("does not change by the order of its node ids", () =>
    withLab(engine(), {}, async (lab) => {
      const ids = (lab.emulator.cluster.pools[0]?.nodes ?? []).map(({ id }) => id);
      lab.syncs.a = { args: { ...lab.args, nodeIds: ids } };
      assert.ok((await lab.run("up")).ok);
      lab.syncs.a.args.nodeIds = ids.toReversed();
      assert.deepEqual(opsOf(await lab.run("up"), "a"), ["same"]);
      assert.equal(lab.emulator.acceptedSyncs.length, 1);
    }));

  it("is replaced when it moves to another pool", () =>
    withLab(engine(), { emulator: { pools: 2 } }, async (lab) => {
      lab.syncs.a = { args: lab.args };
      assert.ok((await lab.run("up")).ok);
      const other = lab.emulator.cluster.pools[1]?.id ?? "";
      lab.syncs.a.args = { ...lab.args, nodePoolId: other };
      const result = await lab.run("up");
      assert.ok(result.ok, result.text);
      assert.ok(opsOf(result, "a").some((op) => op === "create-replacement" || op === "replace"));
      assert.equal((await lab.resource("a"))?.id, `${lab.emulator.cluster.id}/${other}`);
    }));

  it("is repeated by the next up for the nodes that a refresh found behind", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: lab.args };
      assert.ok((await lab.run("up")).ok);
      lab.emulator.cluster.changeConfiguration(String(lab.args.nodePoolId));
      const refreshed = await lab.run("refresh");
      assert.ok(refreshed.ok, refreshed.text);
      assert.match(refreshed.text, /4 of 4 nodes fell behind/);
      assert.doesNotMatch(refreshed.text, /will reset/, "a refresh resets nothing");
      const found = (await lab.resource("a"))?.outputs?.outdatedNodeIds;
      assert.equal(Array.isArray(found) && found.length, 4);
      assert.equal(lab.emulator.acceptedSyncs.length, 1, "refresh sends nothing");
      const result = await lab.run("up");
      assert.deepEqual(opsOf(result, "a"), ["update"]);
      assert.equal(lab.emulator.acceptedSyncs.length, 2);
      assert.deepEqual((await lab.resource("a"))?.outputs?.outdatedNodeIds, []);
    }));

  it("finds drift within one up --refresh", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: lab.args };
      assert.ok((await lab.run("up")).ok);
      lab.emulator.cluster.changeConfiguration(String(lab.args.nodePoolId));
      const result = await lab.run("up", { refresh: true });
      assert.ok(result.ok, result.text);
      assert.equal(lab.emulator.acceptedSyncs.length, 2);
    }));

  it("leaves the state when its pool is gone", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: lab.args };
      assert.ok((await lab.run("up")).ok);
      lab.emulator.cluster.removePool(String(lab.args.nodePoolId));
      const refreshed = await lab.run("refresh");
      assert.ok(refreshed.ok, refreshed.text);
      assert.match(refreshed.text, /is gone; the resource leaves the state/);
      assert.equal(await lab.resource("a"), undefined);
    }));

  it("that failed is kept, named, and repeated for what is left, also after a refresh", () =>
    withLab(engine(), {}, async (lab) => {
      const [node] = lab.emulator.cluster.pools[0]?.nodes ?? [];
      lab.emulator.cluster.failNode(node?.id ?? "", { reason: "no space", times: 1 });
      lab.syncs.a = { args: lab.args };
      const failed = await lab.run("up");
      assert.equal(failed.ok, false);
      assert.match(
        failed.text,
        /NodePoolSync "a", node pool .* 1 of 4 nodes not up to date: pool-1-node-1 \(Error: no space\)/,
      );
      assert.doesNotMatch(failed.text, /\bat .*\.[jt]s:\d+/, "no stack is shown");
      assert.equal((await lab.resource("a"))?.outputs?.status, "failed");
      assert.ok((await lab.run("refresh")).ok);
      const mended = await lab.run("up");
      assert.ok(mended.ok, mended.text);
      assert.deepEqual(
        lab.emulator.acceptedSyncs.map(({ targets }) => targets.length),
        [4, 1],
      );
      assert.equal((await lab.resource("a"))?.outputs?.status, "synced");
      assert.ok((await lab.run("destroy")).ok);
    }));

  it("can be destroyed right after it failed, without credentials", () =>
    withLab(engine(), {}, async (lab) => {
      const [node] = lab.emulator.cluster.pools[0]?.nodes ?? [];
      lab.emulator.cluster.failNode(node?.id ?? "");
      lab.syncs.a = { args: lab.args };
      assert.equal((await lab.run("up")).ok, false);
      const before = lab.emulator.requests.length;
      assert.ok((await lab.run("destroy")).ok);
      assert.equal(lab.emulator.requests.length, before);
    }));

  it("without wait ends when it is accepted, and a later refresh tells how it went", () =>
    withLab(engine(), {}, async (lab) => {
      lab.syncs.a = { args: { ...lab.args, wait: false } };
      assert.ok((await lab.run("up")).ok);
      assert.equal((await lab.resource("a"))?.outputs?.status, "accepted");
      assert.deepEqual(opsOf(await lab.run("up"), "a"), ["same"]);
      const { nodes = [] } = lab.emulator.cluster.pools[0] ?? {};
      while (
        lab.emulator.cluster.pools[0]?.nodes.some(
          ({ updatedAt, createdAt, phase }) => updatedAt === createdAt || phase !== "Active",
        )
      ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(nodes.length, 4);
      assert.ok((await lab.run("refresh")).ok);
      assert.equal((await lab.resource("a"))?.outputs?.status, "synced");
      assert.equal(lab.emulator.acceptedSyncs.length, 1);
    }));

  it("cannot be looked up where there is no such pool: the run fails and says so", () =>
    withLab(engine(), {}, async (lab) => {
      lab.found.seen = `${lab.args.clusterId}/no-such-pool`;
      const { ok, text } = await lab.run("up");
      assert.equal(ok, false, text);
      assert.match(
        text,
        /NodePoolSync "seen", node pool no-such-pool of cluster \S+: there is no such node pool\. Check .* \[nodepoolsync\/not-found\]/,
      );
    }));

  it("can be looked up by its id", () =>
    withLab(engine(), {}, async (lab) => {
      lab.found.seen = `${lab.args.clusterId}/${lab.args.nodePoolId}`;
      const result = await lab.run("up");
      assert.ok(result.ok, result.text);
      assert.deepEqual(await lab.stack.outputs(), { statuses: { seen: "synced" } });
      assert.equal(lab.emulator.acceptedSyncs.length, 0);
    }));

  it("that is only looked up tells which nodes are behind, and promises no sync of them", () =>
    withLab(engine(), {}, async (lab) => {
      lab.found.seen = `${lab.args.clusterId}/${lab.args.nodePoolId}`;
      lab.emulator.cluster.changeConfiguration(String(lab.args.nodePoolId));
      const result = await lab.run("up");
      assert.match(result.text, /4 of 4 nodes are behind the pool's configuration$/m);
      assert.doesNotMatch(result.text, /next up/);
      const behind = (await lab.resource("seen"))?.outputs?.outdatedNodeIds;
      assert.equal(Array.isArray(behind) && behind.length, 4);
    }));

  it("honours customTimeouts: what is still open is told, and the next up goes on watching", () =>
    withLab(engine(), { emulator: { speed: 20 } }, async (lab) => {
      lab.syncs.a = { args: lab.args, opts: { customTimeouts: { create: "2s", update: "1m" } } };
      const late = await lab.run("up");
      assert.equal(late.ok, false);
      assert.match(late.text, /not finished after 2 s: pool-1-node-/);
      assert.equal((await lab.resource("a"))?.outputs?.status, "inProgress");
      const preview = await lab.run("preview");
      assert.match(preview.text, /looks first how the sync on record stands/);
      assert.doesNotMatch(preview.text, /will reset/, "nothing is sent for a sync that shows");
      const resumed = await lab.run("up");
      assert.ok(resumed.ok, resumed.text);
      assert.equal(lab.emulator.acceptedSyncs.length, 1);
      assert.equal((await lab.resource("a"))?.outputs?.status, "synced");
    }));
});
