import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import * as sdk from "../../sdk/index.ts";
import type { Engine, Stack } from "../../tools/engine/index.ts";
import { onEveryEngine } from "../engine/support.ts";
import { assertNoSecret } from "../support/canaries.ts";
import { hurry, textsOf } from "../support/lab.ts";
import { type Manager, makeProject, type Project, packageName } from "./support.ts";

const password = "Canary-9-installed";

/** Lets `use` open a stack from the folder of any project before a fresh emulated cluster. */
async function withStack(
  engine: Engine,
  use: (open: (project: Project) => Promise<Stack>, emulator: Emulator) => Promise<void>,
): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "installed-"));
  const emulator = await startEmulator({ nodesPerPool: 2, ...hurry });
  const lines: string[] = [];
  const stacks: Stack[] = [];
  const open = async ({ dir }: Project) => {
    const stack = await engine.openStack({
      projectDir: dir,
      home,
      config: {
        clusterId: emulator.cluster.id,
        nodePoolId: emulator.cluster.pools[0]?.id ?? "",
        nodePassword: { secret: password },
      },
      environment: { ...emulator.environment, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1" },
      onLine: (line) => lines.push(line),
    });
    stacks.push(stack);
    return stack;
  };
  try {
    await use(open, emulator);
    const [stack] = stacks;
    assert.ok(stack !== undefined);
    assertNoSecret(await textsOf({ stack, lines, emulator }), [...emulator.issuedSecrets, password]);
  } finally {
    await emulator.close();
    await rm(home, { recursive: true, force: true });
  }
}

async function create(stack: Stack, emulator: Emulator): Promise<void> {
  const created = await stack.up().result;
  assert.ok(created.ok, created.text);
  assert.equal(emulator.acceptedSyncs.length, 1);
  assert.deepEqual(await stack.outputs(), { status: "synced" });
}

/** An `up` of an unchanged program and a `destroy`: both succeed, and nothing is sent. */
async function leaveAndDestroy(stack: Stack, emulator: Emulator): Promise<void> {
  const { length } = emulator.requests;
  const same = await stack.up().result;
  assert.ok(same.ok, same.text);
  const destroyed = await stack.destroy().result;
  assert.ok(destroyed.ok, destroyed.text);
  assert.equal(destroyed.changes.delete, 2, "the stack and its sync");
  assert.equal(emulator.requests.length, length);
}

function deploys(engine: () => Engine, project: () => Project, program: string): Promise<void> {
  return withStack(engine(), async (open, emulator) => {
    await project().write(program);
    const stack = await open(project());
    await create(stack, emulator);
    await leaveAndDestroy(stack, emulator);
  });
}

const programs = [
  ["TypeScript, compiled by Pulumi as its templates have it", "pulumi-typescript"],
  ["TypeScript, its types stripped by Node", "node-typescript"],
  ["an ES module", "es-module"],
  ["CommonJS", "commonjs"],
] as const;

describe("the package, installed by npm into an empty project", () => {
  let project: Project;
  before(async () => {
    project = await makeProject("by-npm");
    await project.install("npm");
  });

  onEveryEngine("runs, is left alone when nothing changed, and is destroyed", (engine) => {
    for (const [what, program] of programs)
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

  it("opens no other door", () =>
    assert.rejects(
      project.evaluate(`await import("${packageName}/dist/sdk/args.js")`),
      /is not defined by "exports"/,
    ));
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
      withStack(engine(), async (open, emulator) => {
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
      await withStack(engine(), async (open, emulator) => {
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
