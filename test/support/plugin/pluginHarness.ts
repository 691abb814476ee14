import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import { InitFailure } from "../../../tools/engine/embedded/providerErrors.ts";
import { assertNoSecret, secretsIn } from "../secretSearch.ts";
import { type PluginProcess, startPlugin } from "./pluginProcess.ts";

type Properties = Record<string, unknown>;

/** What the engine keeps of a resource: what it asks the plugin with next time. */
export interface Kept {
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: Properties;
  /** The reasons of an init failure; empty for a healthy resource. */
  readonly reasons: readonly string[];
}

/** The plugin's own process in front of an emulated cluster, both on the machine's clock. */
export interface PluginHarness {
  readonly emulator: Emulator;
  /** The inputs of a program for the first pool. */
  readonly inputs: Properties;
  /**
   * Starts another process with the configuration, handshake and all.
   * @param name the provider instance's; default the one that the engine makes itself.
   */
  start(
    config?: Properties,
    environment?: Readonly<Record<string, string>>,
    name?: string,
  ): Promise<PluginProcess>;
  /** What the engine keeps of a create or an update, also of one that fails with something to keep. */
  keep(run: Promise<{ id?: string; properties: Properties }>, inputs: Properties, id?: string): Promise<Kept>;
}

/**
 * Lets the test use a harness, ends all of its processes, and searches everything that they wrote, answered and
 * reported for the secrets of emulator and inputs.
 * @param command what to start; default the plugin's source.
 */
export async function withPlugin(
  options: EmulatorOptions,
  use: (harness: PluginHarness) => Promise<void>,
  command?: readonly string[],
): Promise<void> {
  const emulator = await startEmulator({ nodesPerPool: 4, speed: 600, resetSeconds: 60, ...options });
  const processes: PluginProcess[] = [];
  const texts: string[] = [];
  const secrets = new Set<string>([...emulator.issuedSecrets, emulator.environment.HW_SECRET_KEY ?? ""]);
  const harness: PluginHarness = {
    emulator,
    inputs: { clusterId: emulator.cluster.id, nodePoolId: emulator.cluster.pools[0]?.id, maxUnavailable: 2 },
    async start(config = {}, environment = emulator.environment, name = undefined) {
      const plugin = await startPlugin({ ...quick, ...environment }, command);
      processes.push(plugin);
      await plugin.handshake();
      await plugin.configure(config, name);
      return plugin;
    },
    async keep(run, inputs, id = "") {
      for (const secret of secretsIn(inputs)) secrets.add(secret);
      const kept = await run.then(
        (answer) => ({ id, ...answer, inputs, reasons: [] }),
        (error: Error) => {
          texts.push(error.message);
          if (!(error instanceof InitFailure)) throw error;
          return { id: error.id, properties: error.properties as Properties, inputs, reasons: error.reasons };
        },
      );
      texts.push(JSON.stringify(kept.properties), kept.reasons.join("\n"));
      return kept;
    },
  };
  try {
    await use(harness);
  } finally {
    for (const plugin of processes) await plugin.close();
    await emulator.close();
    const said = processes.map((plugin) => [plugin.output(), plugin.errors(), plugin.diagnostics]);
    assertNoSecret({ "what a plugin wrote, answered or reported": JSON.stringify([said, texts]) }, secrets);
  }
}

const quick = { CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1", CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "60000" };
