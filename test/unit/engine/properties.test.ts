import assert from "node:assert/strict";
import { diffProperties, sameProperties } from "../../../tools/engine/embedded/diff.ts";
import {
  formatPath,
  keepOldValues,
  parsePath,
  pathContains,
} from "../../../tools/engine/embedded/propertyPath.ts";
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
      changes: ["update a.b[1]"],
    },
    { title: "elements at the end", before: { a: [1] }, after: { a: [1, 2] }, changes: ["add a[1]"] },
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
      const found = diffProperties(before, after).map(({ kind, path }) => `${kind} ${formatPath(path)}`);
      assert.deepEqual(found, changes);
    });
  }

  it("keeps secret what lies in a secret", () =>
    assert.deepEqual(diffProperties({ a: makeSecret({ b: 1 }) }, { a: makeSecret({ b: 2 }) }), [
      { path: ["a", "b"], kind: "update", before: makeSecret(1), after: makeSecret(2) },
    ]));

  it("tells a secret from the same value in plain where it is asked for sameness", () => {
    assert.equal(sameProperties({ a: 1 }, { a: makeSecret(1) }), false);
    assert.equal(sameProperties({ a: [{ b: 1 }], c: null }, { a: [{ b: 1 }] }), true);
  });
});

describe("a property path", () => {
  const paths: [string, (string | number)[]][] = [
    ["root", ["root"]],
    ["root.nested[0]", ["root", "nested", 0]],
    ['root["key.with.dots"]', ["root", "key.with.dots"]],
    ['["quoted \\" root"].x', ['quoted " root', "x"]],
    ["list[*].name", ["list", "*", "name"]],
  ];
  for (const [text, path] of paths) {
    it(`is taken apart: ${text}`, () => assert.deepEqual(parsePath(text), path));
  }

  it("is refused when it is not well formed", () => {
    for (const text of ["a[", "a[x]", 'a["b]'])
      assert.throws(() => parsePath(text), /is not a property path/);
  });

  it("contains what lies below it, and with * any key", () => {
    assert.equal(pathContains(["a"], ["a", "b", 1]), true);
    assert.equal(pathContains(["a", "*", "c"], ["a", 7, "c"]), true);
    assert.equal(pathContains(["a", "b"], ["a"]), false);
  });
});

describe("ignoreChanges", () => {
  const keep = (inputs: object, old: object, ...paths: string[]) =>
    keepOldValues({ ...inputs }, { ...old }, paths);

  it("brings back old values, and takes away what was not there", () =>
    assert.deepEqual(keep({ a: { b: 2 }, fresh: 1 }, { a: { b: 1, c: 3 } }, "a.b", "a.c", "fresh").inputs, {
      a: { b: 1, c: 3 },
    }));

  it("follows * through objects and arrays of the same length", () =>
    assert.deepEqual(keep({ l: [{ x: 2, y: 2 }] }, { l: [{ x: 1, y: 1 }] }, "l[*].x").inputs, {
      l: [{ x: 1, y: 2 }],
    }));

  it("tells the paths that exist on one side only", () =>
    assert.deepEqual(keep({}, { a: { b: 1 } }, "a.b").unusable, ["a.b"]));

  it("keeps secret what was secret", () =>
    assert.deepEqual(keep({ a: { b: 2 } }, { a: makeSecret({ b: 1 }) }, "a.b").inputs, {
      a: { b: makeSecret(1) },
    }));

  it("leaves the given inputs as they are", () => {
    const inputs = { a: 2 };
    keepOldValues(inputs, { a: 1 }, ["a"]);
    assert.deepEqual(inputs, { a: 2 });
  });
});
