import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../emulator/index.ts";
import type { Engine, Result, Stack, StackOptions, StateResource } from "../../tools/engine/index.ts";
import { assertNoSecret, secretsIn } from "./canaries.ts";
import { withFolder } from "./folder.ts";
import { descendantsOf, launchOf } from "./processes.ts";
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
  /** The file that the program reads its resources from; LAB_FILE names it. */
  readonly file: string;
  /** Everything that the terminal showed. */
  readonly lines: string[];
  /** Writes the program's resources down and runs an operation. */
  run(verb: "preview" | "up" | "refresh" | "destroy", options?: { refresh?: boolean }): Promise<Result>;
  /** Writes the program's resources down, for an operation that the test starts itself. */
  apply(): Promise<void>;
  /** The state of one NodePoolSync, secrets hidden or shown. */
  resource(name: string, showSecrets?: boolean): Promise<StateResource | undefined>;
}

/** How a lab is set up. */
export interface LabOptions {
  emulator?: EmulatorOptions;
  environment?: Record<string, string>;
  stack?: Partial<StackOptions>;
}

/** What makes syncs take a moment where they would take hours. */
export const hurry = { speed: 600, resetSeconds: 60 } as const;

/**
 * Opens a lab for the time of `use`, and searches what is left behind: no secret of the lab may be in any file of the
 * stack's home (state, history, backups), on the terminal, in the emulator's log, nor in the arguments and the
 * environment of the processes that ran.
 */
export function withLab(
  engine: Engine,
  options: LabOptions,
  use: (lab: Lab) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const emulator = await startEmulator({ nodesPerPool: 4, ...hurry, ...options.emulator });
    const launches = watchLaunches(emulator);
    try {
      const { lab, given } = await openLab(engine, folder, emulator, options);
      await use(lab);
      const texts = { ...launches, ...(await textsOf(lab)) };
      assertNoSecret(texts, [...emulator.issuedSecrets, ...given, ...secretsIn(options.environment)]);
    } finally {
      await emulator.close();
    }
  });
}

/** Every text in which a secret could be that outlives the processes; files are those of all stacks of the home. */
export async function textsOf({
  stack,
  lines,
  emulator,
}: {
  stack: Stack;
  lines: readonly string[];
  emulator: Emulator;
}): Promise<Record<string, string>> {
  const files = await stack.files();
  const contents = await Promise.all(
    files.map(async (path) => [path, await readFile(path, "latin1")] as const),
  );
  return {
    ...Object.fromEntries(contents),
    "the terminal": lines.join("\n"),
    "the emulator's log": JSON.stringify([emulator.requests, emulator.acceptedSyncs]),
  };
}

/**
 * Takes down what each process was started with that runs while the emulator is asked something: the program, the
 * provider, and the engine where it is one of its own. Left out is what has its place there: variables that the user set
 * (`HW_…`), and the stack's config, which Pulumi's language runtime hands to a program as PULUMI_CONFIG.
 */
function watchLaunches(emulator: Emulator): Record<string, string> {
  const launches: Record<string, string> = {};
  const seen = new Set<number>();
  emulator.onRequest(({ kind }, moment) => {
    // A provider reads before it writes; and reads are few, since all of a cluster's resources share them.
    if (moment !== "arrived" || kind === "sync") return;
    for (const pid of descendantsOf(process.pid)) {
      const launch = seen.has(pid) ? undefined : launchOf(pid);
      if (launch === undefined) continue;
      seen.add(pid);
      const isProvider = launch.command.includes("dynamic-provider");
      const own = Object.entries(launch.environment).filter(
        ([name]) => !name.startsWith("HW_") && (isProvider || name !== "PULUMI_CONFIG"),
      );
      launches[`the arguments of process ${pid}`] = launch.command;
      launches[`the environment of process ${pid}`] = own.map((entry) => entry.join("=")).join("\n");
    }
  });
  return launches;
}

async function openLab(
  engine: Engine,
  folder: string,
  emulator: Emulator,
  options: LabOptions,
): Promise<{ lab: Lab; given: ReadonlySet<string> }> {
  const file = join(folder, "lab.json");
  const lines: string[] = [];
  const syncs: Record<string, LabSync> = {};
  const found: Record<string, string> = {};
  const config = Object.values(options.stack?.config ?? {});
  const given = new Set(
    config.flatMap((value) => (typeof value === "object" && "secret" in value ? value.secret : [])),
  );
  const apply = () => {
    for (const secret of secretsIn(syncs)) given.add(secret);
    return writeFile(file, JSON.stringify({ syncs, found }));
  };
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
  const lab: Lab = {
    file,
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
  };
  return { lab, given };
}
