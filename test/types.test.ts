import assert from "node:assert/strict";
import { compile } from "./support/compile.ts";

const program = (args: string) => `
import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync, encodeScript } from "pulumi-cce-nodepool-sync";
const later = pulumi.output("x");
const place = { clusterId: "c", nodePoolId: "n", maxUnavailable: 1 };
export const sync = new NodePoolSync("a", ${args});
`;

const template = (login: string) =>
  program(`{ ...place, nodeTemplate: { lifeCycle: { postInstall: encodeScript(later) }, login: ${login} } }`);

describe("a program", () => {
  for (const [what, code] of [
    ["plain values", program("place")],
    [
      "outputs at every level",
      program("{ clusterId: later, nodePoolId: later, maxUnavailable: pulumi.output(1), nodeIds: [later] }"),
    ],
    ["a password", template("{ userPassword: { password: pulumi.secret(later) } }")],
    ["a key pair", template("{ sshKey: later }")],
    ["an output of a whole login", template('pulumi.output({ sshKey: "k" })')],
    ["triggers of any kind", program("{ ...place, triggers: [later, 1, { a: [true] }] }")],
  ] as const) {
    it(`compiles with ${what}`, () => assert.deepEqual(compile(code), []));
  }

  for (const [what, code, pattern] of [
    ["both ways to log in", template('{ sshKey: "k", userPassword: { password: "p" } }'), /not assignable/],
    ["no way to log in", template("{}"), /not assignable/],
    [
      "a template without login",
      program("{ ...place, nodeTemplate: { lifeCycle: {} } }"),
      /'login' is missing/,
    ],
    ["no maxUnavailable", program('{ clusterId: "c", nodePoolId: "n" }'), /'maxUnavailable' is missing/],
    ["a wrong type", program('{ ...place, maxUnavailable: "1" }'), /'string' is not assignable/],
    ["an unknown property", program("{ ...place, nodeIDs: [] }"), /Did you mean to write 'nodeIds'/],
    [
      "an unknown policy",
      program(
        '{ ...place, nodeTemplate: { lifeCycle: {}, login: { sshKey: "k" }, volumeConfig: { volumeResetPolicy: "keep" } } }',
      ),
      /not assignable/,
    ],
  ] as const) {
    it(`does not compile with ${what}`, () => assert.match(compile(code).join("\n"), pattern));
  }

  it("gets its outputs with their types", () => {
    const code = `${program("place")}
const status: pulumi.Output<"accepted" | "inProgress" | "synced" | "failed"> = sync.status;
const failed: pulumi.Output<string[]> = sync.failedNodes.apply((nodes) => nodes.map(({ name }) => name));
const ids: pulumi.Output<string[] | undefined> = sync.nodeIds;
export const all = [status, failed, ids, sync.id, NodePoolSync.get("b", "c/n").syncedNodeCount];
`;
    assert.deepEqual(compile(code), []);
  });
});
