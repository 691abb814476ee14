import assert from "node:assert/strict";
import { generate } from "../../tools/generate/command.ts";
import { textOf } from "../support/root.ts";

describe("what is generated", () => {
  for (const [file, text] of Object.entries(generate())) {
    it(`is up to date: ${file}`, () => assert.equal(textOf(file), text, "run `npm run generate`"));
  }
});
