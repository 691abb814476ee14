import { inputsSchema } from "../../../provider/nodePoolSync/inputs/schema.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";

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
const base64 = "must be Base64, in one line or as `base64` wraps it; encodeScript makes it from plain text";

/** One fault each: where it is, the value there, and all that is said. */
export const inputFaults: readonly [path: string, value: unknown, problems: string[]][] = [
  ["clusterId", undefined, [`clusterId: is required and ${id}`]],
  ["clusterId", "", [`clusterId: ${id} (given: "")`]],
  ["clusterId", "a b", [`clusterId: ${id} (given: "a b")`]],
  ["clusterId", "..", ['clusterId: must not be "." or ".." (given: "..")']],
  ["clusterId", 5, [`clusterId: ${id} (given: 5)`]],
  ["nodePoolId", "a\r\nX-Evil: 1", [`nodePoolId: ${id} (given: "a\\r\\nX-Evil: 1")`]],
  ["maxUnavailable", undefined, [`maxUnavailable: is required and ${twenty}`]],
  ["maxUnavailable", 0, [`maxUnavailable: ${twenty} (given: 0)`]],
  ["maxUnavailable", 21, [`maxUnavailable: ${twenty} (given: 21)`]],
  ["maxUnavailable", 1.5, [`maxUnavailable: ${twenty} (given: 1.5)`]],
  ["maxUnavailable", "2", [`maxUnavailable: ${twenty} (given: "2")`]],
  ...["0%", "101%", "20.5%", "%", "20 %", "-5%"].map(
    (value) =>
      ["maxUnavailable", value, [`maxUnavailable: ${twenty} (given: "${value}")`]] as [
        string,
        unknown,
        string[],
      ],
  ),
  ["rollout", "10%", ['rollout: must be an object (given: "10%")']],
  ["rollout", {}, [oneWave]],
  ["rollout", { soak: "10m", zoneByZone: false }, [oneWave]],
  ["rollout", { canary: 0 }, [`rollout.canary: ${share} (given: 0)`]],
  ["rollout", { canary: "1" }, [`rollout.canary: ${share} (given: "1")`]],
  ["rollout", { waveSize: "0%" }, [`rollout.waveSize: ${share} (given: "0%")`]],
  ["rollout", { canary: 1, maxFailures: -1 }, ["rollout.maxFailures: must be an integer from 0 (given: -1)"]],
  [
    "rollout",
    { canary: 1, maxFailures: "10%" },
    ['rollout.maxFailures: must be an integer from 0 (given: "10%")'],
  ],
  ["rollout", { zoneByZone: "yes" }, ['rollout.zoneByZone: must be true or false (given: "yes")']],
  ...["", "0s", "10", "10 m", "m", "1m1h", "25h", "1.5h", "PT10M"].map(
    (soak) =>
      ["rollout", { canary: 1, soak }, [`rollout.soak: ${time} (given: "${soak}")`]] as [
        string,
        unknown,
        string[],
      ],
  ),
  ["rollout", { canari: 1, waveSize: 2 }, ["rollout.canari: is not a property; did you mean canary?"]],
  ["nodeIds", [], ["nodeIds: must not be empty; leave it out to select all nodes of the pool"]],
  ["nodeIds", ["a", "a"], ["nodeIds: must not name a node twice"]],
  ["nodeIds", ["a", ""], ['nodeIds[1]: must be a non-empty node ID (given: "")']],
  ["nodeIds", "a", ['nodeIds: must be an array of node IDs (given: "a")']],
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
  ["force", "true", ['force: must be true or false (given: "true")']],
  ["retryTimes", 1, [`retryTimes: is not a property; the properties here are ${names}`]],
  ["skippedNodes", ["a"], [`skippedNodes: is not a property; the properties here are ${names}`]],
  ["onCreate", "none", ['onCreate: must be outdated, all or nothing (given: "none")']],
  ["onChange", "nothing", ['onChange: must be all or outdated (given: "nothing")']],
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
  ["wait", 1, ["wait: must be true or false (given: 1)"]],
  ["region", "EU west", ['region: must be a region such as eu-west-101 (given: "EU west")']],
  [
    "region",
    "eu.evil.example/",
    ['region: must be a region such as eu-west-101 (given: "eu.evil.example/")'],
  ],
  ["projectId", "", [`projectId: ${id} (given: "")`]],
  [
    "endpoint",
    "cce.example",
    ['endpoint: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu (given: "cce.example")'],
  ],
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
  ["clusterId", "a\ud800", [`clusterId: ${id} (given: "a\\ud800")`]],
  ["nodePoolId", ".", ['nodePoolId: must not be "." or ".." (given: ".")']],
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
  ["maxUnavailable", null, [`maxUnavailable: ${twenty} (given: null)`]],
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
