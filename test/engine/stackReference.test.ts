import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine, Result, Stack, StackOptions } from "../../tools/engine/index.ts";
import { fixture, onEveryEngine } from "../support/programs/engineHarness.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";

const PASSWORD = "pass-canary";

/** A stack of one project, and one of another that refers to it; both in one home. */
interface Neighbours {
  /** Exports a region, a password and a login with the password in it. */
  cluster: Stack;
  neighbour: Stack;
  lines: string[];
}

onEveryEngine("a stack reference", (engine) => {
  const withNeighbours = (use: (stacks: Neighbours) => Promise<void>) => () => open(engine(), use);

  it(
    "reads the outputs of a stack of another project, in previews too, and keeps secrets secret",
    withNeighbours(async ({ cluster, neighbour, lines }) => {
      await succeed(cluster.up());
      await neighbour.setConfig({ stack: "organization/stacks/cluster" });
      const previewed = await succeed(neighbour.preview());
      assert.deepEqual(readsOf(previewed), ["read reference"]);
      const result = await succeed(neighbour.up());
      assert.deepEqual(readsOf(result), ["read reference"]);
      assert.deepEqual(result.changes, { create: 1 });
      assert.deepEqual((await neighbour.outputs()).found, { region: "region-1", password: PASSWORD });
      const { created, modified, provider, sourcePosition, stackTrace, ...reference } =
        await referenceOf(neighbour);
      assert.deepEqual(reference, {
        urn: "urn:pulumi:dev::neighbour::pulumi:pulumi:StackReference::reference",
        custom: true,
        id: "organization/stacks/cluster",
        type: "pulumi:pulumi:StackReference",
        inputs: { name: "organization/stacks/cluster" },
        outputs: {
          name: "organization/stacks/cluster",
          outputs: {
            region: "region-1",
            password: secret(PASSWORD),
            login: { user: "root", password: secret(PASSWORD) },
          },
          secretOutputNames: ["login", "password"],
        },
        parent: "urn:pulumi:dev::neighbour::pulumi:pulumi:Stack::neighbour-dev",
        external: true,
      });
      assert.match(provider ?? "", /^urn:pulumi:dev::neighbour::pulumi:providers:pulumi::default::[-\w]+$/);
      for (const file of await neighbour.files()) {
        assert.ok(!(await readFile(file, "latin1")).includes(PASSWORD), file);
      }
      assert.ok(!lines.join("\n").includes(PASSWORD));
    }),
  );

  it(
    "is read anew by a refresh and by every update",
    withNeighbours(async ({ cluster, neighbour }) => {
      await succeed(cluster.up());
      await neighbour.setConfig({ stack: "organization/stacks/cluster" });
      await succeed(neighbour.up());
      assert.deepEqual((await succeed(neighbour.refresh())).changes, { same: 2 });
      await cluster.setConfig({ region: "region-2" });
      await succeed(cluster.up());
      assert.deepEqual((await succeed(neighbour.refresh())).changes, { same: 1, update: 1 });
      const { outputs } = (await referenceOf(neighbour)).outputs as { outputs: { region: string } };
      assert.equal(outputs.region, "region-2");
      await cluster.setConfig({ region: "region-3" });
      await succeed(cluster.up());
      await succeed(neighbour.up());
      assert.deepEqual((await neighbour.outputs()).found, { region: "region-3", password: PASSWORD });
    }),
  );

  it(
    "finds nothing any more when the other stack was destroyed, and is only forgotten itself",
    withNeighbours(async ({ cluster, neighbour }) => {
      await succeed(cluster.up());
      await neighbour.setConfig({ stack: "organization/stacks/cluster" });
      await succeed(neighbour.up());
      await succeed(cluster.destroy());
      await succeed(neighbour.up());
      assert.deepEqual((await neighbour.outputs()).found, {});
      const destroyed = await succeed(neighbour.destroy());
      assert.deepEqual(destroyed.changes, { delete: 1, discard: 1 });
    }),
  );

  it(
    "fails the program that requires an output which is not there",
    withNeighbours(async ({ neighbour }) => {
      await neighbour.setConfig({ stack: "organization/stacks/cluster", required: "kubeconfig" });
      const result = await neighbour.preview().result;
      assert.equal(result.ok, false);
      assert.match(
        result.text,
        /Required output 'kubeconfig' does not exist on stack 'organization\/stacks\/cluster'/,
      );
    }),
  );

  it(
    "to a stack that is not there ends the update with the reason",
    withNeighbours(async ({ neighbour }) => {
      await neighbour.setConfig({ stack: "organization/neighbour/cluster" });
      const result = await neighbour.up().result;
      assert.equal(result.ok, false, result.text);
      const reported = result.diagnostics.find(({ urn }) => urn?.endsWith("StackReference::reference"));
      assert.equal(reported?.message, 'unknown stack "organization/neighbour/cluster"');
    }),
  );
});

function open(engine: Engine, use: (stacks: Neighbours) => Promise<void>): Promise<void> {
  return withFolder(async (folder) => {
    const lines: string[] = [];
    const openStack = (project: string, options: Partial<StackOptions> = {}) =>
      engine.openStack({
        projectDir: fixture(project),
        home: join(folder, "home"),
        onLine: (line) => lines.push(line),
        ...options,
      });
    await use({
      cluster: await openStack("stacks", {
        stack: "cluster",
        config: { region: "region-1", password: { secret: PASSWORD } },
      }),
      neighbour: await openStack("neighbour"),
      lines,
    });
  });
}

async function succeed(operation: { result: Promise<Result> }): Promise<Result> {
  const result = await operation.result;
  assert.ok(result.ok, result.text);
  return result;
}

function readsOf({ steps }: Result): string[] {
  return steps.filter(({ op }) => op === "read").map(({ op, name }) => `${op} ${name}`);
}

async function referenceOf(stack: Stack) {
  const { deployment } = await stack.exportState({ showSecrets: true });
  const found = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:StackReference");
  assert.ok(found);
  return found;
}

/** A secret as an export shows it. */
function secret(value: unknown) {
  return {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  };
}
