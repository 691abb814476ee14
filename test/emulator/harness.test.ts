import assert from "node:assert/strict";
import { createEmulatorHarness } from "../support/service/emulatorHarness.ts";

describe("the emulator harness fails at its end when a secret was", () => {
  it("logged", async () => {
    const harness = await createEmulatorHarness();
    const [request] = (await harness.get("/")) && harness.emulator.requests;
    Object.assign(request ?? {}, { query: harness.emulator.token });
    await assert.rejects(async () => harness[Symbol.asyncDispose](), /a secret is in the emulator's log/);
  });
});
