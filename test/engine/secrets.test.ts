import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type Engine, embeddedEngine, findCli } from "../../tools/engine/index.ts";
import {
  createEngineHarness,
  type EngineHarness,
  onEveryEngine,
  withEngineHarness,
} from "../support/programs/engineHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";

const CANARIES = ["pass-canary", "deep-canary", "hide-canary", "token-canary", "config-canary"];

onEveryEngine("secrets of a stack", (engine) => {
  it("are in no file and no line of output, however they came about", () =>
    withEngineHarness(
      engine(),
      async (opened) => {
        await deploySecrets(opened);
        opened.program.things.a = { inputs: { value: 2, hide: "hide-canary", update: "half" } };
        await opened.apply();
        const half = await opened.stack.up().result;
        assert.equal(half.ok, false);
        await opened.stack.destroy().result;
        const files = await opened.stack.files();
        const contents = await Promise.all(files.map((file) => readFile(file, "latin1")));
        assert.ok(files.some((file) => file.endsWith("dev.json")));
        for (const canary of CANARIES) {
          for (const [index, content] of contents.entries()) {
            assert.ok(!content.includes(canary), `${canary} in ${files[index]}`);
          }
          assert.ok(!opened.lines.some((line) => line.includes(canary)), `${canary} in the output`);
        }
      },
      { config: { key: { secret: "config-canary" } } },
    ));

  it("can be read by those who ask for them", () =>
    withEngineHarness(engine(), async (opened) => {
      await deploySecrets(opened);
      const state = JSON.stringify(await opened.stack.exportState({ showSecrets: true }));
      for (const canary of ["pass-canary", "deep-canary", "hide-canary", "token-canary"]) {
        assert.ok(state.includes(canary), canary);
      }
    }));

  it("reach providers in plain, and keep their place: one leaf, not the whole object", () =>
    withEngineHarness(engine(), async (opened) => {
      await deploySecrets(opened);
      const [create] = (await opened.takeCalls()).filter((call) => call.startsWith('{"call":"create"'));
      assert.match(create ?? "", /"password":"pass-canary"/);
      const { deployment } = await opened.stack.exportState();
      const a = deployment.resources?.find(({ urn }) => urn.endsWith("::a"));
      const nested = a?.inputs?.nested as Record<string, Record<string, unknown>>;
      assert.equal(nested.open, "plain");
      assert.match(JSON.stringify(nested.deep), /^{"4dabf18193072939515e22adb298388d":.*"ciphertext":"v1:/);
      assert.match(JSON.stringify(a?.outputs?.password), /"ciphertext"/);
    }));

  it("do not open with another passphrase", () =>
    withFolder(async (folder) => {
      const environment = (passphrase: string) => ({ environment: { PULUMI_CONFIG_PASSPHRASE: passphrase } });
      await createEngineHarness(engine(), folder, environment("one"));
      await assert.rejects(createEngineHarness(engine(), folder, environment("two")), /incorrect passphrase/);
    }));
});

describe("a stack", () => {
  it("is taken over from the embedded engine by the CLI, and back (skipped where there is no CLI)", async function () {
    const cli = await findCli();
    if (cli === undefined) return this.skip();
    await withFolder(async (folder) => {
      const engines: Engine[] = [embeddedEngine, cli, embeddedEngine];
      for (const [turn, engine] of engines.entries()) {
        const opened = await createEngineHarness(engine, folder);
        opened.program.things = { a: { inputs: { value: 1 }, secrets: { password: "pass-canary" } } };
        await opened.apply();
        const result = await opened.stack.up().result;
        assert.deepEqual(result.changes, turn === 0 ? { create: 2 } : { same: 2 }, result.text);
      }
    });
  });
});

async function deploySecrets(opened: EngineHarness): Promise<void> {
  opened.program.things.a = {
    inputs: { value: 1, hide: "hide-canary" },
    secrets: { password: "pass-canary", "nested.deep": "deep-canary" },
  };
  await opened.apply();
  const result = await opened.stack.up().result;
  assert.equal(result.ok, true, result.text);
}
