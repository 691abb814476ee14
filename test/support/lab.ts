import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../local/cce/index.ts";
import type { Engine, Result, Stack, StackOptions, StateResource } from "../../local/engine/index.ts";
import { root } from "./root.ts";

/** A NodePoolSync of the lab's program; see fixtures/lab/index.js for the shapes. */
export interface LabSync {
  args: Record<string, unknown>;
  shape?: string;
  opts?: Record<string, unknown>;
}

/** A program of any number of syncs on a real engine, in front of an emulated cluster. */
export interface Lab {
  readonly emulator: Emulator;
  readonly stack: Stack;
  /** The program's resources; take effect with the next {@link run}. */
  readonly syncs: Record<string, LabSync>;
  /** Resources to look up, by name. */
  readonly found: Record<string, string>;
  /** The smallest arguments for the emulated cluster's first pool. */
  readonly args: Record<string, unknown>;
  /** Everything that the terminal showed. */
  readonly lines: string[];
  /** Writes the program's resources down and runs an operation. */
  run(verb: "preview" | "up" | "refresh" | "destroy", options?: { refresh?: boolean }): Promise<Result>;
  /** Writes the program's resources down, for an operation that the test starts itself. */
  apply(): Promise<void>;
  /** The state of one NodePoolSync, secrets hidden or shown. */
  resource(name: string, showSecrets?: boolean): Promise<StateResource | undefined>;
  /** Every text in which a secret could be: all files of the stack's home, the terminal, the emulator's log. */
  texts(): Promise<Record<string, string>>;
}

/** How a lab is set up. */
export interface LabOptions {
  emulator?: EmulatorOptions;
  environment?: Record<string, string>;
  stack?: Partial<StackOptions>;
}

/** What makes syncs take a moment where they would take hours. */
export const hurry = { speed: 600, resetSeconds: 60 } as const;

/** Opens a lab for the time of `use`. */
export async function withLab(
  engine: Engine,
  options: LabOptions,
  use: (lab: Lab) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lab-"));
  const emulator = await startEmulator({ nodesPerPool: 4, ...hurry, ...options.emulator });
  try {
    await use(await openLab(engine, folder, emulator, options));
  } finally {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openLab(
  engine: Engine,
  folder: string,
  emulator: Emulator,
  options: LabOptions,
): Promise<Lab> {
  const file = join(folder, "lab.json");
  const lines: string[] = [];
  const syncs: Record<string, LabSync> = {};
  const found: Record<string, string> = {};
  const apply = () => writeFile(file, JSON.stringify({ syncs, found }));
  await apply();
  const stack = await engine.openStack({
    projectDir: `${root}/test/fixtures/lab`,
    home: join(folder, "home"),
    onLine: (line) => lines.push(line),
    ...options.stack,
    environment: {
      LAB_FILE: file,
      ...emulator.environment,
      CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
      CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "6000",
      ...options.environment,
      ...options.stack?.environment,
    },
  });
  return {
    emulator,
    stack,
    syncs,
    found,
    lines,
    args: {
      clusterId: emulator.cluster.id,
      nodePoolId: emulator.cluster.pools[0]?.id ?? "",
      maxUnavailable: 2,
    },
    apply,
    async run(verb, runOptions) {
      await apply();
      const operation = verb === "up" ? stack.up(runOptions) : stack[verb]();
      return operation.result;
    },
    async resource(name, showSecrets = false) {
      const { deployment } = await stack.exportState({ showSecrets });
      return deployment.resources?.find(({ urn }) => urn.endsWith(`:NodePoolSync::${name}`));
    },
    async texts() {
      const files = await stack.files();
      const contents = await Promise.all(
        files.map(async (path) => [path, await readFile(path, "latin1")] as const),
      );
      return {
        ...Object.fromEntries(contents),
        terminal: lines.join("\n"),
        "emulator's log": JSON.stringify([emulator.requests, emulator.acceptedSyncs]),
      };
    },
  };
}
