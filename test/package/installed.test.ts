import assert from "node:assert/strict";
import * as sdk from "../../sdk/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import { deploys, programs } from "../support/programs/installedHarness.ts";
import { makeProject, type Project, packageName } from "../support/programs/installedProject.ts";

describe("the package, installed by npm into an empty project", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("by-npm");
    await project.install("npm");
  });

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    const [[what, program]] = programs;
    it(`from a program that is ${what}`, () => deploys(engine, () => project, program));
  });

  it("gives the same names to import and to require", async () => {
    const names = await project.evaluate(`
      import { createRequire } from "node:module";
      const required = createRequire(process.cwd() + "/_")("${packageName}");
      const imported = await import("${packageName}");
      const same = Object.keys(imported).filter((name) => imported[name] === required[name]);
      console.log(JSON.stringify({ imported: Object.keys(imported), required: Object.keys(required), same }));`);
    const expected = Object.keys(sdk);
    assert.deepEqual(names, { imported: expected, required: expected, same: expected });
  });

  it("serves an emulated cluster to the tests of its users", async () => {
    const seen = await project.evaluate(`
      import { startEmulator } from "${packageName}/emulator";
      const emulator = await startEmulator({ nodesPerPool: 5 });
      const { status } = await fetch(JSON.parse(emulator.environment.HW_ENDPOINTS).cce + "/api/v3/projects/p/clusters/c/nodes");
      console.log(JSON.stringify({ nodes: emulator.cluster.pools[0].nodes.length, status }));
      await emulator.close();`);
    assert.deepEqual(seen, { nodes: 5, status: 401 }, "a request without a signature is refused");
  });

  it("shows its package.json, where tools look for a version", async () => {
    const { name } = (await project.evaluate(
      `console.log(JSON.stringify((await import("${packageName}/package.json", { with: { type: "json" } })).default))`,
    )) as { name: string };
    assert.equal(name, packageName);
  });

  it("has no other entry point", () =>
    assert.rejects(
      project.evaluate(`await import("${packageName}/dist/sdk/args.js")`),
      /is not defined by "exports"/,
    ));
});
