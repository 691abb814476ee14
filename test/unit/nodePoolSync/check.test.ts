import assert from "node:assert/strict";
import { check } from "../../../provider/nodePoolSync/inputs/check.ts";
import { salt } from "../../../provider/nodePoolSync/inputs/password.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";
import { fullInputs as full, placesOf } from "../../support/inputs/fullInputs.ts";
import { smallInputs, templateInputs } from "../../support/inputs/inputs.ts";
import { inputFaults } from "./inputFaults.ts";

const secret = "Canary-7-plain";
/** A copy of the full inputs with another value at the path; undefined removes it. */
function withValue(path: string, value: unknown, from: object = full): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  const copy: Record<string, unknown> = Array.isArray(from) ? ([...from] as never) : { ...from };
  if (rest.length > 0) copy[key] = withValue(rest.join("."), value, (copy[key] ?? {}) as object);
  else if (value === undefined) delete copy[key];
  else copy[key] = value;
  return copy;
}

const password = "nodeTemplate.login.userPassword.password";
describe("inputs", () => {
  it("are accepted when they are right, in full and at their smallest", () => {
    assert.deepEqual(check(full).problems, []);
    assert.deepEqual(check(smallInputs).problems, []);
  });

  for (const [path, value, problems] of inputFaults) {
    it(`are refused with ${path} = ${JSON.stringify(value)?.slice(0, 40)}`, () => {
      assert.deepEqual([...check(withValue(path, value)).problems].sort(), [...problems].sort());
    });
  }

  it("are refused with a rollout that nobody waits for", () => {
    const rollout = { canary: 1 };
    assert.deepEqual(check({ ...smallInputs, rollout, wait: false }).problems, [
      "rollout: requires wait to be true: the next wave depends on how the one before went",
    ]);
    assert.deepEqual(check({ ...smallInputs, rollout, wait: unknownValue }).problems, []);
    assert.deepEqual(check({ ...smallInputs, rollout }).problems, []);
  });

  it("are accepted with a rollout of any parts that make waves", () => {
    const maxUnavailable = "25%";
    for (const rollout of [
      { canary: 1, waveSize: "25%", zoneByZone: true, soak: "1h30m", maxFailures: 2 },
      { zoneByZone: true },
      { waveSize: "100%", soak: "90s" },
      { canary: unknownValue },
    ])
      assert.deepEqual(check({ ...smallInputs, maxUnavailable, rollout }).problems, []);
  });

  it("are refused with more than 200 nodes when storage is validated", () => {
    const nodeIds = Array.from({ length: 201 }, (_, index) => `n${index}`);
    assert.deepEqual(check({ ...full, nodeIds, validateStorage: true }).problems, [
      "nodeIds: must have at most 200 nodes when validateStorage is true",
    ]);
    assert.deepEqual(check({ ...full, nodeIds, validateStorage: false }).problems, []);
  });

  for (const [what, value] of [
    ["the password", secret],
    ["the password in Base64", Buffer.from(secret).toString("base64")],
    ["a long text, such as a secret key", "R".repeat(37)],
    ["a URL, which can hold a password", `https://user:${secret}@h`],
    ["a URL that is misspelled", `https:/user:other%40h`],
    ["a URL's query, which can hold a token", "cce.example/?token=other"],
  ] as const)
    it(`are refused without a quotation of ${what}`, () => {
      assert.deepEqual(check({ ...full, nodePoolId: "p", region: value, onCreate: value }).problems, [
        "onCreate: must be outdated, all or nothing",
        "region: must be a region such as eu-west-101",
      ]);
    });

  for (const [what, wrong] of [
    ["below a misspelled name", withValue("nodeTemplate.login", { userPassword: { pasword: secret } })],
    ["in the wrong place", withValue("nodeTemplate.login", { password: secret })],
    ["outside the template", { ...smallInputs, password: secret }],
  ] as const)
    it(`are refused without a quotation of a password that is also given ${what}`, () => {
      const { problems } = check({ ...wrong, region: secret });
      assert.ok(problems.length > 1);
      assert.ok(!problems.join("\n").includes(secret), problems.join("\n"));
    });

  it("are refused with all their problems at once", () => {
    const wrong = withValue(password, "abc", withValue("nodeTemplate.login.userPassword.username", 5));
    const { problems } = check({
      ...wrong,
      maxUnavailable: "x",
      clusterId: "",
      nodeIDs: [],
      nodeIds: ["a", "a", 1],
    });
    const paths = problems.map((problem) => problem.split(": ")[0]);
    assert.deepEqual(
      new Set(paths),
      new Set([
        "clusterId",
        "maxUnavailable",
        "nodeIDs",
        "nodeIds",
        "nodeIds[2]",
        "nodeTemplate.login.userPassword.username",
        password,
      ]),
    );
  });

  it("come back with defaults filled in and ids sorted", () => {
    const inputs = check({
      ...full,
      nodeIds: ["b", "a"],
      wait: undefined,
      onCreate: undefined,
      onChange: undefined,
      nodeTemplate: withoutUser(),
    }).inputs;
    assert.deepEqual(inputs.nodeIds, ["a", "b"]);
    assert.equal(inputs.wait, true);
    assert.equal(inputs.onCreate, "outdated");
    assert.equal(inputs.onChange, "all");
    assert.deepEqual(inputs.nodeTemplate, templateInputs.nodeTemplate);
  });

  it("come back with excluded ids sorted and named once", () => {
    const { inputs, problems } = check({ ...smallInputs, excludeNodeIds: ["b", "a", "b"] });
    assert.deepEqual([inputs.excludeNodeIds, problems], [["a", "b"], []]);
  });

  it("may exclude no node while they name some", () => {
    assert.deepEqual(check({ ...full, excludeNodeIds: [] }).problems, []);
  });

  const salted = salt(secret);
  const crypt = Buffer.from(salted, "base64").toString("latin1");
  for (const [spelling, text] of Object.entries({
    "as one line of Base64": salted,
    "as Base64 that GNU base64 has wrapped": `${wrapped(salted, 76)}\n`,
    "as Base64 of a text that ends in a line break": Buffer.from(`${crypt}\n`).toString("base64"),
    "as Base64 without padding": salted.replace(/=+$/, ""),
    "as a bare crypt text": crypt,
    "as a bare crypt text that ends in a line break": `${crypt}\r\n`,
  })) {
    it(`may hold a password that is salted already, ${spelling}, and record one line of Base64`, () => {
      const { inputs, problems } = check(withValue(password, text));
      assert.deepEqual(problems, []);
      assert.deepEqual(inputs, check(withValue(password, salted)).inputs);
      assert.ok(JSON.stringify(inputs).includes(salted));
    });
  }

  it("may hold scripts that GNU base64 has wrapped, and record one line of Base64", () => {
    const script = Buffer.from("#!/bin/sh\n".repeat(40)).toString("base64");
    for (const text of [
      `${wrapped(script, 76)}\n`,
      wrapped(script, 64).replaceAll("\n", "\r\n"),
      `${script}\n`,
    ]) {
      const path = "nodeTemplate.lifeCycle.postInstall";
      assert.deepEqual(check(withValue(path, text)), check(withValue(path, script)));
    }
  });

  it("are refused, without a throw, when they are nested too deeply to be read", () => {
    let deep: unknown = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    assert.deepEqual(check({ ...smallInputs, triggers: deep }).problems, [
      "inputs: must not be nested thousands of levels deep",
    ]);
  });
});

describe("inputs that are not known yet", () => {
  const places = placesOf(full);

  for (const path of places) {
    it(`are passed over at ${path}`, () =>
      assert.deepEqual(check(withValue(path, unknownValue)).problems, []));
  }

  it("come back untouched, with the defaults beside them filled in", () => {
    const news = withValue(password, unknownValue, { ...full, nodeTemplate: withoutUser() });
    const { inputs } = check(news);
    assert.deepEqual(
      inputs.nodeTemplate,
      withValue("login.userPassword.password", unknownValue, templateInputs.nodeTemplate),
    );
  });

  it("do not keep the top-level defaults from being filled in", () => {
    const { wait: _, ...rest } = smallInputs;
    assert.equal(check({ ...rest, maxUnavailable: unknownValue }).inputs.wait, true);
    assert.equal(check({ ...smallInputs, maxUnavailable: unknownValue, wait: false }).inputs.wait, false);
    assert.equal(check({ ...rest, wait: unknownValue }).inputs.wait, unknownValue);
  });

  it("do not keep the rest from being validated", () => {
    const news = {
      ...withValue(password, unknownValue),
      maxUnavailable: 0,
      nodeIds: [unknownValue, "a", "a"],
    };
    assert.deepEqual([...check(news).problems].sort(), [
      'maxUnavailable: must be an integer from 1 to 20, or a percentage such as "20%" (given: 0)',
      "nodeIds: must not name a node twice",
    ]);
  });
});

/** The text in lines of this many characters. */
function wrapped(text: string, columns: number): string {
  return text.match(new RegExp(`.{1,${columns}}`, "g"))?.join("\n") ?? "";
}

function withoutUser() {
  const { lifeCycle } = templateInputs.nodeTemplate;
  return { lifeCycle, login: { userPassword: { password: secret } } };
}
