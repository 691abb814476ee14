import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../provider/nodePoolSync/inputs/check.ts";
import { passwordIn } from "../../provider/nodePoolSync/inputs/secretInputs.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { fullInputs, isGiven, placesOf, putAt } from "../support/inputs/fullInputs.ts";
import { isRight } from "../support/inputs/inputRules.ts";
import { anyText, holds, ofCases } from "../support/properties.ts";

const password = "nodeTemplate.login.userPassword.password";
const secret = "Canary-7-plain";
const ownPlaces = placesOf(fullInputs);
const places = [
  ...ownPlaces,
  "excludeNodeIds",
  "stranger",
  "nodeTemplate.login.sshKey",
  "nodeTemplate.volumeConfig",
  "nodeTemplate.lifeCycle.waitPostInstallFinish",
  "nodeTemplate.login.userPassword.user name",
];

/** Values that are right or nearly right somewhere, and any others. */
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  anyText(),
  fc.constantFrom<unknown>(
    0,
    1,
    20,
    21,
    2.5,
    -1,
    true,
    false,
    "",
    "a",
    "a b",
    "..",
    "ZWNobyAx",
    "ZWNobyA",
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    ["a", "b"],
    ["a", "a"],
    "DefaultPool",
    "outdated",
    "all",
    "nothing",
    "r-1",
    "R",
    "http://127.0.0.1:80",
    "https://h/x",
    "Abc-1234",
    "abcdefgh",
    { volumeResetPolicy: "reset_managed_volumes" },
    { volumeResetPolicy: "other" },
    { sshKey: "k" },
    { username: "u", password: "Abc-1234" },
  ),
);
const mutations = fc.array(fc.tuple(fc.constantFrom(...places), value), { minLength: 1, maxLength: 4 });
const apply = (changes: [string, unknown][], from: object = fullInputs) =>
  changes.reduce((inputs, [path, put]) => putAt(path, put, inputs), from as Record<string, unknown>);

describe("inputs of any kind", () => {
  it("are refused just when they are wrong, without a throw", () => {
    let right = 0;
    holds(
      fc.property(mutations, (changes) => {
        const news = apply(changes);
        const { problems } = check(news);
        assert.equal(problems.length === 0, isRight(news), problems.join("\n"));
        right += problems.length === 0 ? 1 : 0;
      }),
    );
    // About 650 of 10,000 are right: the bound is so low that a run of 1,000 cases does not miss it by chance.
    assert.ok(right > ofCases(100) && right < ofCases(9900), `${right} were right`);
  });

  it("have problems of one line that begin with the path of a property", () => {
    const path = /^[\w$\p{L}]+(\.[\w$\p{L}]+|\[\d+\]|\["[^\n]*"\])*: \S/u;
    holds(
      fc.property(mutations, (changes) => {
        for (const problem of check(apply(changes)).problems) {
          assert.match(problem, path);
          assert.doesNotMatch(problem, /\p{Cc}/u);
        }
      }),
    );
  });

  it("have no problem more when one of their values is not known yet", () => {
    fc.assert(
      fc.property(mutations, fc.constantFrom(...ownPlaces), (changes, place) => {
        const news = apply(changes);
        // Something has to stand there: to put a value behind the end of an array would leave a hole before it.
        fc.pre(isGiven(place, news));
        // Whether a wrong value is quoted depends on what the nodes get, which may be what is not known.
        const problemsOf = (inputs: typeof news) =>
          check(inputs).problems.map((problem) => problem.replace(/ \(given: .*\)$/, ""));
        const before = problemsOf(news);
        const after = problemsOf(putAt(place, unknownValue, news));
        assert.deepEqual(
          after.filter((problem) => !before.includes(problem)),
          [],
        );
      }),
    );
  });

  it("never have the password in a problem", () => {
    holds(
      fc.property(mutations, (changes) => {
        const long = putAt(password, `${secret} and much too long`, apply(changes));
        const alike = putAt(password, secret, putAt("maxUnavailable", secret, apply(changes)));
        for (const spoilt of [long, alike].filter(passwordIn))
          assert.ok(!check(spoilt).problems.join("\n").includes(secret));
      }),
    );
  });

  it("never have anything of the template in a problem, nor what has no known name", () => {
    const hidden = places.filter((path) => /^(nodeTemplate\.|stranger)/.test(path));
    holds(
      fc.property(mutations, fc.constantFrom(...hidden), (changes, path) => {
        const spoilt = putAt(path, [secret], putAt(path, secret, apply(changes)));
        for (const given of [spoilt, putAt(path, secret, spoilt)])
          assert.ok(!check(given).problems.join("\n").includes(secret));
      }),
    );
  });

  it("come back the same when they are validated once more", () => {
    holds(
      fc.property(mutations, (changes) => {
        const once = check(apply(changes));
        if (once.problems.length === 0) assert.deepEqual(check(once.inputs).inputs, once.inputs);
      }),
    );
  });
});
