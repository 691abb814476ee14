import assert from "node:assert/strict";
import { type Profile, type ProfileName, profiles } from "../../emulator/index.ts";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  job,
  nodesOf,
  phases,
  pool,
  synchronizing,
} from "../support/service/emulatorHarness.ts";

describe("a profile of the emulator", () => {
  for (const [name, profile] of Object.entries(profiles) as [ProfileName, Profile][]) {
    it(`${name} shows what it says, and syncs every node in the end`, async () => {
      await using harness = await createEmulatorHarness({ nodesPerPool: 2, resetSeconds: 100, profile });
      harness.emulator.cluster.changeConfiguration(harness.poolId);
      const [before] = await nodesOf(harness);
      const answer = await harness.sync();
      assertAnswer(answer, profile, harness);
      const jobId = harness.emulator.acceptedSyncs[0]?.jobId ?? "";
      assert.equal((await job(harness, jobId)).status, profile.showsJob ? 200 : 404);
      assert.equal((await harness.sync()).status, profile.whileRunning.status);
      harness.clock.pass((profile.beginsAfter + Math.max(profile.statusLag, 0.1)) * 100);
      const during = await wholePool(harness, profile);
      assert.equal(synchronizing(during), profile.condition === "never" ? undefined : "True");
      assert.equal(during.status.jobId, profile.poolNamesJob ? jobId : undefined);
      assert.equal((await phases(harness))[0] !== "Active", true);
      harness.clock.pass(300);
      const [after] = await nodesOf(harness);
      assert.deepEqual(await phases(harness), ["Active", "Active"]);
      assert.equal(after.status.configurationUpToDate, profile.upToDateField ? true : undefined);
      assert.equal(after.metadata.updateTimestamp !== before.metadata.updateTimestamp, profile.updateTimes);
      const ended = await wholePool(harness, profile);
      assert.equal(synchronizing(ended), profile.condition === "always" ? "False" : undefined);
    });
  }

  it("may let a sync never begin", async () => {
    await using harness = await createEmulatorHarness({
      profile: { ...profiles.standard, beginsAfter: Number.POSITIVE_INFINITY },
    });
    await harness.sync();
    harness.clock.pass(1e6);
    assert.deepEqual(await phases(harness), ["Active", "Active", "Active"]);
    assert.equal(synchronizing(await pool(harness)), "True");
  });

  it("may lead nodes through other phases, each for its share of the time", async () => {
    await using harness = await createEmulatorHarness({
      nodesPerPool: 1,
      resetSeconds: 90,
      profile: "upgradingPhase",
    });
    await harness.sync();
    const seen = [];
    for (let step = 0; step < 4; step += 1) {
      seen.push(...(await phases(harness)));
      harness.clock.pass(30);
    }
    assert.deepEqual(seen, ["Build", "Installing", "Upgrading", "Active"]);
  });

  it("may let the pool's status and the up-to-date field lag behind", async () => {
    await using harness = await createEmulatorHarness({
      nodesPerPool: 1,
      resetSeconds: 100,
      profile: "statusLags",
    });
    harness.emulator.cluster.changeConfiguration(harness.poolId);
    harness.clock.pass(100);
    await harness.sync();
    assert.equal(synchronizing(await pool(harness)), "False");
    assert.equal((await pool(harness)).status.activeNode, 1);
    harness.clock.pass(100);
    const [node] = await nodesOf(harness);
    assert.deepEqual([node.status.phase, node.status.configurationUpToDate], ["Active", false]);
    assert.equal(synchronizing(await pool(harness)), "True");
    assert.equal((await pool(harness)).status.activeNode, 0);
    harness.clock.pass(50);
    assert.equal((await nodesOf(harness))[0].status.configurationUpToDate, true);
    assert.equal(synchronizing(await pool(harness)), "False");
  });
});

/** The first pool, asked for in the way that every cloud of the profile takes. */
function wholePool(harness: EmulatorHarness, { advanceStatus }: Profile) {
  return pool(harness, advanceStatus === "refused" ? "" : "?advanceStatus=true");
}

function assertAnswer(
  answer: Awaited<ReturnType<EmulatorHarness["sync"]>>,
  profile: Profile,
  harness: EmulatorHarness,
) {
  assert.equal(answer.status, 200);
  if (profile.answer === "empty") assert.equal(answer.text, "");
  if (profile.answer === "emptyObject") assert.deepEqual(answer.json, {});
  if (profile.answer === "pool") assert.equal(answer.json.metadata.uid, harness.poolId);
  if (profile.answer === "jobid")
    assert.deepEqual(answer.json, { jobid: harness.emulator.acceptedSyncs[0]?.jobId });
}
