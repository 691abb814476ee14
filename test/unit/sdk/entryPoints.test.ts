import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as entry from "../../../provider/index.ts";
import { providerText, resourceType } from "../../../sdk/dynamicProvider.ts";
import * as sdk from "../../../sdk/index.ts";
import { NodePoolSync } from "../../../sdk/index.ts";

/** What the engine calls. */
const verbs = ["check", "configure", "create", "delete", "diff", "read", "update"];

describe("the text that the engine stores with each resource", () => {
  it("has at most 700 bytes", () => assert.ok(Buffer.byteLength(providerText) <= 700));

  it("is the same wherever and whenever it is made, since it holds no path and no version", () => {
    assert.doesNotMatch(providerText, /node_modules|\d+\.\d+|file:|[A-Z]:\\|\/home|\/Users/);
  });

  it("loads the package's own provider", () => {
    const exports: { handler?: () => unknown } = {};
    new Function("exports", "require", providerText)(exports, (name: string) =>
      process.getBuiltinModule(name),
    );
    const opened = exports.handler?.() as Record<string, unknown>;
    assert.deepEqual(Object.keys(opened).sort(), verbs);
  });
});

describe("the package", () => {
  for (const [who, file] of [
    ["to a program", "sdk/index.ts"],
    // A refresh or a destroy runs no program.
    ["in the provider's process", "provider/index.ts"],
  ] as const) {
    it(`says in one line, without a stack, that a Node is too old: ${who}`, () => {
      const code = `Object.defineProperty(process.versions, "node", { value: "22.18.0" });
        await import(${JSON.stringify(new URL(`../../../${file}`, import.meta.url).href)})
          .catch(({ message, stack }) => console.log(message + stack));`;
      const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
        encoding: "utf8",
      });
      assert.equal(
        stdout,
        "pulumi-cce-nodepool-sync needs Node 22.19 or newer, and this is Node 22.18.0: install a current version of Node\n",
      );
    });
  }

  it("exports these names to programs", () =>
    assert.deepEqual(Object.keys(sdk).sort(), [
      "NodePoolSync",
      "Provider",
      "encodeScript",
      "errorCodes",
      "getNodePool",
      "getNodePoolOutput",
    ]));

  it("exports these verbs to the engine", () => {
    assert.deepEqual(Object.keys(entry).sort(), verbs);
  });

  it("finishes configure at once, since the dynamic server does not wait for it", () => {
    assert.equal(entry.configure({ config: { get: () => undefined } }), undefined);
  });

  it("knows its own resources, also those of another copy of itself", () => {
    assert.equal(NodePoolSync.isInstance({ __pulumiType: resourceType }), true);
    for (const other of [undefined, null, {}, "text", { __pulumiType: "other" }]) {
      assert.equal(NodePoolSync.isInstance(other), false);
    }
  });
});

describe("an id", () => {
  for (const id of ["", "garbage", "a/b/c", "/b", "a/", "%zz/b"]) {
    it(`that is none is refused in a sentence, and nothing is sent: ${JSON.stringify(id)}`, async () => {
      await assert.rejects(entry.read(id, {}), (error: Error) => {
        assert.equal(
          error.message,
          `NodePoolSync: ${JSON.stringify(id)} is not a valid ID of a NodePoolSync. Write it as \`<clusterId>/<nodePoolId>\`. [nodepoolsync/not-found]`,
        );
        assert.equal(error.stack, "", "no stack is shown");
        return true;
      });
    });
  }
});
