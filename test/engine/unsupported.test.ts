import assert from "node:assert/strict";
import { embeddedEngine } from "../../tools/engine/index.ts";
import { withEngineHarness } from "../support/programs/engineHarness.ts";

describe("the embedded engine refuses what it would not carry out", () => {
  it("options of resources, all of them by name, and asks the provider nothing", () =>
    withEngineHarness(embeddedEngine, async ({ stack, program, apply, takeCalls }) => {
      const options = {
        additionalSecretOutputs: ["made"],
        aliases: [{ name: "before" }],
        deleteBeforeReplace: true,
        hideDiffs: ["value"],
        ignoreChanges: ["value"],
        protect: true,
        replaceOnChanges: ["value"],
        retainOnDelete: true,
      };
      program.things.a = { inputs: { value: 1 }, options };
      await apply();
      const { ok, text } = await stack.up().result;
      assert.equal(ok, false, text);
      const names = Object.keys(options).join(", ");
      assert.match(text, new RegExp(`does not support ${names}; run this program with a Pulumi CLI`));
      assert.deepEqual(await takeCalls(), []);
    }));

  it("a resource that was looked up and is declared now", () =>
    withEngineHarness(embeddedEngine, async ({ stack, program, apply }) => {
      program.things.a = { inputs: { value: 1 }, options: { id: "id-elsewhere" } };
      await apply();
      assert.ok((await stack.up().result).ok);
      program.things.a = { inputs: { value: 1 } };
      await apply();
      const { ok, text } = await stack.up().result;
      assert.equal(ok, false, text);
      assert.match(text, /cannot take over a resource that was looked up/);
    }));
});
