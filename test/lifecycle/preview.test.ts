import assert from "node:assert/strict";
import type { EmulatorOptions } from "../../emulator/index.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { type Story, tell } from "../support/lifecycle/story.ts";
import { vacantOrigin } from "../support/service/loopback.ts";

const { nodeTemplate } = templateInputs;
const all = { onCreate: "all" } as const;

describe("a preview", () => {
  const previews = (
    what: string,
    says: RegExp,
    inputs: (story: Story) => Partial<Inputs> | Promise<Partial<Inputs>>,
    environment: Record<string, string> = {},
    options: EmulatorOptions = {},
  ) =>
    it(`warns and says why it cannot tell what will be reset: ${what}`, () =>
      tell(
        options,
        async (story) => {
          const { text, severity } = await story.forecast({ ...story.inputs, ...(await inputs(story)) });
          assert.equal(severity, "warning");
          assert.match(text, /^cannot tell which nodes will be reset: /);
          assert.match(text, says);
        },
        environment,
      ));
  const nothing = () => ({});
  const noKeys = { HW_ACCESS_KEY: "", HW_SECRET_KEY: "" };
  previews("no credentials", /HW_ACCESS_KEY/, nothing, noKeys, { metadata: "off" });
  previews("a wrong secret key", /401 APIGW\.0301/, nothing, { HW_SECRET_KEY: "canary-of-a-secret-key" });
  previews("no project", /project/, nothing, { HW_PROJECT_ID: "", HW_PROJECT_NAME: "nowhere" });
  previews("a region that is none", /region: must be a region/, () => ({ region: "no region" }));
  previews("a wrong cluster", /404 .*cluster/i, () => ({
    clusterId: "11111111-1111-1111-1111-111111111111",
  }));
  previews("a wrong pool", /has no such node pool/, () => ({
    nodePoolId: "22222222-2222-2222-2222-222222222222",
  }));
  previews("a node that is not there", /not in the cluster/, ({ id }) => ({ nodeIds: [id(0), "nobody"] }));
  previews("a node of another pool", /in pool /, ({ emulator }) => ({
    nodeIds: [emulator.cluster.addPool("other", 1).nodes[0]?.id ?? ""],
  }));
  previews("nobody at the address", /cannot be reached .*the input endpoint/, async () => ({
    endpoint: await vacantOrigin(),
  }));

  it("warns when the nodes may not be listed", () =>
    tell({}, async (story) => {
      const forbidden = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } } as const;
      story.emulator.addFault({ kind: "nodes", times: Number.POSITIVE_INFINITY, effect: forbidden });
      const { text, severity } = await story.forecast();
      assert.equal(severity, "warning");
      assert.match(text, /cce:node:list/);
    }));

  for (const profile of ["standard", "noJob", "bare"] as const) {
    it(`says of an unfinished sync that it goes on, and the update resets nothing more: ${profile}`, () =>
      tell({ profile, resetSeconds: 300 }, async (story) => {
        const first = await story.up(all, undefined, 60_000);
        assert.equal(first.end, "inProgress");
        story.restart();
        const { text } = await story.forecast({ ...story.inputs, ...all }, first.state);
        assert.match(text, /^will resume the recorded sync of 4 nodes \(.*; no other node needs a reset$/);
        await story.synced(all, first.state);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

    it(`says how many nodes the update resets, and so many are reset: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced(all);
        for (const [inputs, count] of [
          [{ ...all, triggers: [1] }, 4],
          [{ ...all, nodeIds: story.ids.slice(0, 2), triggers: [1] }, 2],
          [{ ...all, excludeNodeIds: [story.id(0)], triggers: [1] }, 3],
          [{ ...all, nodeTemplate }, 4],
        ] as const) {
          const own = { ...story.inputs, ...inputs } as Inputs;
          story.restart();
          const { text } = await story.forecast(own, state);
          assert.match(text, new RegExp(`^will reset ${count} of 4 nodes, 2 at a time`));
          await story.synced(own, state);
          assert.equal(story.sent.at(-1)?.length, count);
        }
      }));

    it(`says of an edit that changes no content that it resets nothing: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const state = await story.synced(all);
        const { text } = await story.forecast({ ...story.inputs, ...all, maxUnavailable: 3 }, state);
        assert.match(text, /^no node needs a reset$/);
      }));
  }

  it("says of somebody's running sync that it will be waited for", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      story.emulator.cluster.syncByOthers(story.inputs.nodePoolId);
      story.restart();
      const { text } = await story.forecast({ ...story.inputs, ...all, triggers: [1] }, state);
      assert.match(text, /^will wait because another sync is running; then will reset 4 of 4 nodes/);
    }));

  it("says why nodes are reset although no input has changed: they are behind, or left from an earlier sync", () =>
    tell({}, async (story) => {
      const { cluster } = story.emulator;
      const state = await story.synced(all);
      for (const at of [1, 2]) cluster.alwaysOutdated(story.id(at));
      story.restart();
      const drifted = await story.refresh(state);
      const own = { ...story.inputs, ...all };
      const two = "pool-1-node-2, pool-1-node-3";
      assert.equal(
        (await story.forecast(own, drifted)).text,
        `will reset 2 of 4 nodes, 2 at a time (1 batch), since 2 report being outdated: ${two}`,
      );
      const changed = await story.forecast({ ...own, triggers: [1] }, drifted);
      assert.match(changed.text, /^will reset 4 of 4 nodes, 2 at a time \(2 batches\): /);

      cluster.failNode(story.id(0), { phase: "Error", times: 1 });
      const failed = await story.up({ ...all, triggers: [1] }, state);
      cluster.setNodePhase(story.id(0), "Active");
      cluster.alwaysOutdated(story.id(1), false);
      story.restart();
      assert.equal(
        (await story.forecast({ ...own, triggers: [1] }, failed.state)).text,
        "will reset 2 of 4 nodes, 2 at a time (1 batch), since 1 reports being outdated and 1 is left from an earlier sync: pool-1-node-1, pool-1-node-3",
      );
    }));

  it("says of a pool whose nodes are up to date that none is reset unless this update changes it first", () =>
    tell({}, async (story) => {
      const { text } = await story.forecast();
      assert.match(
        text,
        /^will reset no nodes, since all 4 report being up to date; nodes that this update makes outdated first will be reset$/,
      );
    }));
});
