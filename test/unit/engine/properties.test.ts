import assert from "node:assert/strict";
import { diffProperties, sameProperties } from "../../../tools/engine/embedded/diff.ts";
import { changeLines, checkFailureText } from "../../../tools/engine/embedded/render.ts";
import {
  annotateSecrets,
  hasUnknowns,
  makeSecret,
  type PropertyMap,
  UNKNOWN,
  withoutSecrets,
} from "../../../tools/engine/properties.ts";

describe("properties", () => {
  it("lose every secret wrapper on the way to a provider", () =>
    assert.deepEqual(withoutSecrets({ a: makeSecret({ b: makeSecret(1) }), c: [makeSecret(2), null] }), {
      a: { b: 1 },
      c: [2, null],
    }));

  it("get their secrets back by path, leaf by leaf in objects", () =>
    assert.deepEqual(
      annotateSecrets({ o: { secret: 1, open: 2 }, fresh: 3 }, { o: { secret: makeSecret(1), open: 2 } }),
      { o: { secret: makeSecret(1), open: 2 }, fresh: 3 },
    ));

  it("make a whole array secret when one element was, for providers may reorder", () =>
    assert.deepEqual(annotateSecrets({ list: [2, 1] }, { list: [makeSecret(1), 2] }), {
      list: makeSecret([2, 1]),
    }));

  it("know of unknowns at any depth, in secrets too", () => {
    assert.equal(hasUnknowns({ a: [{ b: makeSecret(UNKNOWN) }] }), true);
    assert.equal(hasUnknowns({ a: [{ b: makeSecret("known") }] }), false);
  });
});

describe("a difference", () => {
  const cases: { title: string; before: PropertyMap; after: PropertyMap; changes: string[] }[] = [
    { title: "an added key", before: {}, after: { a: 1 }, changes: ["add a"] },
    { title: "a removed key", before: { a: 1 }, after: {}, changes: ["delete a"] },
    { title: "null, which is no value", before: { a: null }, after: {}, changes: [] },
    {
      title: "a leaf",
      before: { a: { b: [1, 2] } },
      after: { a: { b: [1, 3] } },
      changes: ["update a.b.1"],
    },
    { title: "elements at the end", before: { a: [1] }, after: { a: [1, 2] }, changes: ["add a.1"] },
    { title: "another type", before: { a: [1] }, after: { a: "1" }, changes: ["update a"] },
    { title: "a secret with the same value", before: { a: 1 }, after: { a: makeSecret(1) }, changes: [] },
    {
      title: "a leaf in a secret",
      before: { a: makeSecret({ b: 1 }) },
      after: { a: makeSecret({ b: 2 }) },
      changes: ["update a.b"],
    },
  ];
  for (const { title, before, after, changes } of cases) {
    it(`of ${title} is ${changes.join() || "none"}`, () => {
      const found = diffProperties(before, after).map(({ kind, path }) => `${kind} ${path.join(".")}`);
      assert.deepEqual(found, changes);
    });
  }

  it("keeps secret what lies in a secret", () =>
    assert.deepEqual(diffProperties({ a: makeSecret({ b: 1 }) }, { a: makeSecret({ b: 2 }) }), [
      { path: ["a", "b"], kind: "update", before: makeSecret(1), after: makeSecret(2) },
    ]));

  it("distinguishes a secret from the same value in plain when it compares", () => {
    assert.equal(sameProperties({ a: 1 }, { a: makeSecret(1) }), false);
    assert.equal(sameProperties({ a: [{ b: 1 }], c: null }, { a: [{ b: 1 }] }), true);
  });
});

describe("what is shown of a resource", () => {
  it("names a changed property by its path, and hides secrets", () =>
    assert.deepEqual(changeLines(diffProperties({ a: { b: [1, makeSecret(2)] } }, { a: { b: [3, 4] } })), [
      "      ~ a.b[0]: 1 => 3",
      "      ~ a.b[1]: [secret] => [secret]",
    ]));

  // The CLI does so too: a provider that names the property of a check failure gives its secrets away.
  it("shows the value of a property that a check failure names, even a secret", () =>
    assert.match(
      checkFailureText(
        "urn:pulumi:dev::p::t:m:T::a",
        { property: "x", reason: "bad" },
        { x: makeSecret("pw") },
      ),
      /property x value "pw" has a problem: bad/,
    ));
});
