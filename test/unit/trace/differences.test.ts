import assert from "node:assert/strict";
import fc from "fast-check";
import { applyChanges, differences } from "../../../provider/trace/differences.ts";
import { holds } from "../../support/properties.ts";

const asJson = (one: unknown) => JSON.parse(JSON.stringify(one));
const value = fc.jsonValue({ maxDepth: 4 });

describe("the differences of two JSON values", () => {
  it("lead from the one to the other, whatever they are", () => {
    holds(
      fc.property(value, value, (before, after) => {
        const changes = JSON.parse(JSON.stringify(differences(before, after)));
        assert.deepEqual(asJson(applyChanges(before, changes)), asJson(after));
      }),
    );
  });

  it("name what has changed and nothing else", () => {
    const before = { items: [{ a: 1, "b/c~": "x" }, { a: 2 }], gone: true };
    const after = { items: [{ a: 1, "b/c~": "y" }], come: [] };
    assert.deepEqual(differences(before, after), [
      ["/items/0/b~1c~0", "y"],
      ["/items/length", 1],
      ["/gone"],
      ["/come", []],
    ]);
  });

  it("are none between equal values", () => {
    holds(fc.property(value, (same) => assert.deepEqual(differences(same, structuredClone(same)), [])));
  });
});
