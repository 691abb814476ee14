import assert from "node:assert/strict";
import { mkdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Engine } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../support/programs/engineHarness.ts";
import {
  create,
  deploys,
  leaveAndDestroy,
  programs,
  withInstalledStack,
} from "../support/programs/installedHarness.ts";
import {
  type Manager,
  makeProject,
  type Project,
  packageName,
} from "../support/programs/installedProject.ts";
import { textOf } from "../support/root.ts";

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

/** The oldest version of Pulumi's SDK that package.json allows. */
const oldestSdk = JSON.parse(textOf("package.json")).dependencies["@pulumi/pulumi"].replace("^", "");

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
        for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
        const stack = await open(project);
        await stack.setConfig({ nodeOs: "a" });
        const created = await stack.up().result;
        assert.ok(created.ok, created.text);
        assert.equal(emulator.acceptedSyncs.length, 1);
      }));
  });
});

describe("the package in a project with the oldest @pulumi/pulumi that it takes", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("oldest-sdk");
    await project.install("npm", { "@pulumi/pulumi": oldestSdk });
  });

  it("shares the program's copy", async () =>
    assert.deepEqual(await versionsIn(project), [oldestSdk, oldestSdk]));

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    for (const [what, program] of programs)
      it(`from a program that is ${what}`, () => deploys(engine, () => project, program));
  });

  onEveryEngine("says what to do where only a library brings the package", (engine) => {
    it("into a program that declares the resource through it", async () => {
      await project.write("commonjs");
      const library = join(project.dir, "library");
      const installed = join(project.dir, "node_modules", packageName);
      const moved = join(library, "node_modules", packageName);
      await mkdir(dirname(moved), { recursive: true });
      await rename(installed, moved);
      await writeFile(join(library, "index.js"), `module.exports = require("${packageName}");`);
      const program = await readFile(join(project.dir, "index.js"), "utf8");
      await writeFile(join(project.dir, "index.js"), program.replace(`"${packageName}"`, '"./library"'));
      await refusesToDeploy(engine(), project, [
        `${packageName} is not found from ${await realpath(project.dir)}, where Pulumi starts its provider. Add it to the dependencies`,
      ]).finally(() => rename(moved, installed));
    });
  });
});

describe("the package beside a @pulumi/pulumi that is too old for it", () => {
  const tooOld = "3.113.0";
  const said = `the program uses @pulumi/pulumi ${tooOld} in `;
  let project: Project;
  before(async () => {
    project = await makeProject("two-copies");
    await project.install("npm", { "@pulumi/pulumi": tooOld });
  });

  it("has a copy of its own", async () => {
    const [theirs, ours] = await versionsIn(project);
    assert.equal(theirs, tooOld);
    assert.notEqual(ours, tooOld);
  });

  onEveryEngine("says so, and deploys nothing", (engine) => {
    it("in a program that Pulumi runs", async () => {
      await project.write("es-module");
      await refusesToDeploy(engine(), project, [said]);
    });
  });

  it("says so in an inline program of the Automation API, which would deploy nothing and succeed", async () => {
    // The server of the Automation API runs a program in a store of its own copy, which no other copy sees.
    const error = await project.evaluate(`
      import "@pulumi/pulumi";
      import { asyncLocalStorage, LocalStore } from "@pulumi/pulumi/runtime/state.js";
      import { NodePoolSync } from "${packageName}";
      asyncLocalStorage.run(new LocalStore(), () => {
        try {
          new NodePoolSync("workers", { clusterId: "c", nodePoolId: "n", maxUnavailable: 1 });
          console.log(JSON.stringify("declared"));
        } catch (error) {
          console.log(JSON.stringify(error.message));
        }
      });`);
    assert.ok(String(error).startsWith(said), String(error));
    assert.match(String(error), /so nothing would be deployed/);
  });
});

/** The versions of Pulumi's SDK that the program of a project and this package in it find. */
async function versionsIn(project: Project): Promise<string[]> {
  const versions = await project.evaluate(`
    import { createRequire } from "node:module";
    const program = createRequire(process.cwd() + "/_");
    const ours = createRequire(program.resolve("${packageName}"));
    console.log(JSON.stringify([program, ours].map((from) => from("@pulumi/pulumi/package.json").version)));`);
  return versions as string[];
}

/** An up that fails with these texts, none of them a stack trace, and sends nothing. */
function refusesToDeploy(engine: Engine, project: Project, texts: readonly string[]): Promise<void> {
  return withInstalledStack(engine, async (open, emulator) => {
    const { ok, text } = await (await open(project)).up().result;
    assert.equal(ok, false);
    for (const part of texts) assert.ok(text.includes(part), text);
    assert.doesNotMatch(text, /^\s+at /m);
    assert.equal(emulator.acceptedSyncs.length, 0);
  });
}

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
