import assert from "node:assert/strict";
import { appendFile } from "node:fs/promises";
import { embeddedEngine } from "../../tools/engine/index.ts";
import {
  type StackHarness,
  type StackHarnessOptions,
  withStackHarness,
} from "../support/programs/stackHarness.ts";

describe("the stack harness fails at its end when a secret was", () => {
  const planted = async (
    options: StackHarnessOptions,
    plant: (harness: StackHarness) => Promise<unknown>,
    found: RegExp,
  ) => {
    const run = withStackHarness(embeddedEngine, options, async (harness) => {
      const nodeTemplate = { lifeCycle: {}, login: { userPassword: { password: "Canary-7-plain" } } };
      harness.syncs["Canary-7-plain"] = { args: { ...harness.args, nodeTemplate } };
      await harness.apply();
      await plant(harness);
    });
    await assert.rejects(run, found);
  };

  it("left in a file of the stack's home", () =>
    planted(
      {},
      async ({ stack, emulator }) => {
        const [file = ""] = await stack.files();
        await appendFile(file, `# ${Buffer.from(emulator.secretKey).toString("base64")}`);
      },
      /a secret is in .*\/home\//,
    ));

  it("left in the state", () =>
    planted(
      {},
      async (harness) => assert.ok((await harness.run("up")).ok),
      /a secret is in .*\/home\/.*\.json/,
    ));

  it("shown on the terminal", () =>
    planted(
      {},
      async (harness) => assert.ok((await harness.run("preview")).ok),
      /a secret is in the terminal/,
    ));

  it("logged by the emulator", () =>
    planted({}, ({ emulator }) => fetch(`${emulator.url}/Canary-7-plain`), /in the emulator's log/));

  it("given to a process in its environment", async function () {
    if (process.platform !== "linux") this.skip();
    const environment = { NOTE: "see Canary-7-plain" };
    const run = async (harness: StackHarness) => assert.ok((await harness.run("up")).ok);
    await planted({ environment }, run, /a secret is in the environment of process/);
  });
});
