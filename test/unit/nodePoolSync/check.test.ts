import assert from "node:assert/strict";
import { check } from "../../../provider/nodePoolSync/check.ts";
import { salt } from "../../../provider/nodePoolSync/password.ts";
import { inputsSchema } from "../../../provider/nodePoolSync/schema.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";
import { fullInputs as full, placesOf } from "../../support/fullInputs.ts";
import { smallInputs, templateInputs } from "../../support/inputs.ts";

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
const tooLong = "must have 8 to 26 characters";
const threeKinds =
  "must contain at least three of: uppercase letters, lowercase letters, digits, special characters !@$%^-_=+[{}]:,./?~#* (others, such as & or a space, do not count)";
const controls =
  "must not contain line breaks or other control characters (text read from a file often ends in one)";
const otherCrypt =
  "must be plain text, or a SHA-512 crypt string with the default number of rounds in Base64: `openssl passwd -6 | base64`";
const bothSelections =
  "excludeNodeIds: must not be given together with nodeIds; name in nodeIds only the nodes to synchronize";
const names = Object.keys(inputsSchema.shape).join(", ");
const id = "must be a non-empty ID without white space or control characters";
const twenty = 'must be an integer from 1 to 20, or a percentage such as "20%"';
const share = 'must be an integer from 1, or a percentage such as "20%"';
const time = 'must be a time such as "90s", "10m" or "1h30m", more than zero and at most 24 hours';
const oneWave = "rollout: must have canary, waveSize or zoneByZone: without them there is a single wave";
const base64 =
  "must be Base64 in one line: `base64 -w 0` writes it so, and encodeScript makes it from plain text";

/** One fault each: where it is, the value there, and all that is said. */
const faults: [path: string, value: unknown, problems: string[]][] = [
  ["clusterId", undefined, [`clusterId: is required and ${id}`]],
  ["clusterId", "", [`clusterId: ${id}`]],
  ["clusterId", "a b", [`clusterId: ${id}`]],
  ["clusterId", "..", ['clusterId: must not be "." or ".."']],
  ["clusterId", 5, [`clusterId: ${id}`]],
  ["nodePoolId", "a\r\nX-Evil: 1", [`nodePoolId: ${id}`]],
  ["maxUnavailable", undefined, [`maxUnavailable: is required and ${twenty}`]],
  ["maxUnavailable", 0, [`maxUnavailable: ${twenty}`]],
  ["maxUnavailable", 21, [`maxUnavailable: ${twenty}`]],
  ["maxUnavailable", 1.5, [`maxUnavailable: ${twenty}`]],
  ["maxUnavailable", "2", [`maxUnavailable: ${twenty}`]],
  ...["0%", "101%", "20.5%", "%", "20 %", "-5%"].map(
    (value) => ["maxUnavailable", value, [`maxUnavailable: ${twenty}`]] as [string, unknown, string[]],
  ),
  ["rollout", "10%", ["rollout: must be an object"]],
  ["rollout", {}, [oneWave]],
  ["rollout", { soak: "10m", zoneByZone: false }, [oneWave]],
  ["rollout", { canary: 0 }, [`rollout.canary: ${share}`]],
  ["rollout", { canary: "1" }, [`rollout.canary: ${share}`]],
  ["rollout", { waveSize: "0%" }, [`rollout.waveSize: ${share}`]],
  ["rollout", { canary: 1, maxFailures: -1 }, ["rollout.maxFailures: must be an integer from 0"]],
  ["rollout", { canary: 1, maxFailures: "10%" }, ["rollout.maxFailures: must be an integer from 0"]],
  ["rollout", { zoneByZone: "yes" }, ["rollout.zoneByZone: must be true or false"]],
  ...["", "0s", "10", "10 m", "m", "1m1h", "25h", "1.5h", "PT10M"].map(
    (soak) => ["rollout", { canary: 1, soak }, [`rollout.soak: ${time}`]] as [string, unknown, string[]],
  ),
  ["rollout", { canari: 1, waveSize: 2 }, ["rollout.canari: is not a property; did you mean canary?"]],
  ["nodeIds", [], ["nodeIds: must not be empty; leave it out to select all nodes of the pool"]],
  ["nodeIds", ["a", "a"], ["nodeIds: must not name a node twice"]],
  ["nodeIds", ["a", ""], ["nodeIds[1]: must be a non-empty node ID"]],
  ["nodeIds", "a", ["nodeIds: must be an array of node IDs"]],
  ["nodeTemplate", "x", ["nodeTemplate: must be an object"]],
  ["nodeTemplate.lifeCycle", undefined, ["nodeTemplate.lifeCycle: is required and must be an object"]],
  ["nodeTemplate.login", undefined, ["nodeTemplate.login: is required and must be an object"]],
  ["nodeTemplate.login", {}, ["nodeTemplate.login: must have exactly one of sshKey and userPassword"]],
  [
    "nodeTemplate.login.sshKey",
    "k",
    ["nodeTemplate.login: must have exactly one of sshKey and userPassword"],
  ],
  ["nodeTemplate.lifeCycle.preInstall", "echo 1", [`nodeTemplate.lifeCycle.preInstall: ${base64}`]],
  ["nodeTemplate.lifeCycle.postInstall", "", [`nodeTemplate.lifeCycle.postInstall: ${base64}`]],
  [
    "nodeTemplate.lifeCycle.preInstall",
    "QUFB".repeat(2559),
    [
      "nodeTemplate.lifeCycle: preInstall and postInstall together must have at most 10240 characters (after Base64)",
    ],
  ],
  [
    "nodeTemplate.volumeConfig",
    { volumeResetPolicy: "keep" },
    ["nodeTemplate.volumeConfig.volumeResetPolicy: must be reset_managed_volumes or retain_custom_volumes"],
  ],
  [password, undefined, [`${password}: is required and must be a string`]],
  [password, "Ab-1", [`${password}: ${tooLong}`]],
  [password, "abcdefgh", [`${password}: ${threeKinds}`]],
  [password, "abc", [`${password}: ${tooLong}`, `${password}: ${threeKinds}`]],
  [password, "Abc-toor-1", [`${password}: must not contain the user name, forwards or backwards`]],
  [
    "nodeTemplate.login.userPassword.username",
    "",
    ["nodeTemplate.login.userPassword.username: must be a non-empty string"],
  ],
  ["force", "true", ["force: must be true or false"]],
  ["retryTimes", 1, [`retryTimes: is not a property; the properties here are ${names}`]],
  ["skippedNodes", ["a"], [`skippedNodes: is not a property; the properties here are ${names}`]],
  ["onCreate", "none", ["onCreate: must be outdated, all or nothing"]],
  ["onChange", "nothing", ["onChange: must be all or outdated"]],
  ["excludeNodeIds", ["a"], [bothSelections]],
  [
    "nodeTemplate",
    undefined,
    ["nodeTemplate: is required for DefaultPool, which has no settings of its own"],
  ],
  [password, "Abcd-1234\n", [`${password}: ${controls}`]],
  [password, `$5$abcdefgh$${"x".repeat(43)}`, [`${password}: ${otherCrypt}`]],
  [password, `$6$rounds=9000$abcdefgh$${"x".repeat(86)}`, [`${password}: ${otherCrypt}`]],
  [
    password,
    Buffer.from(`$1$abcdefgh$${"x".repeat(22)}\n`).toString("base64"),
    [`${password}: ${otherCrypt}`],
  ],
  ["nodeTemplate.lifeCycle.preInstall", "shut\ndown", [`nodeTemplate.lifeCycle.preInstall: ${base64}`]],
  ["nodeTemplate.lifeCycle.preInstall", "shutdown\n", [`nodeTemplate.lifeCycle.preInstall: ${base64}`]],
  ["nodeTemplate.lifeCycle.preInstall", "echo test", [`nodeTemplate.lifeCycle.preInstall: ${base64}`]],
  ["triggers", "x", ["triggers: must be an array or a map"]],
  ["wait", 1, ["wait: must be true or false"]],
  ["region", "EU west", ["region: must be a region such as eu-west-101"]],
  ["region", "eu.evil.example/", ["region: must be a region such as eu-west-101"]],
  ["projectId", "", [`projectId: ${id}`]],
  ["endpoint", "cce.example", ["endpoint: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu"]],
  [
    "endpoint",
    "http://cce.example",
    ["endpoint: must begin with https:// (plain http is accepted for loopback addresses only)"],
  ],
  [
    "endpoint",
    "https://u:p@cce.example",
    ["endpoint: must be an address without user name, path, query or fragment"],
  ],
  ["clusterId", "a\ud800", [`clusterId: ${id}`]],
  ["nodePoolId", ".", ['nodePoolId: must not be "." or ".."']],
  ["nodeTemplate.login", "k", ["nodeTemplate.login: must be an object"]],
  ["nodeTemplate.login.userPassword", [], ["nodeTemplate.login.userPassword: must be an object"]],
  [password, `Ab-1${"x".repeat(23)}`, [`${password}: ${tooLong}`]],
  [password, "Abc-root-1", [`${password}: must not contain the user name, forwards or backwards`]],
  [
    "nodeTemplate.login.userPassword.name",
    "x",
    ["nodeTemplate.login.userPassword.name: is not a property; the properties here are username, password"],
  ],
  ["nodeIds", ["a", unknownValue, "a"], ["nodeIds: must not name a node twice"]],
  ["maxUnavailable", null, [`maxUnavailable: ${twenty}`]],
  ["maxUnavailble", 2, ["maxUnavailble: is not a property; did you mean maxUnavailable?"]],
  ["nodeIDs", ["a"], ["nodeIDs: is not a property; did you mean nodeIds?"]],
  ["nodeTemplate.lifecycle", {}, ["nodeTemplate.lifecycle: is not a property; did you mean lifeCycle?"]],
  [
    "nodeTemplate.login.key",
    "k",
    ["nodeTemplate.login.key: is not a property; the properties here are sshKey, userPassword"],
  ],
  [
    "nodeTemplate.login.ssh\u001b[31mkey",
    "k",
    [
      'nodeTemplate.login["ssh\\u001b[31mkey"]: is not a property; the properties here are sshKey, userPassword',
    ],
  ],
];

describe("inputs", () => {
  it("are accepted when they are right, in full and at their smallest", () => {
    assert.deepEqual(check(full).problems, []);
    assert.deepEqual(check(smallInputs).problems, []);
  });

  for (const [path, value, problems] of faults) {
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
      `maxUnavailable: ${twenty}`,
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
