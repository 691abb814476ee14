import assert from "node:assert/strict";
import { closest } from "../../../provider/util/resemblance.ts";

describe("the name that was probably meant", () => {
  const names = ["region", "regional", "projectId", "maxUnavailable"];
  for (const [given, meant] of [
    ["regoin", "region"],
    ["regiona", "region"],
    ["project_id", "projectId"],
    ["PROJECTID", "projectId"],
    ["maxUnvailabel", "maxUnavailable"],
    ["cluster", undefined],
    ["", undefined],
  ] as const) {
    it(`by ${JSON.stringify(given)} is ${meant}`, () => assert.equal(closest(given, names), meant));
  }

  it("counts neighbouring letters that changed places as one mistake, and others as two", () => {
    assert.equal(
      closest("clodu", ["cloud"], () => 1),
      "cloud",
    );
    assert.equal(
      closest("clduo", ["cloud"], () => 1),
      undefined,
    );
  });
});
