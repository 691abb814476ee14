import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { compileAll, type Finding } from "../support/programs/compiler.ts";
import { textOf } from "../support/root.ts";

const require = createRequire(import.meta.url);

/** A program around a line of the tables below. */
const program = (line: string) => `
import * as pulumi from "@pulumi/pulumi";
import { encodeScript, type ErrorCode, errorCodes, getNodePool, getNodePoolOutput, NodePoolSync, type PoolNode } from "pulumi-cce-nodepool-sync";
import { type Emulator, profiles, startEmulator } from "pulumi-cce-nodepool-sync/emulator";
const config = new pulumi.Config();
const later = pulumi.output("x");
const count = pulumi.output(1);
const place = { clusterId: "c", nodePoolId: "n", maxUnavailable: 1 };
const sync = new NodePoolSync("a", place);
declare const emulator: Emulator;
${line}
export const all = [config, later, count, place, sync, emulator, encodeScript, errorCodes, getNodePool, getNodePoolOutput, profiles, startEmulator];
export type Code = ErrorCode;
export type Nodes = PoolNode[];
`;

const make = (args: string) => `new NodePoolSync("b", ${args});`;
const add = (fields: string) => make(`{ ...place, ${fields} }`);
const template = (fields: string) => add(`nodeTemplate: { ${fields} }`);
const scripts = (fields: string) => template(`lifeCycle: { ${fields} }, login: { sshKey: "k" }`);
const volumes = (fields: string) =>
  template(`lifeCycle: {}, login: { sshKey: "k" }, volumeConfig: { ${fields} }`);
const login = (value: string) => template(`lifeCycle: {}, login: ${value}`);
const password = (fields: string) => login(`{ userPassword: { ${fields} } }`);
const fault = (fields: string) => `emulator.addFault({ ${fields} });`;
const emulate = (fields: string) => `startEmulator({ ${fields} });`;
/** A line that wants the value to be of the type. */
const want = (type: string, value: string) => `export const wanted: ${type} = ${value};`;

const right: Record<string, string> = {
  "plain values": make("place"),
  "outputs at every level": add("clusterId: later, maxUnavailable: count, nodeIds: [later]"),
  "a share of the nodes": add('maxUnavailable: "20%"'),
  "waves after a canary": add('rollout: { canary: 1, waveSize: "25%", soak: "10m", maxFailures: count }'),
  "waves of one zone each": add("rollout: { zoneByZone: true }"),
  "an output of a whole rollout": add("rollout: pulumi.output({ waveSize: 2 })"),
  "nodes that are left out": add("excludeNodeIds: [later]"),
  "the nodes to reset": add('onCreate: "nothing", onChange: "outdated"'),
  "an encoded script": scripts("preInstall: encodeScript(later)"),
  "a password": password("password: pulumi.secret(later)"),
  "a key pair": login("{ sshKey: later }"),
  "an output of a whole login": login('pulumi.output({ sshKey: "k" })'),
  "one of two logins": login('place ? { sshKey: "k" } : { userPassword: { password: later } }'),
  "triggers of any kind": add("triggers: [later, 1, { a: [true] }]"),
  "triggers by name": add("triggers: { os: later, size: 1 }"),
  "nodes that another sync found outdated": add("nodeIds: sync.outdatedNodeIds"),
  "the status": want('pulumi.Output<"accepted" | "inProgress" | "synced" | "failed">', "sync.status"),
  "the nodes that failed": want(
    "pulumi.Output<string[]>",
    "sync.failedNodes.apply((all) => all.map((node) => node.name))",
  ),
  "an input that was recorded": want("pulumi.Output<string[] | undefined>", "sync.nodeIds"),
  "a template that was recorded": want(
    "pulumi.Output<string | undefined>",
    "sync.nodeTemplate.apply((template) => template?.login.userPassword?.username)",
  ),
  "how many nodes were skipped": want("pulumi.Output<number | undefined>", "sync.skippedNodeCount"),
  "a look-up": want("pulumi.Output<number | undefined>", 'NodePoolSync.get("b", "c/n").syncedNodeCount'),
  "a pool that is looked up": want(
    "Promise<PoolNode[]>",
    'getNodePool({ clusterId: "c", nodePoolId: "n" }).then(({ nodes }) => nodes)',
  ),
  "a pool that is looked up after a sync": want(
    "pulumi.Output<string[]>",
    "getNodePoolOutput({ clusterId: sync.clusterId, nodePoolId: later, region: later }).outdatedNodeIds",
  ),
  "an error code": want("ErrorCode", "errorCodes.timedOut"),
  "an emulator of its own": emulate("nodesPerPool: 5, profile: { ...profiles.standard, showsJob: false }"),
  "a fault of the emulator": fault('kind: ["sync", "job"], effect: { kind: "drop" }'),
};

const unlike = (given: string, type: string) => `'${given}' is not assignable to type '${type}`;
const unknownTo = (type: string) => `does not exist in type '${type}`;

/** A line that is wrong, the part of it that is underlined, and what the one message about it says. */
type Wrong = readonly [line: string, at: string, ...says: string[]];

const wrong: Record<string, readonly Wrong[]> = {
  "a pool to look up with an output": [
    ['getNodePool({ clusterId: later, nodePoolId: "n" });', "clusterId", unlike("Output<string>", "string")],
  ],
  "a pool to look up that is half named": [
    ['getNodePool({ clusterId: "c" });', '{ clusterId: "c" }', "'nodePoolId' is missing"],
  ],
  "a misspelled input": [
    [add("nodeIDs: []"), "nodeIDs", "Did you mean to write 'nodeIds'"],
    [add('nodePoolID: "n"'), "nodePoolID", "Did you mean to write 'nodePoolId'"],
    [add("maxUnavailible: 2"), "maxUnavailible", "Did you mean to write 'maxUnavailable'"],
    [add("nodetemplate: {}"), "nodetemplate", "Did you mean to write 'nodeTemplate'"],
    [add("trigger: []"), "trigger", "Did you mean to write 'triggers'"],
    [add("excludedNodeIds: []"), "excludedNodeIds", "Did you mean to write 'excludeNodeIds'"],
    [add('projectID: "p"'), "projectID", "Did you mean to write 'projectId'"],
  ],
  // Where an output may stand for the whole object, the compiler looks for no similar name.
  "a misspelled input inside": [
    [template('lifecycle: {}, login: { sshKey: "k" }'), "lifecycle", unknownTo("Input<NodeTemplateArgs>")],
    [scripts('preinstall: "x"'), "preinstall", unknownTo("Input<LifeCycleArgs>")],
    [scripts('postinstall: "x"'), "postinstall", unknownTo("Input<LifeCycleArgs>")],
    [login('{ sshkey: "k" }'), "sshkey", unknownTo("Input<LoginArgs>")],
    [login('{ userpassword: { password: "p" } }'), "userpassword", unknownTo("Input<LoginArgs>")],
    [password('userName: "u", password: "p"'), "userName", unknownTo("Input<UserPasswordArgs>")],
    [volumes('resetPolicy: "x"'), "resetPolicy", unknownTo("Input<VolumeConfigArgs>")],
  ],
  "an input in the wrong place": [
    [add('login: { sshKey: "k" }'), "login", unknownTo("NodePoolSyncArgs")],
    [add('postInstall: "x"'), "postInstall", unknownTo("NodePoolSyncArgs")],
    [template('lifeCycle: {}, sshKey: "k"'), "sshKey", unknownTo("Input<NodeTemplateArgs>")],
    [login('{ password: "p" }'), "password", unknownTo("Input<LoginArgs>")],
    ['new NodePoolSync("b", place, { force: true });', "force", unknownTo("CustomResourceOptions")],
  ],
  "an input too few or too many": [
    [
      make("{ clusterId: later, nodePoolId: later }"),
      "{ clusterId: later, nodePoolId: later }",
      "'maxUnavailable' is missing",
    ],
    [make("{}"), "{}", "missing", "clusterId, nodePoolId, maxUnavailable"],
    ['new NodePoolSync("b");', 'new NodePoolSync("b")', "Expected 2-3 arguments, but got 1"],
    [template("lifeCycle: {}"), "nodeTemplate", "'login' is missing"],
    [template('login: { sshKey: "k" }'), "nodeTemplate", "'lifeCycle' is missing"],
    [login("{}"), "login", unlike("{}", "Input<LoginArgs>")],
    [password('username: "root"'), "userPassword", "'password' is missing"],
    [
      login('{ sshKey: "k", userPassword: { password: "p" } }'),
      "sshKey",
      unknownTo("LoginWithUserPasswordArgs"),
    ],
  ],
  "a rollout that is no more than one wave": [
    [add('rollout: { soak: "10m" }'), "rollout", "is missing in type"],
    [add("rollout: {}"), "rollout", unlike("{}", "Input<RolloutArgs> | undefined")],
  ],
  "a value of the wrong type": [
    [add("maxUnavailable: true"), "maxUnavailable", unlike("boolean", "Input<string | number>")],
    [add("rollout: { canary: true }"), "canary", unlike("true", "Input<string | number> | undefined")],
    [add("rollout: { waveSize: 1, soak: 600 }"), "soak", unlike("number", "Input<string> | undefined")],
    [add('wait: "true"'), "wait", unlike("string", "Input<boolean> | undefined")],
    [add('onCreate: "none"'), "onCreate", '"outdated" | "all" | "nothing"'],
    [add('onChange: "nothing"'), "onChange", '"all"', '"outdated"'],
    [add("force: 1"), "force", unlike("number", "Input<boolean> | undefined")],
    [add('nodeIds: "a"'), "nodeIds", unlike("string", "Input<Input<string>[]> | undefined")],
    [add("nodeIds: [1]"), "1", unlike("number", "Input<string>")],
    [add("clusterId: null"), "clusterId", unlike("null", "Input<string>")],
    [add("region: null"), "region", unlike("null", "Input<string> | undefined")],
    [add('clusterId: config.get("c")'), "clusterId", unlike("undefined", "Input<string>")],
    [add("clusterId: sync"), "clusterId", unlike("NodePoolSync", "Input<string>")],
    [add('nodeTemplate: "t"'), "nodeTemplate", unlike("string", "Input<NodeTemplateArgs> | undefined")],
    [scripts('postInstall: ["a"]'), "postInstall", unlike("string[]", "Input<string> | undefined")],
    [scripts("postInstall: new Uint8Array()"), "postInstall", "'Uint8Array<ArrayBuffer>' is not assignable"],
    [login("{ sshKey: 1 }"), "sshKey", unlike("number", "Input<string>")],
    [login('{ sshKey: config.get("k") }'), "sshKey", unlike("undefined", "Input<string>")],
    [login('{ userPassword: "p" }'), "userPassword", unlike("string", "Input<UserPasswordArgs>")],
    [password("password: 12345678"), "password", unlike("number", "Input<string>")],
    [
      volumes('volumeResetPolicy: "keep"'),
      "volumeResetPolicy",
      '"reset_managed_volumes" | "retain_custom_volumes"',
    ],
    [add('triggers: "x"'), "triggers", unlike("string", "Input<unknown[] | Record<string, unknown>>")],
  ],
  "an output of the wrong type": [
    [add("clusterId: count"), "clusterId", unlike("number", "string")],
    [
      add("rollout: { canary: 1, maxFailures: later }"),
      "maxFailures",
      unlike("Output<string>", "Input<number>"),
    ],
    [add("nodeIds: later"), "nodeIds", unlike("Output<string>", "Input<Input<string>[]>")],
    [add("nodeIds: sync.failedNodes"), "nodeIds", unlike("FailedNode", "Input<string>")],
    [add("clusterId: sync.syncedNodeCount"), "clusterId", unlike("number | undefined", "string")],
    [
      add("triggers: later"),
      "triggers",
      unlike("Output<string>", "Input<unknown[] | Record<string, unknown>>"),
    ],
    [add("nodeTemplate: pulumi.output({ lifeCycle: {} })"), "nodeTemplate", "'login' is missing"],
    [login('pulumi.output({ sshkey: "k" })'), "login", "{ sshkey: string; }", "'Input<LoginArgs>'"],
  ],
  "an output that is read wrongly": [
    ["sync.state;", "state", "'state' does not exist on type 'NodePoolSync'"],
    ["sync.failedNode;", "failedNode", "Did you mean 'failedNodes'"],
    ["sync.jobID;", "jobID", "Did you mean 'jobId'"],
    ["sync.status = later as never;", "status", "'status' because it is a read-only property"],
    [
      'sync.status.apply((s) => s === "done");',
      's === "done"',
      '"accepted" | "inProgress" | "synced" | "failed"',
    ],
    ['sync.status === "synced";', 'sync.status === "synced"', "'Output<"],
    [
      "sync.nodeTemplate.apply((template) => template?.login.userPassword?.password);",
      "password",
      "'password' does not exist on type 'UserPassword'",
    ],
    ["sync.failedNodes.apply(([node]) => node?.message);", "message", "not exist on type 'FailedNode'"],
    [want("pulumi.Output<string>", "sync.syncedNodeCount"), "wanted", unlike("number | undefined", "string")],
  ],
  "a function that is called wrongly": [
    ['NodePoolSync.get("b");', "get", "Expected 2-3 arguments, but got 1"],
    ['NodePoolSync.get("b", { clusterId: "c" });', "clusterId", "OutputInstance<string>"],
    ['NodePoolSync.get("b", "c", "n");', '"n"', "'CustomResourceOptions'"],
    ["encodeScript();", "encodeScript", "Expected 1 arguments, but got 0"],
    ["encodeScript(1);", "1", "'number' is not assignable to parameter of type 'Input<string>'"],
    ["encodeScript(null);", "null", "'null' is not assignable to parameter of type 'Input<string>'"],
    [
      "encodeScript([later]);",
      "[later]",
      "'Output<string>[]' is not assignable to parameter of type 'Input<string>'",
    ],
  ],
  "an error code that there is not": [
    ["errorCodes.timeout;", "timeout", "Did you mean 'timedOut'"],
    [want("ErrorCode", '"nodepoolsync/timeout"'), "wanted", "Did you mean '\"nodepoolsync/timed-out\"'"],
    [want("ErrorCode", '"syncFailed"'), "wanted", unlike('"syncFailed"', "ErrorCode")],
  ],
  "an emulator that is used wrongly": [
    [emulate("nodePerPool: 3"), "nodePerPool", "Did you mean to write 'nodesPerPool'"],
    [emulate("resetSecond: 3"), "resetSecond", "Did you mean to write 'resetSeconds'"],
    [emulate("limits: { writePerMinute: 1 }"), "writePerMinute", "Did you mean to write 'writesPerMinute'"],
    [emulate('nodesPerPool: "3"'), "nodesPerPool", unlike("string", "number")],
    [emulate('profile: "bar"'), "profile", "Did you mean '\"bare\"'"],
    [emulate('metadata: "close"'), "metadata", unlike('"close"', "MetadataMode")],
    ["startEmulator(8080);", "8080", "no properties in common with type 'EmulatorOptions'"],
    ["startEmulator().cluster;", "cluster", "not exist on type 'Promise<Emulator>'"],
    [fault('kind: "syncs", effect: { kind: "drop" }'), "kind", "Did you mean '\"sync\"'"],
    [fault('effect: { kind: "break" }'), "kind", '"answer" | "drop" | "hang" | "delay"'],
    [fault('effect: { kind: "delay", ms: 5 }'), "ms", "milliseconds: number"],
    ["emulator.env;", "env", "'env' does not exist on type 'Emulator'"],
  ],
};

describe("a program", () => {
  const lines = [
    ...Object.values(right),
    ...Object.values(wrong).flatMap((rows) => rows.map(([line]) => line)),
  ];
  let findings: ReadonlyMap<string, Finding[]>;
  before(() => {
    const found = compileAll(lines.map(program));
    findings = new Map(lines.map((line, index) => [line, found[index] ?? []]));
  });

  for (const [what, line] of Object.entries(right))
    it(`compiles with ${what}`, () => assert.deepEqual(findings.get(line), []));

  it("compiles with the settings of Pulumi's own template, the declarations of the package too", () => {
    const found = compileAll(Object.values(right).map(program), {
      project: "pulumiTemplate",
      types: ["node"],
    });
    assert.deepEqual(found.flat(), []);
  });

  it("is read by the TypeScript that Pulumi brings for projects without one of their own", () => {
    const bundled = require.resolve("@pulumi/pulumi/vendor/typescript@3.8.3/typescript.js");
    const old = require(bundled);
    for (const file of ["dist/sdk/index.d.ts", "dist/emulator/index.d.ts"]) {
      const { parseDiagnostics } = old.createSourceFile(file, textOf(file), old.ScriptTarget.ES2020);
      assert.deepEqual(parseDiagnostics, [], file);
    }
  });

  for (const [what, rows] of Object.entries(wrong)) {
    describe(`with ${what} does not compile, for one reason, which is reported at the spot`, () => {
      for (const [line, at, ...says] of rows) {
        it(line, () => {
          const [reason, ...more] = findings.get(line) ?? [];
          assert.deepEqual([reason?.at, more], [at, []]);
          for (const said of says) assert.ok(reason?.text.includes(said), reason?.text);
        });
      }
    });
  }
});
