import assert from "node:assert/strict";
import { type Profile, type ProfileName, profiles } from "../../emulator/index.ts";
import { openScene, type Scene } from "./client.ts";
import { job, nodesOf, phases, pool, synchronizing } from "./looks.ts";

describe("a profile of the emulator", () => {
  for (const [name, profile] of Object.entries(profiles) as [ProfileName, Profile][]) {
    it(`${name} shows what it says, and syncs every node in the end`, async () => {
      await using scene = await openScene({ nodesPerPool: 2, resetSeconds: 100, profile });
      scene.emulator.cluster.changeConfiguration(scene.poolId);
      const [before] = await nodesOf(scene);
      const answer = await scene.sync();
      assertAnswer(answer, profile, scene);
      const jobId = scene.emulator.acceptedSyncs[0]?.jobId ?? "";
      assert.equal((await job(scene, jobId)).status, profile.showsJob ? 200 : 404);
      assert.equal((await scene.sync()).status, profile.whileRunning.status);
      scene.clock.pass((profile.beginsAfter + Math.max(profile.statusLag, 0.1)) * 100);
      const during = await pool(scene);
      assert.equal(synchronizing(during), profile.condition === "never" ? undefined : "True");
      assert.equal(during.status.jobId, profile.poolNamesJob ? jobId : undefined);
      assert.equal((await phases(scene))[0] !== "Active", true);
      scene.clock.pass(300);
      const [after] = await nodesOf(scene);
      assert.deepEqual(await phases(scene), ["Active", "Active"]);
      assert.equal(after.status.configurationUpToDate, profile.upToDateField ? true : undefined);
      assert.equal(after.metadata.updateTimestamp !== before.metadata.updateTimestamp, profile.updateTimes);
      assert.equal(synchronizing(await pool(scene)), profile.condition === "always" ? "False" : undefined);
    });
  }

  it("may let a sync never begin", async () => {
    await using scene = await openScene({
      profile: { ...profiles.standard, beginsAfter: Number.POSITIVE_INFINITY },
    });
    await scene.sync();
    scene.clock.pass(1e6);
    assert.deepEqual(await phases(scene), ["Active", "Active", "Active"]);
    assert.equal(synchronizing(await pool(scene)), "True");
  });

  it("may lead nodes through other phases, each for its share of the time", async () => {
    await using scene = await openScene({ nodesPerPool: 1, resetSeconds: 90, profile: "upgradingPhase" });
    await scene.sync();
    const seen = [];
    for (let step = 0; step < 4; step += 1) {
      seen.push(...(await phases(scene)));
      scene.clock.pass(30);
    }
    assert.deepEqual(seen, ["Build", "Installing", "Upgrading", "Active"]);
  });

  it("may let the pool's status and the up-to-date field lag behind", async () => {
    await using scene = await openScene({ nodesPerPool: 1, resetSeconds: 100, profile: "statusLags" });
    scene.emulator.cluster.changeConfiguration(scene.poolId);
    scene.clock.pass(100);
    await scene.sync();
    assert.equal(synchronizing(await pool(scene)), "False");
    assert.equal((await pool(scene)).status.activeNode, 1);
    scene.clock.pass(100);
    const [node] = await nodesOf(scene);
    assert.deepEqual([node.status.phase, node.status.configurationUpToDate], ["Active", false]);
    assert.equal(synchronizing(await pool(scene)), "True");
    assert.equal((await pool(scene)).status.activeNode, 0);
    scene.clock.pass(50);
    assert.equal((await nodesOf(scene))[0].status.configurationUpToDate, true);
    assert.equal(synchronizing(await pool(scene)), "False");
  });
});

function assertAnswer(answer: Awaited<ReturnType<Scene["sync"]>>, profile: Profile, scene: Scene) {
  assert.equal(answer.status, 200);
  if (profile.answer === "empty") assert.equal(answer.text, "");
  if (profile.answer === "emptyObject") assert.deepEqual(answer.json, {});
  if (profile.answer === "pool") assert.equal(answer.json.metadata.uid, scene.poolId);
  if (profile.answer === "jobid")
    assert.deepEqual(answer.json, { jobid: scene.emulator.acceptedSyncs[0]?.jobId });
}
