import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ResourceState } from "../../tools/engine/embedded/state.ts";
import {
  type Engine,
  embeddedEngine,
  findCli,
  type Stack,
  type StackOptions,
} from "../../tools/engine/index.ts";
import { withFolder } from "../support/folder.ts";

/** A resource of the fixture program; see fixtures/world/index.js for what each field does. */
export interface Thing {
  group?: boolean;
  inputs?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
  from?: Record<string, string>;
  options?: Record<string, unknown>;
}

/** What the fixture program declares and how its provider behaves. */
export interface World {
  things: Record<string, Thing>;
  found: Record<string, unknown>;
  undeletable: string[];
  /** Lets creates that wait come to their end. */
  released: boolean;
}

/** A stack of the fixture program in a temporary home. */
export interface WorldStack {
  stack: Stack;
  world: World;
  home: string;
  lines: string[];
  /** Writes the world for the operation that comes next. */
  apply(): Promise<void>;
  /** Resolves when the provider has been called like this, for the first time since {@link takeCalls}. */
  called(call: string): Promise<void>;
  /** The provider calls since the last time, in an order that does not depend on timing. */
  takeCalls(): Promise<string[]>;
}

/** The folder of a fixture program. */
export function fixture(name: string): string {
  return join(dirname(fileURLToPath(import.meta.url)), "fixtures", name);
}

/** Resolves when the condition holds; the time limit is that of the test. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(10);
}

/** Opens a stack of the fixture program for the time of `use`. */
export function withWorld<Result>(
  engine: Engine,
  use: (stack: WorldStack) => Promise<Result>,
  options: Partial<StackOptions> = {},
): Promise<Result> {
  return withFolder(async (folder) => use(await openWorld(engine, folder, options)));
}

/** Opens a stack of the fixture program in a folder that the caller removes. */
export async function openWorld(
  engine: Engine,
  folder: string,
  options: Partial<StackOptions> = {},
): Promise<WorldStack> {
  const worldFile = join(folder, "world.json");
  const callsFile = join(folder, "calls.jsonl");
  const home = join(folder, "home");
  const lines: string[] = [];
  await writeFile(callsFile, "");
  const stack = await engine.openStack({
    projectDir: fixture("world"),
    home,
    onLine: (line) => lines.push(line),
    ...options,
    environment: { WORLD_FILE: worldFile, CALLS_FILE: callsFile, ...options.environment },
  });
  const world: World = { things: {}, found: {}, undeletable: [], released: false };
  return {
    stack,
    world,
    home,
    lines,
    apply: () => writeFile(worldFile, JSON.stringify(world)),
    called: (call) => until(async () => (await readFile(callsFile, "utf8")).includes(`{"call":"${call}"`)),
    async takeCalls() {
      const calls = (await readFile(callsFile, "utf8")).split("\n").filter(Boolean);
      await writeFile(callsFile, "");
      return calls.sort();
    },
  };
}

/**
 * Declares the same tests for the embedded engine and for a Pulumi CLI. Where there is no CLI, its tests are
 * skipped under a title that says so.
 */
export function onEveryEngine(title: string, declare: (engine: () => Engine) => void): void {
  describe(`${title} (embedded engine)`, () => declare(() => embeddedEngine));
  describe(`${title} (Pulumi CLI; skipped where none is on PATH or cached)`, () => {
    let cli: Engine | undefined;
    before(async function () {
      cli = await findCli();
      if (cli === undefined) this.skip();
    });
    declare(() => {
      if (cli === undefined) throw new Error("no Pulumi CLI");
      return cli;
    });
  });
}

/** A resource as the embedded engine's state has it, of this name. */
export function resource(name: string, more: Partial<ResourceState> = {}): ResourceState {
  return {
    urn: `urn:pulumi:dev::p::t:m:T::${name}`,
    type: "t:m:T",
    custom: true,
    inputs: {},
    outputs: {},
    ...more,
  };
}
