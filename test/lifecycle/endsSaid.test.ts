import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import type { Inputs } from "../../provider/nodePoolSync/schema.ts";
import { templateInputs } from "../support/inputs.ts";
import { type Story, tell } from "../support/story.ts";

const { nodeTemplate } = templateInputs;
const all = { onCreate: "all" } as const;
const hour = 3_600_000;

/** An address of this machine at which nobody answers. */
async function vacantAddress(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return `http://127.0.0.1:${port}`;
}

describe("an address that nobody serves", () => {
  it("ends a run after a minute, whatever time it is granted, and names the host and its setting", () =>
    tell({}, async (story) => {
      const endpoint = await vacantAddress();
      for (const timeout of [undefined, hour]) {
        const begun = story.clock.now();
        const { end, code, message } = await story.up({ ...all, endpoint }, undefined, timeout);
        assert.equal(end, "refused");
        assert.equal(code, errorCodes.unreachable);
        assert.ok(story.clock.now() - begun <= 90_000);
        assert.ok(message.includes(new URL(endpoint).host), message);
        assert.match(
          message,
          /cannot be reached \(ECONNREFUSED\); this address comes from the input endpoint/,
        );
      }
    }));

  for (const service of ["iam", "cce"] as const)
    it(`is named with the region that it is made of, when there is no such region: ${service}`, () =>
      tell(
        {},
        async (story) => {
          const { projectId } = story.emulator;
          const begun = story.clock.now();
          const inputs = { ...all, region: "test-9", ...(service === "cce" && { projectId }) };
          const { end, code, message } = await story.up(inputs, undefined, hour);
          assert.equal(end, "refused");
          assert.equal(code, errorCodes.unreachable);
          assert.ok(story.clock.now() - begun <= 90_000);
          assert.match(
            message,
            new RegExp(`${service}\\.test-9\\.cloud\\.example cannot be reached \\((ENOTFOUND|EAI_AGAIN)\\)`),
          );
          assert.match(message, /this address comes from .*the input region, test-9/);
        },
        { HW_ENDPOINTS: "", HW_CLOUD: "cloud.example" },
      ));

  it("ends it sooner when the user grants less", () =>
    tell({}, async (story) => {
      const endpoint = await vacantAddress();
      const begun = story.clock.now();
      const { message } = await story.up({ ...all, endpoint }, undefined, 30_000);
      assert.ok(story.clock.now() - begun <= 31_000);
      assert.match(message, /cannot be reached/);
    }));

  it("is named, with its setting, when the user interrupts", () =>
    tell({}, async (story) => {
      const endpoint = await vacantAddress();
      story.after(20, () => story.interrupt.abort());
      const { code, message } = await story.up({ ...all, endpoint });
      assert.equal(code, errorCodes.interrupted);
      assert.match(
        message,
        /interrupted while waiting: .*127\.0\.0\.1:\d+ cannot be reached .*the input endpoint/,
      );
    }));

  it("is tried until the deadline once it has answered", () =>
    tell({}, async (story) => {
      const drop = { kind: "drop" } as const;
      const fault = story.emulator.addFault({
        kind: "nodes",
        skip: 3,
        times: Number.POSITIVE_INFINITY,
        effect: drop,
      });
      story.after(600, () => fault.remove());
      await story.synced(all);
      assert.equal(story.sent.length, 1);
    }));

  it("keeps a refresh from its end for no more than two minutes, and the state stays", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      story.restart();
      const endpoint = await vacantAddress();
      const moved = { ...state, record: { ...state.record, endpoint } };
      const begun = story.clock.now();
      await assert.rejects(story.refresh(moved), /cannot be reached/);
      assert.ok(story.clock.now() - begun <= 121_000);
    }));

  it("fails an update that moves the resource there, and the state stays as it was", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      const { end } = await story.up({ ...all, endpoint: await vacantAddress() }, state);
      assert.equal(end, "refused");
    }));
});

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
    endpoint: await vacantAddress(),
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

describe("a sync that nobody waits for and whose answer is lost", () => {
  it("is not said to show no sign of it: nobody has looked", () =>
    tell({}, async (story) => {
      story.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
      const { end, code, message } = await story.up({ ...all, wait: false });
      assert.deepEqual([end, code], ["inProgress", errorCodes.outcomeUnknown]);
      assert.doesNotMatch(message, /no sign that the sync has started/);
      assert.match(
        message,
        /broke .*; this run does not wait, so it has not looked whether the sync has started\./,
      );
    }));
});

describe("a job that gives no reason why it failed on nodes", () => {
  it("is said to give none, whatever phase the nodes are in", () =>
    tell({}, async (story) => {
      story.emulator.cluster.failNextJob({ reason: "", afterNodes: 2 });
      const { end, message, state } = await story.up(all);
      assert.equal(end, "failed");
      const reason = "its part of the job failed, and the service gives no reason";
      assert.ok(message.includes(`pool-1-node-3 (${reason}), pool-1-node-4 (${reason})`), message);
      assert.deepEqual(
        state?.progress.failedNodes.map(({ reason }) => reason),
        [reason, reason],
      );
    }));
});

describe("a node with a fault that says that it is up to date", () => {
  it("is named in a warning when the resource is created and leaves it as it is", () =>
    tell({}, async (story) => {
      story.emulator.cluster.setNodePhase(story.id(1), "Error", "kubelet stopped");
      await story.synced();
      const warnings = story.messages.filter(({ severity }) => severity === "warning");
      assert.match(
        warnings.map(({ message }) => message).join("\n"),
        /^1 node is not healthy, though no sync is needed: pool-1-node-2 \(Error: kubelet stopped\)$/m,
      );
      assert.deepEqual(story.resetCounts, [0, 0, 0, 0]);
    }));
});

describe("a machine whose clock is set back an hour", () => {
  /** Signed in with a token: a signature has to tell the time of day. */
  const tellWithToken = (options: EmulatorOptions, told: (story: Story) => Promise<void>) => {
    const environment: Record<string, string> = {};
    const withToken = (story: Story) => {
      environment.HW_AUTH_TOKEN = story.emulator.token;
      return told(story);
    };
    return tell(options, withToken, environment);
  };
  const setBack = ({ clock, after }: Story, seconds: number) =>
    after(seconds, () => clock.setWall(clock.now() - hour));

  for (const profile of ["standard", "bare", "statusLags"] as const)
    for (const [change, inputs] of [
      ["", all],
      [" with a node template", { ...all, nodeTemplate }],
    ] as const)
      for (const seconds of [0, 40, 130])
        it(`takes no longer over a sync${change} than one whose clock is right, after ${seconds} s: ${profile}`, () =>
          tellWithToken({ profile }, async (story) => {
            const { clock } = story;
            const state = await story.synced(inputs);
            const time = clock.monotonic();
            setBack(story, seconds);
            await story.synced({ ...inputs, triggers: ["next"] }, state);
            assert.ok(clock.monotonic() <= 2 * time + 15_000);
            assert.equal(story.sent.length, 2);
          }));

  it("sees in each look what is there then", () =>
    tellWithToken({}, async (story) => {
      setBack(story, 10);
      await story.synced(all);
      const looks = story.emulator.requests.filter(({ kind }) => kind === "nodes").map(({ at }) => at);
      assert.ok(looks.slice(1).every((at, index) => at - (looks[index] ?? 0) <= 60_000));
      story.assertReset(0);
    }));
});

describe("a condition that shows with advanceStatus only", () => {
  it("is asked for and seen: the sync ends with it, long before its time is over", () =>
    tell({ profile: "advanceStatusNeeded" }, async (story) => {
      story.emulator.cluster.failNextJob("quota");
      const begun = story.clock.now();
      const { end } = await story.up(all);
      assert.equal(end, "failed");
      assert.ok(story.clock.now() - begun < 600_000);
      const reads = story.emulator.requests.filter(({ kind }) => kind === "pools");
      assert.ok(reads.every(({ query }) => query.includes("advanceStatus=true")));
    }));

  it("is waited for before the first request when somebody else's sync shows nothing else yet", () =>
    tell({ profile: "advanceStatusNeeded", resetSeconds: 60 }, async (story) => {
      const { cluster } = story.emulator;
      const others = cluster.syncByOthers(story.inputs.nodePoolId, { nodeIds: [story.id(0)] });
      const since = story.clock.now();
      await story.synced(all);
      story.assertReset(since);
      const [own] = story.emulator.acceptedSyncs.filter(({ origin }) => origin === "request");
      assert.ok((own?.at ?? 0) > others.at);
    }));

  it("is done without where the parameter is refused", () =>
    tell({ profile: "advanceStatusRefused" }, async (story) => {
      const since = story.clock.now();
      await story.synced(all);
      story.assertReset(since);
      const refused = story.emulator.requests.filter(
        ({ kind, status }) => kind === "pools" && status === 400,
      );
      assert.equal(refused.length, 1);
    }));
});
