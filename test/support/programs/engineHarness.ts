import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ResourceState } from "../../../tools/engine/embedded/state.ts";
import {
  type Engine,
  embeddedEngine,
  findCli,
  type Stack,
  type StackOptions,
} from "../../../tools/engine/index.ts";
import { root } from "../root.ts";
import { until } from "../until.ts";
import { withFolder } from "./temporaryFolder.ts";

/** A resource of the fixture program; see fixtures/engine/scripted/index.js for what each field does. */
export interface Thing {
  group?: boolean;
  inputs?: Record<string, unknown>;
  secrets?: Record<string, unknown>;
  from?: Record<string, string>;
  options?: Record<string, unknown>;
}

/** What the fixture program declares and how its provider behaves. */
export interface DeclaredProgram {
  things: Record<string, Thing>;
  found: Record<string, unknown>;
  /** Lets creates that wait come to their end. */
  released: boolean;
}

/** A stack of the fixture program in a temporary home. */
export interface EngineHarness {
  stack: Stack;
  program: DeclaredProgram;
  home: string;
  lines: string[];
  /** Writes the program for the operation that comes next. */
  apply(): Promise<void>;
  /** Resolves when the provider has been called like this, for the first time since {@link takeCalls}. */
  called(call: string): Promise<void>;
  /** The provider calls since the last time, in an order that does not depend on timing. */
  takeCalls(): Promise<string[]>;
}

/** The folder of a fixture program. */
export function fixture(name: string): string {
  return join(root, "test/fixtures/engine", name);
}

/** Opens a stack of the fixture program for the time of `use`. */
export function withEngineHarness<Result>(
  engine: Engine,
  use: (stack: EngineHarness) => Promise<Result>,
  options: Partial<StackOptions> = {},
): Promise<Result> {
  return withFolder(async (folder) => use(await createEngineHarness(engine, folder, options)));
}

/** Opens a stack of the fixture program in a folder that the caller removes. */
export async function createEngineHarness(
  engine: Engine,
  folder: string,
  options: Partial<StackOptions> = {},
): Promise<EngineHarness> {
  const programFile = join(folder, "program.json");
  const callsFile = join(folder, "calls.jsonl");
  const home = join(folder, "home");
  const lines: string[] = [];
  await writeFile(callsFile, "");
  const stack = await engine.openStack({
    projectDir: fixture("scripted"),
    home,
    onLine: (line) => lines.push(line),
    ...options,
    environment: { PROGRAM_FILE: programFile, CALLS_FILE: callsFile, ...options.environment },
  });
  const program: DeclaredProgram = { things: {}, found: {}, released: false };
  return {
    stack,
    program,
    home,
    lines,
    apply: () => writeFile(programFile, JSON.stringify(program)),
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
