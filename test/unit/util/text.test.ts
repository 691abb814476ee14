import assert from "node:assert/strict";
import { duration, listNames } from "../../../provider/util/text.ts";

describe("names in a line", () => {
  for (const [count, text] of [
    [0, ""],
    [1, "n0"],
    [5, "n0, n1, n2, n3, n4"],
    [6, "n0, n1, n2, n3, n4 and 1 more"],
  ] as const) {
    it(`are cut short from 6 on: ${count}`, () => {
      assert.equal(listNames(Array.from({ length: count }, (_, index) => `n${index}`)), text);
    });
  }
});

describe("a length of time", () => {
  for (const [milliseconds, text] of [
    [0, "0 s"],
    [499, "0 s"],
    [45_000, "45 s"],
    [59_499, "59 s"],
    [59_500, "1 min"],
    [60_000, "1 min"],
    [750_000, "12 min 30 s"],
    [3_599_499, "59 min 59 s"],
    [3_599_500, "1 h"],
    [3_600_000, "1 h"],
    [7_500_000, "2 h 5 min"],
    [93_600_000, "26 h"],
  ] as const) {
    it(`of ${milliseconds} ms reads ${text}`, () => assert.equal(duration(milliseconds), text));
  }
});
