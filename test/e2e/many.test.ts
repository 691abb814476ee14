import assert from "node:assert/strict";
import type { Result } from "../../local/engine/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { type Lab, type LabOptions, withLab } from "../support/lab.ts";

const pools = 200;

/** A node's reset takes 0.4 s, less than an interval: most of the time goes to the engine and its 200 resources. */
const many: LabOptions = {
  emulator: { pools, nodesPerPool: 10, speed: 60, resetSeconds: 24 },
  environment: {
    CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000",
    CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.5",
  },
};

function declareAll({ syncs, args, emulator }: Lab): void {
  for (const { id, name } of emulator.cluster.pools)
    syncs[name] = { args: { ...args, nodePoolId: id, maxUnavailable: 10 } };
}

async function upAtOnce(lab: Lab): Promise<Result> {
  await lab.apply();
  return lab.stack.up({ parallel: pools }).result;
}

const countOf = ({ emulator }: Lab, wanted: string) =>
  emulator.requests.filter(({ kind }) => kind === wanted).length;

onEveryEngine("200 syncs of one cluster in one up", (engine) => {
  it("bring 2,000 nodes up to date with one request for each pool, and share their looks", () =>
    withLab(engine(), many, async (lab) => {
      const { cluster, acceptedSyncs } = lab.emulator;
      for (const { id } of cluster.pools) cluster.changeConfiguration(id);
      declareAll(lab);
      const result = await upAtOnce(lab);
      assert.ok(result.ok, result.text);
      const { deployment } = await lab.stack.exportState();
      const synced = deployment.resources?.filter(({ outputs }) => outputs?.status === "synced") ?? [];
      assert.equal(synced.length, pools);
      assert.ok(cluster.pools.every(({ nodes }) => nodes.every(({ upToDate }) => upToDate)));
      assert.equal(acceptedSyncs.length, pools);
      assert.equal(countOf(lab, "sync"), pools);
      // Without sharing, each sync would cost at least one look of its own.
      assert.ok(countOf(lab, "nodes") < pools, `${countOf(lab, "nodes")} looks at the nodes`);
      assert.equal(countOf(lab, "pools"), countOf(lab, "nodes"));
    })).timeout(240_000);

  it("cost the service one refused signature when the secret key is wrong", () =>
    withLab(
      engine(),
      { ...many, environment: { ...many.environment, HW_SECRET_KEY: "canary-of-a-wrong-key" } },
      async (lab) => {
        declareAll(lab);
        const result = await lab.run("up");
        assert.equal(result.ok, false);
        assert.match(result.text, /Check the access key and secret key/);
        assert.deepEqual(
          lab.emulator.requests.map(({ status }) => status),
          [401],
        );
      },
    ));
});
