import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import type { HttpHandler } from "../../provider/cce/http.ts";
import { tell } from "../support/lifecycle/story.ts";

const inputs = { onCreate: "all", triggers: ["x"], maxUnavailable: 1 } as const;
const template = { lifeCycle: { preInstall: "ZWNobw==" }, login: { sshKey: "key" } };

/** A job of ShowJob, as far as these tests change it. */
interface RawJob {
  metadata: object;
  spec: { resourceID?: string; subJobs?: RawJob[]; [name: string]: unknown };
  status: { phase: string; reason?: string };
}

/** Changes what the service answers of jobs. */
function changingJobs(change: (job: RawJob) => void) {
  return (handler: HttpHandler): HttpHandler =>
    async (request) => {
      const response = await handler(request);
      if (!request.path.includes("/jobs/") || response.status !== 200) return response;
      const job = JSON.parse(response.body) as RawJob;
      change(job);
      return { ...response, body: JSON.stringify(job) };
    };
}

describe("is no proof of a reset:", () => {
  it("a step of a node's failed sub-job that succeeded", () =>
    tell({ nodesPerPool: 2 }, async (story) => {
      const [, last = ""] = story.ids;
      const step = ({ metadata }: RawJob, phase: string): RawJob => ({
        metadata,
        spec: { resourceID: last },
        status: { phase },
      });
      story.intercept(
        changingJobs(({ spec }) => {
          for (const part of spec.subJobs ?? [])
            if (part.spec.resourceID === last && part.status.phase === "Failed")
              part.spec.subJobs = [step(part, "Failed"), step(part, "Success")];
        }),
      );
      story.emulator.cluster.failNextJob({ reason: "could not be drained", afterNodes: 1 });
      const { end, state } = await story.up(inputs);
      assert.equal(end, "failed");
      assert.deepEqual(Object.keys(state?.record.owed ?? {}), [last]);
    }));

  it("a failed group of sub-jobs that names several nodes, of any of them", () =>
    tell({ nodesPerPool: 2 }, async (story) => {
      story.intercept(
        changingJobs(({ metadata, spec, status }) => {
          if (status.phase === "Success") status.phase = "Failed";
          const extendParam = { nodeIDs: story.ids.join(",") };
          spec.subJobs = [{ metadata, spec: { extendParam }, status: { ...status } }];
        }),
      );
      const { end, state } = await story.up(inputs);
      assert.equal(end, "failed");
      assert.deepEqual(Object.keys(state?.record.owed ?? {}), story.ids);
    }));

  for (const profile of ["noJob", "fleetingCondition"] as const satisfies readonly ProfileName[])
    for (const nodeTemplate of [undefined, template])
      it(`that a node was being installed before the request (${profile}${nodeTemplate ? ", with a node template" : ""})`, () =>
        tell({ nodesPerPool: 3, profile }, async (story) => {
          const [, , busy = ""] = story.ids;
          const { cluster } = story.emulator;
          cluster.setNodePhase(busy, "Installing");
          cluster.failNextJob({ reason: "stopped", afterNodes: 2 });
          let isSent = false;
          story.emulator.onRequest(({ kind }, moment) => {
            isSent ||= kind === "sync" && moment === "acted";
            if (isSent && kind === "nodes" && moment === "acted") cluster.setNodePhase(busy, "Active");
          });
          const { end, state } = await story.up({ ...inputs, ...(nodeTemplate && { nodeTemplate }) });
          assert.equal(end, "failed");
          assert.deepEqual(story.resetCounts, [1, 1, 0]);
          assert.deepEqual(Object.keys(state?.record.owed ?? {}), [busy]);
        }));

  it("the phase Upgrading where nobody may see whether the cluster is upgraded", () =>
    tell({ nodesPerPool: 2, profile: "slowAndBare" }, async (story) => {
      const { emulator } = story;
      const body = { errorCode: "CCE.01403001", errorMessage: "Forbidden" };
      emulator.addFault({
        kind: "cluster",
        times: Number.POSITIVE_INFINITY,
        effect: { kind: "answer", status: 403, body },
      });
      emulator.onRequest(({ kind }, moment) => {
        if (kind === "sync" && moment === "acted") emulator.cluster.upgrade(60);
      });
      const { end } = await story.up(inputs);
      const isReset = story.resetCounts.every((count) => count === 1);
      assert.ok(end !== "synced" || isReset, `${end} ${story.resetCounts}`);
    }));

  it("somebody else's sync of the same nodes, begun a minute after the answer to ours was lost", () =>
    tell({ nodesPerPool: 2 }, async (story) => {
      const { emulator, inputs: own } = story;
      emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: false } });
      emulator.onRequest(({ kind }, moment) => {
        if (kind === "sync" && moment === "arrived")
          story.after(60, () => emulator.cluster.syncByOthers(own.nodePoolId));
      });
      const { end, state } = await story.up({ ...inputs, nodeTemplate: template });
      assert.notEqual(end, "synced");
      assert.deepEqual(Object.keys(state?.record.owed ?? {}), story.ids);
      const later = story.clock.now();
      await story.synced({ ...inputs, nodeTemplate: template }, state);
      story.assertReset(later);
    }));

  it("that a node says it is up to date, where nothing shows whether its pool has changed back", () =>
    tell(
      { nodesPerPool: 2, profile: { ...profiles.noJob, poolUpdateTime: "absent", beginsAfter: 1e6 } },
      async (story) => {
        const { cluster } = story.emulator;
        cluster.changeConfiguration(story.inputs.nodePoolId);
        story.after(180, () => {
          cluster.editLabels(...story.ids);
          story.editNodes(({ status }) => {
            status.configurationUpToDate = true;
          });
        });
        const { end, state } = await story.up({ maxUnavailable: 2 }, undefined, 900_000);
        assert.notEqual(end, "synced");
        assert.deepEqual(Object.keys(state?.record.owed ?? {}), story.ids);
      },
    ));
});
