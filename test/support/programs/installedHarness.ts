import assert from "node:assert/strict";
import type { Emulator } from "../../../emulator/index.ts";
import type { Engine, Stack } from "../../../tools/engine/index.ts";
import type { Project } from "./installedProject.ts";
import { nodePassword, withProjectHarness } from "./projectHarness.ts";

/** Lets `use` open a stack from the folder of any project in front of a fresh emulated cluster. */
export function withInstalledStack(
  engine: Engine,
  use: (open: (project: Project) => Promise<Stack>, emulator: Emulator) => Promise<void>,
): Promise<void> {
  return withProjectHarness(engine, { nodesPerPool: 2 }, ({ emulator, clusterId, poolIds, open }) => {
    const [nodePoolId = ""] = poolIds;
    const config = { clusterId, nodePoolId, nodePassword: { secret: nodePassword } };
    return use(({ dir }) => open(dir, config), emulator);
  });
}

/** The first `up`: it succeeds, with one accepted sync. */
export async function create(stack: Stack, emulator: Emulator): Promise<void> {
  const created = await stack.up().result;
  assert.ok(created.ok, created.text);
  assert.equal(emulator.acceptedSyncs.length, 1);
  assert.deepEqual(await stack.outputs(), { status: "synced" });
}

/** An `up` of an unchanged program and a `destroy`: both succeed, and nothing is sent. */
export async function leaveAndDestroy(stack: Stack, emulator: Emulator): Promise<void> {
  const { length } = emulator.requests;
  const same = await stack.up().result;
  assert.ok(same.ok, same.text);
  const destroyed = await stack.destroy().result;
  assert.ok(destroyed.ok, destroyed.text);
  assert.equal(destroyed.changes.delete, 2, "the stack and its sync");
  assert.equal(emulator.requests.length, length);
}

/** Deploys one of the programs of test/fixtures/installed, leaves it alone, and destroys it. */
export function deploys(engine: () => Engine, project: () => Project, program: string): Promise<void> {
  return withInstalledStack(engine(), async (open, emulator) => {
    await project().write(program);
    const stack = await open(project());
    await create(stack, emulator);
    await leaveAndDestroy(stack, emulator);
  });
}

/** What kinds of programs there are, and their folders below test/fixtures/installed. */
export const programs = [
  ["TypeScript, compiled by Pulumi as its templates have it", "pulumi-typescript"],
  ["TypeScript, its types stripped by Node", "node-typescript"],
  ["an ES module", "es-module"],
  ["CommonJS", "commonjs"],
] as const;
