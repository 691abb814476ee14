import assert from "node:assert/strict";
import { createLifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";

describe("the lifecycle harness fails at its end when a secret was", () => {
  it("reported", async () => {
    const harness = await createLifecycleHarness();
    const message = `used ${harness.emulator.secretKey}`;
    harness.messages.push({ message, severity: "info", at: harness.clock.now() });
    await assert.rejects(harness.close(), /a secret is in what was reported/);
  });

  it("recorded or thrown", async () => {
    const harness = await createLifecycleHarness();
    const { cluster, token } = harness.emulator;
    for (const { id } of cluster.pools[0]?.nodes ?? []) cluster.failNode(id, { reason: token });
    await assert.rejects(harness.synchronize({ ...harness.inputs, onCreate: "all" }));
    await assert.rejects(harness.close(), /a secret is in a state or an error/);
  });

  it("logged by the emulator", async () => {
    const harness = await createLifecycleHarness({}, { HW_PASSWORD: "Canary-7-plain" });
    await harness.forecast();
    await fetch(`${harness.emulator.url}/Canary-7-plain`);
    await assert.rejects(harness.close(), /a secret is in the emulator's log/);
  });
});
