import assert from "node:assert/strict";
import fc from "fast-check";
import { canonical, contentDigest, equal } from "../../provider/nodePoolSync/state/content.ts";
import { wireSecret } from "../../provider/util/wire.ts";
import { archiveOf, assetOf } from "../support/inputs/wireFiles.ts";
import { holds } from "../support/properties.ts";

const hash = fc.constantFrom("h1", "h2", "h3");
/** A value as two calls of the engine send it: with the content of its files, and without. */
interface Sides {
  readonly whole: unknown;
  readonly bare: unknown;
}

const leaf: fc.Arbitrary<Sides> = fc.oneof(
  fc.jsonValue({ maxDepth: 1 }).map((value) => ({ whole: value, bare: value })),
  fc.tuple(hash, fc.string()).map(([key, text]) => ({ whole: assetOf(key, text), bare: assetOf(key) })),
  fc.tuple(hash, fc.string()).map(([key, path]) => ({ whole: archiveOf(key, path), bare: archiveOf(key) })),
  fc.constantFrom(-0, Number.NaN).map((value) => ({ whole: value, bare: JSON.parse(JSON.stringify(value)) })),
  fc.string().map((value) => ({ whole: wireSecret(value), bare: value })),
);

const { value } = fc.letrec<{ value: Sides }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }).map((items) => ({
      whole: items.map(({ whole }) => whole),
      bare: items.map(({ bare }) => bare),
    })),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 3 }).map((fields) => ({
      whole: fromEntries(Object.entries(fields).map(([key, { whole }]) => [key, whole])),
      bare: fromEntries(
        Object.entries(fields)
          .map(([key, { bare }]): [string, unknown] => [key, bare])
          .reverse(),
      ),
    })),
  ),
}));

function fromEntries(entries: readonly (readonly [string, unknown])[]): unknown {
  return { ...Object.fromEntries(entries), absent: undefined };
}

describe("the content of any triggers", () => {
  it("is the same with the content of assets, secrets and undefined values in it and without", () => {
    holds(
      fc.property(value, ({ whole, bare }) => {
        assert.ok(equal(whole, bare));
        const digests = [whole, bare, canonical(whole), canonical(bare)].map((triggers) =>
          contentDigest({ triggers }, undefined),
        );
        assert.equal(new Set(digests).size, 1);
      }),
    );
  });

  it("is another for any other value", () => {
    holds(
      fc.property(value, value, ({ bare: one }, { bare: other }) => {
        const same = JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
        const digests = [one, other].map((item) => contentDigest({ triggers: [item] }, undefined));
        assert.equal(digests[0] === digests[1], same);
      }),
    );
  });

  it("stays what it is when it has been recorded", () => {
    holds(
      fc.property(value, ({ whole }) => {
        assert.deepEqual(canonical(canonical(whole)), canonical(whole));
      }),
    );
  });
});
