import assert from "node:assert/strict";
import { embeddedEngine } from "../../tools/engine/index.ts";
import { withEngineHarness } from "../support/engineHarness.ts";

const refused =
  /the embedded engine (does not support|cannot take over)[\s\S]*run this program with a Pulumi CLI/;

describe("the embedded engine refuses what it would not carry out", () => {
  for (const [option, value] of Object.entries({
    additionalSecretOutputs: ["made"],
    aliases: [{ name: "before" }],
    deleteBeforeReplace: true,
    hideDiffs: ["value"],
    ignoreChanges: ["value"],
    import: "id-0",
    protect: true,
    replaceOnChanges: ["value"],
    retainOnDelete: true,
  })) {
    it(`the resource option ${option}`, () =>
      withEngineHarness(embeddedEngine, async ({ stack, program, apply, takeCalls }) => {
        program.things.a = { inputs: { value: 1 }, options: { [option]: value } };
        await apply();
        const { ok, text } = await stack.up().result;
        assert.equal(ok, false, text);
        assert.match(text, refused);
        assert.match(text, new RegExp(option));
        assert.deepEqual(await takeCalls(), []);
      }));
  }

  it("a resource that was looked up and is declared now", () =>
    withEngineHarness(embeddedEngine, async ({ stack, program, apply }) => {
      program.things.a = { inputs: { value: 1 }, options: { id: "id-elsewhere" } };
      await apply();
      assert.ok((await stack.up().result).ok);
      program.things.a = { inputs: { value: 1 } };
      await apply();
      const { ok, text } = await stack.up().result;
      assert.equal(ok, false, text);
      assert.match(text, refused);
    }));
});
