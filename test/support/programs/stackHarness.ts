import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import type { Engine, Result, Stack, StackOptions, StateResource } from "../../../tools/engine/index.ts";
import { root } from "../root.ts";
import { assertNoSecret, secretsIn } from "../secretSearch.ts";
import { ServiceClock } from "../service/serviceClock.ts";
import { descendantsOf, launchOf } from "./processes.ts";
import { withFolder } from "./temporaryFolder.ts";

/** A NodePoolSync of the harness's program; see fixtures/stack/index.js for the shapes. */
export interface DeclaredSync {
  args: Record<string, unknown>;
  shape?: string;
  opts?: Record<string, unknown>;
  /** The provider instance that serves it, by its name; default the stack's configuration. */
  provider?: string;
}

/** A pool that the program looks up; see fixtures/stack/index.js. */
export interface DeclaredLookUp {
  args?: Record<string, unknown>;
  /** The name of the sync whose pool is looked up once it is done. */
  after?: string;
  provider?: string;
  asOutput?: boolean;
}

/** A program of any number of syncs on a real engine, in front of an emulated cluster. */
export interface StackHarness {
  readonly emulator: Emulator;
  /** The emulator's clock. */
  readonly clock: ServiceClock;
  readonly stack: Stack;
  /** The program's resources; take effect with the next {@link run}. */
  readonly syncs: Record<string, DeclaredSync>;
  /** Provider instances by name, with their settings. */
  readonly providers: Record<string, Record<string, unknown>>;
  /** Pools that the program looks up with the package's function, by name. */
  readonly lookUps: Record<string, DeclaredLookUp>;
  /** Resources to look up, by name. */
  readonly found: Record<string, string>;
  /** The smallest arguments for the emulated cluster's first pool, each of whose nodes is outdated. */
  readonly args: Record<string, unknown>;
  /** The file that the program reads its resources from; RESOURCES_FILE names it. */
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

/** How a harness is set up. Its pools' configuration has changed, so that a first `up` resets every node. */
export interface StackHarnessOptions {
  emulator?: EmulatorOptions;
  environment?: Record<string, string>;
  stack?: Partial<StackOptions>;
}

/** What makes syncs take a moment where they would take hours. */
export const hurry = { speed: 600, resetSeconds: 60 } as const;

/**
 * Opens a harness for the time of `use`, and searches what is left behind: no secret of the harness may be in any file of the
 * stack's home (state, history, backups), on the terminal, in the emulator's log, nor in the arguments and the
 * environment of the processes that ran.
 */
export function withStackHarness(
  engine: Engine,
  options: StackHarnessOptions,
  use: (harness: StackHarness) => Promise<void>,
): Promise<void> {
  return withFolder(async (folder) => {
    const clock = new ServiceClock();
    const emulator = await startEmulator({ nodesPerPool: 4, now: clock.now, ...hurry, ...options.emulator });
    for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
    const launches = watchLaunches(emulator);
    try {
      const { harness, given } = await createStackHarness(engine, folder, { emulator, clock }, options);
      await use(harness);
      const texts = { ...launches, ...(await textsOf(harness)) };
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

async function createStackHarness(
  engine: Engine,
  folder: string,
  { emulator, clock }: Pick<StackHarness, "emulator" | "clock">,
  options: StackHarnessOptions,
): Promise<{ harness: StackHarness; given: ReadonlySet<string> }> {
  const file = join(folder, "harness.json");
  const lines: string[] = [];
  const syncs: Record<string, DeclaredSync> = {};
  const found: Record<string, string> = {};
  const providers: Record<string, Record<string, unknown>> = {};
  const lookUps: Record<string, DeclaredLookUp> = {};
  const config = Object.values(options.stack?.config ?? {});
  const given = new Set(
    config.flatMap((value) => (typeof value === "object" && "secret" in value ? value.secret : [])),
  );
  const apply = () => {
    for (const secret of secretsIn([syncs, providers])) given.add(secret);
    return writeFile(file, JSON.stringify({ syncs, found, providers, lookUps }));
  };
  await apply();
  const stack = await engine.openStack({
    projectDir: `${root}/test/fixtures/stack`,
    home: join(folder, "home"),
    onLine: (line) => lines.push(line),
    ...options.stack,
    environment: {
      RESOURCES_FILE: file,
      ...emulator.environment,
      CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
      CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "6000",
      ...options.environment,
      ...options.stack?.environment,
    },
  });
  const harness: StackHarness = {
    file,
    emulator,
    clock,
    stack,
    syncs,
    found,
    providers,
    lookUps,
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
  return { harness, given };
}

/**
 * Stops the service's clock until its nodes have been listed so often, so that a sync that runs still runs when they
 * are: the first list is that of the forecast, and the state of a sync is judged by the later ones.
 */
export function stopUntilListed({ clock, emulator }: StackHarness, times = 4): void {
  clock.stop();
  let lists = 0;
  const remove = emulator.onRequest(({ kind }, moment) => {
    if (kind !== "nodes" || moment !== "answered") return;
    lists += 1;
    if (lists < times) return;
    remove();
    clock.start();
  });
}
