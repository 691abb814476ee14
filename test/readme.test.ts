import assert from "node:assert/strict";
import { compile } from "./support/compile.ts";
import { textOf } from "./support/root.ts";

const blocks = [...textOf("README.md").matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code = ""]) => code);

describe("README", () => {
  it("has code to show", () => assert.ok(blocks.length >= 2));

  for (const [index, code] of blocks.entries()) {
    it(`has a program that compiles: block ${index + 1}`, () => assert.deepEqual(compile(code), []));
  }

  it("names no Node version but the one that the package asks for", () => {
    const { engines } = JSON.parse(textOf("package.json"));
    assert.ok(textOf("README.md").includes(`Node ${engines.node.replace(">=", "")} or newer`));
  });
});
