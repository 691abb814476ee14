import assert from "node:assert/strict";
import { type Effect, type ProfileName, profiles } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { tell } from "../support/lifecycle/story.ts";

const day = 24 * 3600_000;
const forbidden: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };
const broken: Effect = { kind: "answer", status: 500, body: { errorCode: "CCE.01500001" } };

describe("when two things go wrong at once, a sync", () => {
  let harness: LifecycleHarness;
  const open = async (profile: ProfileName, nodesPerPool = 4) => {
    harness = await createLifecycleHarness({ profile, nodesPerPool });
    harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
  };
  afterEach(() => harness.close());

  for (const status of [401, 403, 404]) {
    it(`is recorded when the answer to the POST is lost and the next look is refused with ${status}`, async () => {
      await open("standard");
      harness.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
      harness.emulator.addFault({ kind: "pools", skip: 1, effect: { kind: "answer", status, body: {} } });
      const first = await outcomeOf(harness);
      assert.equal(first.end, "inProgress", first.message);
      assert.match(
        first.message,
        new RegExp(`not known whether .*not sent again.*answered the request to list .* ${status} `),
      );
      assert.equal(first.code, errorCodes.outcomeUnknown);
      harness.restart();
      assert.equal((await outcomeOf(harness, { previous: first.state })).end, "synced");
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    });
  }

  it("is recorded when the answer to the POST is lost and the pool disappears", async () => {
    await open("standard");
    harness.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
    harness.emulator.onRequest(({ kind }, moment) => {
      if (kind === "sync" && moment === "acted")
        harness.emulator.cluster.removePool(harness.inputs.nodePoolId);
    });
    const { end, message } = await outcomeOf(harness);
    assert.equal(end, "failed");
    assert.match(message, /the sync failed: the node pool was deleted/);
  });

  it("is no success when its job has failed and cannot be read at first", async () => {
    await open("vanishingFailsJob");
    harness.emulator.cluster.vanish(harness.emulator.cluster.pools[0]?.nodes[0]?.id ?? "");
    const jobs = harness.emulator.addFault({ kind: "job", times: 5, effect: broken });
    const { end, message } = await outcomeOf(harness);
    assert.equal(jobs.hits, 5);
    assert.equal(end, "failed", message);
  });

  it("is found by its job a day later where neither pool nor nodes show that it ran", async () => {
    await open("noUpdateTimes");
    harness.emulator.addFault({ kind: "pools", skip: 1, effect: forbidden });
    const { state } = await outcomeOf(harness);
    await harness.clock.sleep(day);
    harness.restart();
    harness.emulator.addFault({ kind: "job", times: 20, effect: broken });
    assert.equal((await outcomeOf(harness, { previous: state })).end, "synced");
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
  });

  it("ends at its deadline though the service asks every look to wait longer", async () => {
    await open("standard");
    const body = { error_code: "APIGW.0308" };
    const effect: Effect = { kind: "answer", status: 429, body, headers: { "Retry-After": "500" } };
    harness.emulator.addFault({ kind: "nodes", skip: 1, times: Number.POSITIVE_INFINITY, effect });
    const begun = harness.clock.now();
    assert.equal((await outcomeOf(harness, { timeout: 200_000 })).end, "inProgress");
    assert.equal(harness.clock.now() - begun, 200_000);
  });
});

describe("every profile", () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    it(`finds the running sync when the answer to the POST is lost: ${profile}`, async () => {
      const harness = await createLifecycleHarness({ profile, nodesPerPool: 4 });
      try {
        harness.emulator.cluster.changeConfiguration(harness.inputs.nodePoolId);
        harness.emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 504, acted: true } });
        const { end, message } = await outcomeOf(harness);
        assert.equal(end, "synced", message);
        assert.equal(harness.emulator.acceptedSyncs.length, 1);
      } finally {
        await harness.close();
      }
    });
  }
});

describe("a sync that nobody waits for and whose answer is lost", () => {
  it("is not said to show no sign of it: nobody has looked", () =>
    tell({}, async (story) => {
      story.emulator.addFault({ kind: "sync", effect: { kind: "drop", acted: true } });
      const { end, code, message } = await story.up({ onCreate: "all", wait: false });
      assert.deepEqual([end, code], ["inProgress", errorCodes.outcomeUnknown]);
      assert.doesNotMatch(message, /no sign that the sync has started/);
      assert.match(
        message,
        /broke .*; this run does not wait, so it has not looked whether the sync has started\./,
      );
    }));
});
