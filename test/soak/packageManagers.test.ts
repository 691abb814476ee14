import assert from "node:assert/strict";
import { onEveryEngine } from "../support/engineHarness.ts";
import {
  create,
  deploys,
  leaveAndDestroy,
  programs,
  withInstalledStack,
} from "../support/installedHarness.ts";
import { type Manager, makeProject, type Project, packageName } from "../support/installedProject.ts";

describe("the package, installed by npm into an empty project", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("all-by-npm");
    await project.install("npm");
  });

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    // The first one is tried by test/package/installed.test.ts.
    for (const [what, program] of programs.slice(1))
      it(`from a program that is ${what}`, () => deploys(engine, () => project, program));
  });
});

describe("the package, installed by pnpm into an empty project", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("by-pnpm");
    await project.install("pnpm");
  });

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    for (const [what, program] of programs.slice(0, 2))
      it(`from a program that is ${what}`, () => deploys(engine, () => project, program));
  });
});

describe("an example, copied and installed as its README says", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("example");
    await project.copyExample("quickstart");
  });

  onEveryEngine("runs", (engine) => {
    it("with what its own package.json brings", () =>
      withInstalledStack(engine(), async (open, emulator) => {
        const stack = await open(project);
        const created = await stack.up().result;
        assert.ok(created.ok, created.text);
        assert.equal(emulator.acceptedSyncs.length, 1);
      }));
  });
});

describe("the package beside another version of @pulumi/pulumi than its own", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("two-copies");
    await project.install("npm", { "@pulumi/pulumi": "3.231.0" });
  });

  it("has its own copy", async () => {
    const versions = await project.evaluate(`
      import { createRequire } from "node:module";
      const program = createRequire(process.cwd() + "/_");
      const ours = createRequire(program.resolve("${packageName}"));
      const version = (from) => from("@pulumi/pulumi/package.json").version;
      console.log(JSON.stringify([version(program), version(ours) === version(program)]));`);
    assert.deepEqual(versions, ["3.231.0", false]);
  });

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    for (const [what, program] of programs.slice(0, 2))
      it(`from a program that is ${what}`, () => deploys(engine, () => project, program));
  });
});

onEveryEngine("a stack that was deployed with the package from one package manager", (engine) => {
  for (const [first, second] of [
    ["npm", "pnpm"],
    ["pnpm", "npm"],
  ] as const) {
    it(`is unchanged, refreshed and destroyed from a folder of another: ${first}, then ${second}`, async () => {
      const installed = async (manager: Manager) => {
        const project = await makeProject(`${engine().kind}-${first}-then-${second}-${manager}`);
        await project.install(manager);
        await project.write("es-module");
        return project;
      };
      await withInstalledStack(engine(), async (open, emulator) => {
        await create(await open(await installed(first)), emulator);
        const stack = await open(await installed(second));
        const refreshed = await stack.refresh().result;
        assert.ok(refreshed.ok, refreshed.text);
        await leaveAndDestroy(stack, emulator);
        assert.equal(emulator.acceptedSyncs.length, 1);
      });
    });
  }
});
