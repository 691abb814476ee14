import assert from "node:assert/strict";
import { createLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { useAuthenticationHarness } from "../support/service/authenticationHarness.ts";

describe("several regions in one stack", () => {
  const { open, harness, set, asUser, count } = useAuthenticationHarness();

  it("sends each resource to its own region's project, with one key", async () => {
    await open();
    const other = await createLifecycleHarness({ region: "emulated-2" });
    try {
      const { accessKey, secretKey } = harness().emulator;
      set({ HW_ACCESS_KEY: accessKey, HW_SECRET_KEY: secretKey });
      const here = await outcomeOf(harness());
      assert.equal(here.end, "synced");
      // The other region is one that this account has no project in: the configured project is not taken for it.
      const inputs = { ...harness().inputs, region: "emulated-2" };
      const { end, message } = await outcomeOf(harness(), { inputs });
      assert.equal(end, "refused");
      assert.match(message, /no project is named emulated-2/);
    } finally {
      await other.close();
    }
  });

  it("looks each region's project up once, and keeps tokens of projects apart", async () => {
    const second = { id: "b".repeat(32), name: "emulated-2" };
    await open({ pools: 4, nodesPerPool: 1, otherProjects: [second] });
    asUser();
    set({ HW_PROJECT_ID: "" });
    const [a, b, c, d] = harness().emulator.cluster.pools.map(({ id }) => id);
    const outcomes = await Promise.all([
      outcomeOf(harness(), { inputs: { ...harness().inputs, nodePoolId: a ?? "" } }),
      outcomeOf(harness(), { inputs: { ...harness().inputs, nodePoolId: b ?? "", region: "emulated-1" } }),
      outcomeOf(harness(), { inputs: { ...harness().inputs, nodePoolId: c ?? "", region: "emulated-2" } }),
      outcomeOf(harness(), { inputs: { ...harness().inputs, nodePoolId: d ?? "", region: "emulated-2" } }),
    ]);
    assert.deepEqual(
      outcomes.map(({ end }) => end),
      ["synced", "synced", "refused", "refused"],
    );
    // The emulated cluster is in the first project, so that the second one's path leads nowhere.
    const projects = harness()
      .emulator.requests.filter(({ kind }) => kind === "pools")
      .map(({ path }) => path.split("/")[4]);
    assert.deepEqual([...new Set(projects)].sort(), [second.id, harness().emulator.projectId].sort());
    assert.equal(count("token"), 2);
  });
});
