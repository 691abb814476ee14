import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../provider/nodePoolSync/inputs/check.ts";
import { inputNames, inputsOfClass, inputsSchema } from "../../provider/nodePoolSync/inputs/schema.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { anyText, holds, ofCases } from "../support/properties.ts";

const names = [
  ...Object.keys(inputsSchema.shape),
  ...["lifeCycle", "login", "volumeConfig", "userPassword", "username", "password", "sshKey", "preInstall"],
  ...["__proto__", "constructor", "a\u0085b", "\u202e", "\n"],
];
const secret = "Canary-7-plain";

/** Any JSON, with the inputs' own names, values that are not known yet, and secrets, in any place. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom<unknown>(null, true, 0, -1, 2.5, 21, "", "a", "..", secret, `${secret}!`, unknownValue),
    fc.constantFrom<unknown>(Number.NaN, Number.POSITIVE_INFINITY, -0, [], {}),
    anyText(),
    fc.array(tie("value"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc
    .array(fc.tuple(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, anyText()), tie("value")), {
      maxLength: 5,
    })
    .map((entries) => Object.fromEntries(entries)),
}));

/** A path as in a program, then a sentence. */
const problem =
  /^(?:[\p{ID_Start}_$][\p{ID_Continue}$]*|\["(?:[^"\\]|\\.)*"\])(?:\.[\p{ID_Start}_$][\p{ID_Continue}$]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])*: \S/u;

const quotable = inputNames.filter((name) => !inputsOfClass("content").includes(name));
/** A problem that may quote what was given: of no input that the nodes get, and of none that is not known. */
const quoting = new RegExp(`^(?:${quotable.join("|")})[.[:].* \\(given: `);

describe("inputs that are any JSON", () => {
  it("are checked without a throw, each problem a line that begins with a property's path and quotes nothing that the nodes get", () => {
    let refused = 0;
    holds(
      fc.property(value, (news) => {
        const { problems } = check(news as Record<string, unknown>);
        for (const text of problems) {
          assert.match(text, problem);
          assert.doesNotMatch(text, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
          assert.ok(
            !text.includes(secret) || keysOf(news).some((key) => key.includes(secret)) || quoting.test(text),
          );
        }
        refused += problems.length > 0 ? 1 : 0;
      }),
    );
    assert.ok(refused > ofCases(5000), `${refused} were refused`);
  });

  it("leave the prototype of objects alone", () => {
    const news = JSON.parse(
      '{"__proto__":{"polluted":1},"nodeTemplate":{"__proto__":{"polluted":1}},"triggers":{"__proto__":{"polluted":1}}}',
    );
    assert.ok(check(news).problems.length > 0);
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    it(`are refused with ${number} anywhere in triggers, which state could not hold`, () => {
      const inputs = {
        clusterId: "c",
        nodePoolId: "n",
        maxUnavailable: 1,
        triggers: { a: [1, { b: number }] },
      };
      assert.deepEqual(check(inputs).problems, ["triggers.a[1].b: must be a finite number"]);
    });
  }
});

function keysOf(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
}
