import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import { compare } from "../../tools/replay/comparison.ts";
import { readTrace } from "../../tools/replay/recording.ts";
import { replay } from "../../tools/replay/replay.ts";
import { withLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { tell } from "../support/lifecycle/story.ts";
import { recordTrace } from "../support/lifecycle/traces.ts";

const always = Number.POSITIVE_INFINITY;
const id = "must be a non-empty ID without white space or control characters";

describe("a pool that a program looks up", () => {
  it("is returned with its nodes, those of them that report being outdated, and that no sync is running", () =>
    tell({ zones: 2 }, async ({ emulator, inputs, lookUp, nodes, id }) => {
      emulator.cluster.changeConfiguration(inputs.nodePoolId);
      emulator.cluster.resetNode(id(1));
      emulator.cluster.setNodePhase(id(2), "Error", "the disk is full");
      const { clusterId, nodePoolId } = inputs;
      const [pool] = emulator.cluster.pools;
      const found = await lookUp();
      assert.deepEqual(found, {
        id: `${clusterId}/${nodePoolId}`,
        clusterId,
        nodePoolId,
        name: pool?.name,
        nodes: nodes.map(({ id, name, phase, zone }) => ({
          id,
          name,
          phase,
          zone,
          upToDate: false,
          reason: phase === "Error" ? "the disk is full" : undefined,
        })),
        outdatedNodeIds: nodes.map(({ id }) => id),
        synchronizing: false,
      });
      assert.deepEqual(
        found.nodes.map(({ phase }) => phase),
        ["Active", "Installing", "Error", "Active"],
      );
    }));

  it("may be the default pool, which the service does not list", () =>
    withLifecycleHarness({ defaultPoolNodes: 2 }, {}, async ({ inputs, lookUp, emulator }) => {
      const found = await lookUp({ clusterId: inputs.clusterId, nodePoolId: "DefaultPool" });
      assert.equal(found.name, "DefaultPool");
      assert.deepEqual(
        found.nodes.map(({ id }) => id),
        emulator.cluster.defaultPool.nodes.map(({ id }) => id),
      );
    }));

  it("may have no nodes", () =>
    withLifecycleHarness({ nodesPerPool: 0 }, {}, async ({ lookUp }) => {
      const { nodes, outdatedNodeIds, synchronizing } = await lookUp();
      assert.deepEqual([nodes, outdatedNodeIds, synchronizing], [[], [], false]);
    }));

  for (const profile of Object.keys(profiles) as ProfileName[])
    it(`is said to be synchronizing while somebody's sync resets its nodes, and not after it: ${profile}`, () =>
      tell({ profile }, async ({ emulator, inputs, lookUp, clock, restart }) => {
        const nodes = () => emulator.cluster.pools[0]?.nodes ?? [];
        const before = emulator.acceptedSyncs.length;
        emulator.cluster.syncByOthers(inputs.nodePoolId);
        while (nodes().every(({ phase }) => phase === "Active")) await clock.sleep(10_000);
        // The pool's status may be behind its nodes.
        await clock.sleep(60_000);
        assert.ok(nodes().some(({ phase }) => phase !== "Active"));
        assert.equal((await lookUp()).synchronizing, true);
        await clock.sleep(24 * 3600_000);
        restart();
        assert.equal((await lookUp()).synchronizing, false);
        assert.equal(emulator.acceptedSyncs.length, before + 1);
      }));

  it("is not said to be synchronizing because it is scaled or its cluster is upgraded, where there is no condition", () =>
    tell({ profile: "bare" }, async ({ emulator, inputs, lookUp, clock, restart }) => {
      emulator.cluster.autoscale(inputs.nodePoolId, { add: 1, remove: [] });
      await clock.sleep(5000);
      assert.equal((await lookUp()).synchronizing, false);
      await clock.sleep(3600_000);
      restart();
      emulator.cluster.upgrade();
      assert.equal((await lookUp()).synchronizing, false);
    }));
});

describe("looking a pool up", () => {
  it("sends nothing that changes anything, and reads pools and nodes once for all that look at the same time", () =>
    tell({}, async ({ emulator, lookUp }) => {
      await Promise.all(Array.from({ length: 10 }, () => lookUp()));
      const kinds = emulator.requests.map(({ kind }) => kind).filter((kind) => kind !== "projects");
      assert.deepEqual(kinds.toSorted(), ["nodes", "pools"]);
    }));

  it("does not believe one list that lacks the pool, or nodes of it", () =>
    tell({}, async ({ emulator, lookUp }) => {
      for (const kind of ["pools", "nodes"] as const)
        emulator.addFault({ kind, effect: { kind: "shortList" } });
      assert.equal((await lookUp()).nodes.length, 4);
    }));

  it("says that there is no such pool, or no such cluster", () =>
    tell({}, async ({ inputs, lookUp }) => {
      await assert.rejects(lookUp({ ...inputs, ...none, nodePoolId: "gone" }), {
        message: `getNodePool, node pool gone of cluster ${inputs.clusterId}: there is no such node pool. Check clusterId and nodePoolId, and the region and project in the configuration. [nodepoolsync/not-found]`,
        stack: "",
      });
      await assert.rejects(lookUp({ clusterId: "gone", nodePoolId: "gone" }), /there is no such node pool\./);
    }));

  it("says which permission it lacks", () =>
    tell({}, async ({ emulator, lookUp }) => {
      const effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } } as const;
      emulator.addFault({ kind: "nodes", times: always, effect });
      await assert.rejects(
        lookUp(),
        /: the credentials do not allow listing nodes\. Grant the IAM action cce:node:list\. \[nodepoolsync\/permission-denied\]$/,
      );
    }));

  it("refuses arguments all at once, before anything is sent", () =>
    tell({}, async ({ emulator, lookUp }) => {
      const wrong = { clusterId: "a b", nodePoolID: "n", region: 7, endpoint: "http://example.com" };
      await assert.rejects(lookUp(wrong), (error: Error) => {
        const [first, ...problems] = error.message.split("\n");
        assert.equal(first, "getNodePool: the arguments cannot be used; nothing was sent:");
        assert.deepEqual(problems.map((line) => line.split(": ")[0]).toSorted(), [
          "- clusterId",
          "- endpoint",
          "- nodePoolID",
          "- nodePoolId",
          "- region",
        ]);
        assert.ok(problems.includes(`- clusterId: ${id} (given: "a b")`));
        assert.ok(problems.includes(`- nodePoolId: is required and ${id}`));
        assert.ok(problems.includes("- nodePoolID: is not a property; did you mean nodePoolId?"));
        assert.equal(error.stack, "");
        return true;
      });
      assert.equal(emulator.requests.length, 0);
    }));

  it("takes null for what is left out, and refuses what is known only later", () =>
    tell({}, async ({ inputs: { clusterId, nodePoolId }, lookUp }) => {
      assert.equal((await lookUp({ clusterId, nodePoolId, region: null })).nodes.length, 4);
      await assert.rejects(lookUp({ clusterId, nodePoolId: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" }), {
        message:
          "getNodePool: the arguments cannot be used; nothing was sent:\n- nodePoolId: is known only during the update",
      });
    }));

  it("looks where the arguments say", () =>
    withLifecycleHarness(
      {},
      { HW_REGION_NAME: "", HW_ENDPOINTS: "" },
      async ({ inputs, lookUp, emulator }) => {
        const { clusterId, nodePoolId } = inputs;
        await assert.rejects(lookUp(), /getNodePool: the configuration cannot be used; nothing was sent/);
        const { url, region, projectId } = emulator;
        const found = await lookUp({ clusterId, nodePoolId, region, endpoint: url, projectId });
        assert.equal(found.nodes.length, 3);
      },
    ));

  it("is in a trace with what was found, and a replay looks at the same, as for a resource that is read by its ID", async () => {
    const trace = await recordTrace({ nodesPerPool: 2 }, async ({ lookUp, service, inputs }) => {
      await lookUp();
      const caller = { subject: "NodePoolSync", report: () => undefined };
      await service.read(`${inputs.clusterId}/${inputs.nodePoolId}`, undefined, {}, caller);
    });
    assert.match(trace, /"verb":"view"/);
    assert.match(trace, /"verb":"inspect"/);
    for (const recording of readTrace(trace)) {
      const compared = compare(recording, await replay(recording));
      assert.deepEqual(
        compared.flatMap(({ differences }) => differences),
        [],
      );
    }
  });
});

/** What only a resource has. */
const none = {
  maxUnavailable: undefined,
  wait: undefined,
  onCreate: undefined,
  onChange: undefined,
};
