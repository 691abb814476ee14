import assert from "node:assert/strict";
import fc from "fast-check";
import { check } from "../../provider/nodePoolSync/check.ts";
import { unknownValue } from "../../provider/util/unknowns.ts";
import { fullInputs, isGiven, placesOf, putAt } from "../support/fullInputs.ts";
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

type Rule = (value: unknown) => boolean;
const optional =
  (rule: Rule): Rule =>
  (it) =>
    it === undefined || rule(it);
const isText: Rule = (it) => typeof it === "string" && it.length > 0;
const isFlag: Rule = (it) => typeof it === "boolean";
const isId: Rule = (it) =>
  isText(it) &&
  it !== "." &&
  it !== ".." &&
  (it as string).isWellFormed() &&
  !/[\s\p{Cc}]/u.test(it as string);
const isWhole = (min: number, max: number) => (it: unknown) =>
  Number.isInteger(it) && (it as number) >= min && (it as number) <= max;
const isAmount =
  (min: number, max: number): Rule =>
  (it) =>
    isWhole(min, max)(it) ||
    (typeof it === "string" &&
      /^\d+%$/.test(it) &&
      !it.startsWith("0") &&
      isWhole(1, 100)(Number.parseInt(it, 10)));
const isSoak: Rule = (it) => {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^(?:(\d{1,2})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?$/.exec(String(it)) ?? [];
  const length = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return typeof it === "string" && length > 0 && length <= 24 * 3600;
};
const isRollout: Rule = (it) => {
  const { canary, waveSize, zoneByZone } = (it ?? {}) as Record<string, unknown>;
  return (
    isShape({
      canary: optional(isAmount(1, Number.MAX_SAFE_INTEGER)),
      waveSize: optional(isAmount(1, Number.MAX_SAFE_INTEGER)),
      zoneByZone: optional(isFlag),
      soak: optional(isSoak),
      maxFailures: optional(isWhole(0, Number.MAX_SAFE_INTEGER)),
    })(it) &&
    (canary !== undefined || waveSize !== undefined || zoneByZone === true)
  );
};
const isScript: Rule = (it) => isText(it) && Buffer.from(it as string, "base64").toString("base64") === it;
const isList =
  (rule: Rule): Rule =>
  (it) =>
    Array.isArray(it) && it.every(rule);
const isObject: Rule = (it) => typeof it === "object" && it !== null && !Array.isArray(it);
const isShape =
  (rules: Record<string, Rule>): Rule =>
  (it) =>
    isObject(it) &&
    Object.keys(it as object).every((key) => Object.hasOwn(rules, key)) &&
    Object.entries(rules).every(([key, rule]) => rule((it as Record<string, unknown>)[key]));

/** The rules of a password for the user of the mutated inputs, from the API's page. */
const isPasswordFor =
  (username: unknown): Rule =>
  (it) => {
    if (typeof it !== "string") return false;
    const length = Array.from(it).length;
    const classes = [/[A-Z]/, /[a-z]/, /[0-9]/, /[!@$%^\-_=+[{}\]:,./?~#*]/].filter((kind) =>
      kind.test(it),
    ).length;
    const name = typeof username === "string" && username !== "" ? username : "root";
    const backwards = Array.from(name).reverse().join("");
    if (/\p{Cc}/u.test(it)) return false;
    return length >= 8 && length <= 26 && classes >= 3 && !it.includes(name) && !it.includes(backwards);
  };

const isUserPassword: Rule = (it) =>
  isShape({
    username: optional(isText),
    password: isPasswordFor((it as { username?: unknown } | null)?.username),
  })(it);
const isLogin: Rule = (it) =>
  isShape({ sshKey: optional(isText), userPassword: optional(isUserPassword) })(it) &&
  Object.values(it as object).filter((way) => way !== undefined).length === 1;
const isAddress: Rule = (it) =>
  typeof it === "string" && /^(https:\/\/[a-z0-9.-]+|http:\/\/127\.0\.0\.1)(:\d+)?\/?$/i.test(it);

const hasTemplateForDefaultPool: Rule = (it) => {
  const { nodePoolId, nodeTemplate } = it as Record<string, unknown>;
  return nodePoolId !== "DefaultPool" || nodeTemplate !== undefined;
};
const hasOneSelection: Rule = (it) => {
  const { nodeIds, excludeNodeIds = [] } = it as Record<string, unknown>;
  return nodeIds === undefined || (excludeNodeIds as []).length === 0;
};

const waitsForWaves: Rule = (it) => {
  const { rollout, wait } = it as Record<string, unknown>;
  return rollout === undefined || wait !== false;
};

/** Whether inputs are right; a second opinion, made from the documentation. */
const isRight: Rule = (it) =>
  hasRightShape(it) && hasTemplateForDefaultPool(it) && hasOneSelection(it) && waitsForWaves(it);

const hasRightShape = isShape({
  clusterId: isId,
  nodePoolId: isId,
  maxUnavailable: isAmount(1, 20),
  rollout: optional(isRollout),
  nodeIds: optional(
    (it) => isList(isText)(it) && (it as []).length > 0 && new Set(it as []).size === (it as []).length,
  ),
  nodeTemplate: optional(
    isShape({
      lifeCycle: isShape({
        preInstall: optional(isScript),
        postInstall: optional(isScript),
        waitPostInstallFinish: optional(isFlag),
      }),
      login: isLogin,
      volumeConfig: optional(
        isShape({
          volumeResetPolicy: optional(
            (it) => it === "reset_managed_volumes" || it === "retain_custom_volumes",
          ),
        }),
      ),
    }),
  ),
  force: optional(isFlag),
  excludeNodeIds: optional(isList(isText)),
  onCreate: optional((it) => ["outdated", "all", "nothing"].includes(it as string)),
  onChange: optional((it) => ["outdated", "all"].includes(it as string)),
  validateStorage: optional(isFlag),
  triggers: optional((it) => Array.isArray(it) || isObject(it)),
  wait: optional(isFlag),
  region: optional((it) => typeof it === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(it)),
  projectId: optional(isId),
  endpoint: optional(isAddress),
});

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
        const before = check(news).problems;
        const after = check(putAt(place, unknownValue, news)).problems;
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
        const spoilt = putAt(password, `${secret} and much too long`, apply(changes));
        assert.ok(!check(spoilt).problems.join("\n").includes(secret));
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
