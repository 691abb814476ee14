import assert from "node:assert/strict";
import { type CallKind, type EmulatorOptions, profiles } from "../../emulator/index.ts";
import type { HttpRequest } from "../../provider/cce/http.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { templateInputs } from "../support/inputs/inputs.ts";
import { hanging } from "../support/lifecycle/hanging.ts";
import { tell } from "../support/lifecycle/story.ts";

const { nodeTemplate } = templateInputs;
const minutes = (count: number) => count * 60_000;
const all = { onCreate: "all" } as const;

describe("a configuration that changes while a sync runs", () => {
  for (const profile of [
    "standard",
    "configurationAtStart",
    "noJob",
    "fleetingCondition",
    "statusLags",
    "staleReplicas",
    "poolUpdatesOften",
  ] as const)
    it(`keeps no run from its end, and the next one brings the nodes up to date that fell behind: ${profile}`, () =>
      tell({ profile }, async (story) => {
        const { emulator, inputs, clock } = story;
        story.after(150, () => emulator.cluster.changeConfiguration(inputs.nodePoolId));
        const begun = clock.now();
        const first = await story.synced(all);
        assert.ok(clock.now() - begun < minutes(20));
        assert.deepEqual(
          first.progress.outdatedNodeIds,
          story.nodes.filter(({ upToDate }) => !upToDate).map(({ id }) => id),
        );
        assert.ok(first.progress.outdatedNodeIds.length > 0);
        const last = await story.synced(all, first);
        assert.ok(story.nodes.every(({ upToDate }) => upToDate));
        assert.deepEqual(last.progress.outdatedNodeIds, []);
        assert.deepEqual(story.sent[1], first.progress.outdatedNodeIds);
      }));

  it("keeps no run from its end where nothing but phases is shown", () =>
    tell({ profile: "bare" }, async (story) => {
      story.after(90, () => story.emulator.cluster.changeConfiguration(story.inputs.nodePoolId));
      const begun = story.clock.now();
      await story.synced(all);
      assert.ok(story.clock.now() - begun < minutes(20));
      story.assertReset(begun);
    }));
});

describe("a sync that outlasts the time that it is granted", () => {
  it("is resumed while its job says that it runs, and is never sent again", () =>
    tell({ profile: { ...profiles.standard, beginsAfter: 12 } }, async (story) => {
      const inputs = { ...all, maxUnavailable: 4 };
      const late = await story.up(inputs);
      assert.equal(late.end, "inProgress");
      assert.match(late.message, /not finished after 19 min 59 s/);
      await story.synced(inputs, late.state);
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));
});

describe("nodes whose records move all the time", () => {
  it("are proven by their phases all the same", () =>
    tell({ profile: { ...profiles.noJob, upToDateField: false } }, async (story) => {
      let isMoving = true;
      const move = async () => {
        while (isMoving) {
          await story.clock.sleep(4000);
          story.emulator.cluster.editLabels(...story.ids);
        }
      };
      void move();
      await story.synced(all);
      isMoving = false;
      assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
    }));
});

describe("a service that refuses every request for its rate", () => {
  it("is asked again beyond the default deadline, but for no more than as long again", () =>
    tell({}, async (story) => {
      const { emulator, clock } = story;
      const body = { error_code: "APIGW.0308", error_msg: "The throttling threshold has been reached" };
      const effect = { kind: "answer", status: 429, body, headers: { "Retry-After": "60" } } as const;
      emulator.addFault({ kind: "sync", times: Number.POSITIVE_INFINITY, effect });
      const begun = clock.now();
      const { end, message } = await story.up(all);
      assert.equal(end, "refused");
      assert.match(message, /could not be sent before the deadline: .*429 APIGW\.0308/);
      const taken = clock.now() - begun;
      // Two batches of nodes are granted 20 minutes each, and the refusals one batch more.
      assert.ok(taken > minutes(40) && taken <= minutes(62), `ended after ${taken / minutes(1)} minutes`);
      assert.deepEqual(story.sent, []);
    }));
});

const paths: Partial<Record<CallKind, (request: HttpRequest) => boolean>> = {
  nodes: ({ path }) => path.endsWith("/nodes"),
  pools: ({ path, method }) => path.endsWith("/nodepools") && method === "GET",
  job: ({ path }) => path.includes("/jobs/"),
  sync: ({ method }) => method !== "GET",
};
const isKind = (kind: CallKind) => paths[kind] ?? (() => false);

describe("a service that does not answer", () => {
  for (const kind of ["nodes", "pools"] as const) {
    it(`ends a run at the time that the user grants, and says why (${kind})`, () =>
      tell({}, async (story) => {
        story.intercept(hanging(story.clock, isKind(kind)));
        const begun = story.clock.now();
        const { end, message } = await story.up(all, undefined, minutes(2));
        assert.equal(end, "refused");
        assert.ok(story.clock.now() - begun <= minutes(2) + 1000);
        assert.match(message, /before the deadline: /);
        assert.equal(story.sent.length, 0);
      }));

    it(`ends a run that has sent its sync at the time that the user grants, and the next one finds it (${kind})`, () =>
      tell({}, async (story) => {
        const begun = story.clock.now();
        const isLate = (request: HttpRequest) => story.sent.length > 0 && isKind(kind)(request);
        const stop = story.intercept(hanging(story.clock, isLate));
        const first = await story.up(all, undefined, minutes(2));
        assert.equal(first.end, "inProgress", first.message);
        assert.equal(first.code, errorCodes.timedOut);
        assert.ok(story.clock.now() - begun <= minutes(2) + 1000);
        stop();
        await story.synced(all, first.state);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));

    it(`ends a refresh in two minutes, and the state is kept (${kind})`, () =>
      tell({}, async (story) => {
        const state = await story.synced(all);
        story.restart();
        story.intercept(hanging(story.clock, isKind(kind)));
        const begun = story.clock.now();
        await assert.rejects(story.refresh(state), /could not be read/);
        assert.ok(story.clock.now() - begun <= minutes(2) + 1000);
      }));

    it(`ends a preview in seconds, which says why it cannot tell (${kind})`, () =>
      tell({}, async (story) => {
        story.intercept(hanging(story.clock, isKind(kind)));
        const begun = story.clock.now();
        const { text, severity } = await story.forecast();
        assert.equal(severity, "warning");
        assert.match(text, /^cannot tell which nodes will be reset: .*did not answer in time/);
        assert.ok(story.clock.now() - begun <= 11_000);
      }));
  }

  for (const acted of [true, false])
    it(`ends a run whose request hangs, ${acted ? "having been taken," : ""} at the time that the user grants, and the next one resets each node once`, () =>
      tell({}, async (story) => {
        const stop = story.intercept(hanging(story.clock, isKind("sync"), acted));
        const begun = story.clock.now();
        const first = await story.up(all, undefined, minutes(1));
        assert.equal(first.end, "inProgress", first.message);
        assert.ok(story.clock.now() - begun <= minutes(1) + 1000);
        stop();
        await story.synced(all, first.state);
        assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
      }));
});

describe("an interruption", () => {
  const options: EmulatorOptions = { profile: "upgradingPhase" };
  for (const kind of ["nodes", "pools", "job", "sync"] as const)
    for (const acted of [true, false])
      it(`ends a ${kind} request that hangs at once, and the next run resets each node once${acted ? "" : " (not acted)"}`, () =>
        tell(options, async (story) => {
          const { emulator, clock } = story;
          const skip = kind === "nodes" || kind === "pools" ? 1 : 0;
          emulator.addFault({ kind, skip, effect: { kind: "hang", acted } });
          let begun = Number.POSITIVE_INFINITY;
          let arrived = 0;
          const stop = emulator.onRequest((request, moment) => {
            if (request.kind !== kind) return;
            if (moment === "arrived") arrived += 1;
            if (arrived <= skip || moment !== (acted ? "acted" : "arrived")) return;
            stop();
            begun = clock.now();
            story.interrupt.abort();
          });
          const first = await story.up(all);
          assert.equal(first.code, errorCodes.interrupted, first.message);
          assert.ok(clock.now() - begun <= 1000);
          assert.equal(first.end, story.sent.length > 0 || kind === "sync" ? "inProgress" : "refused");
          await story.synced(all, first.state);
          assert.deepEqual(story.resetCounts, [1, 1, 1, 1]);
        }));

  for (const [what, seconds] of [
    ["before the first node is reset", 6],
    ["while nodes are reset", 100],
    ["when half of them are back", 150],
  ] as const)
    for (const [profile, change, inputs] of [
      ...(["standard", "noJob", "bare", "statusLags"] as const).map((name) => [name, "", all] as const),
      ...(["standard", "noCondition"] as const).map(
        (name) => [name, " with a node template", { ...all, nodeTemplate }] as const,
      ),
    ])
      it(`${what} records the sync${change}, and the next run waits for it: ${profile}`, () =>
        tell({ profile }, async (story) => {
          story.after(seconds, () => story.interrupt.abort());
          const first = await story.up(inputs);
          assert.equal(first.end, "inProgress", first.message);
          assert.equal(first.code, errorCodes.interrupted);
          await story.synced(inputs, first.state);
          assert.equal(story.sent.length, 1);
        }));

  it("while another sync is waited for names it, and records nothing", () =>
    tell({}, async (story) => {
      story.emulator.cluster.syncByOthers(story.inputs.nodePoolId);
      story.after(60, () => story.interrupt.abort());
      const { end, message } = await story.up(all);
      assert.equal(end, "refused");
      assert.match(message, /interrupted while waiting: another sync is running .*no node was reset/);
    }));

  it("ends a refresh that waits for an answer", () =>
    tell({}, async (story) => {
      const state = await story.synced(all);
      story.restart();
      story.intercept(hanging(story.clock, isKind("nodes")));
      story.after(10, () => story.interrupt.abort());
      const begun = story.clock.now();
      await assert.rejects(story.refresh(state), /interrupted/);
      assert.ok(story.clock.now() - begun <= 11_000);
    }));
});
