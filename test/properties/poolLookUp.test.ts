import assert from "node:assert/strict";
import fc from "fast-check";
import { lookUpArgs, lookUpPool } from "../../provider/nodePoolSync/poolLookUp.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { anyText, holdsInTime } from "../support/properties.ts";

const names = [...Object.keys(lookUpArgs.shape), "clusterID", "constructor", "__proto__", "a b", ""];
const value = fc.oneof(
  fc.constantFrom<unknown>(
    "c-1",
    "r-1",
    "https://cce.example.com",
    unknownValue,
    null,
    undefined,
    "",
    "..",
    7,
  ),
  anyText(),
  fc.jsonValue(),
);

/** What the service is asked for, which then has no answer. */
class Asked extends Error {
  readonly pool: Record<string, unknown>;
  constructor(pool: object) {
    super("asked");
    this.pool = { ...pool };
  }
}

const service = () => ({ view: (pool: object) => Promise.reject(new Asked(pool)) });

describe("arguments of any kind, of a pool to look up", () => {
  it("are refused in one text with a sentence each, or reach the service as they are", async () => {
    await holdsInTime(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...names), value), async (args) => {
        const report = () => assert.fail("nothing is reported before the service is asked");
        const error = await lookUpPool(args, async () => service() as never, report).catch((each) => each);
        assert.equal(error.stack, "");
        if (error instanceof Asked) {
          const given = Object.entries(args).filter(([, each]) => (each ?? null) !== null);
          assert.deepEqual(error.pool, Object.fromEntries(given));
          return;
        }
        const [first, ...problems] = error.message.split("\n- ");
        assert.equal(first, "getNodePool: the arguments cannot be used; nothing was sent:");
        assert.ok(problems.length > 0);
        for (const problem of problems) {
          const path = names.find(
            (name) => problem.startsWith(`${name}: `) || problem.startsWith(`["${name}"]: `),
          );
          assert.ok(path !== undefined, problem);
          const given = args[path];
          if (typeof given === "string" && given.length > 40) assert.ok(!problem.includes(given), problem);
        }
      }),
    );
  });
});
