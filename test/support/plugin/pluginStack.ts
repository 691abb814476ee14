import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { appendFile, cp } from "node:fs/promises";
import { basename, delimiter, join } from "node:path";
import { promisify } from "node:util";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import { nodePassword } from "../programs/projectHarness.ts";
import { hurry } from "../programs/stackHarness.ts";
import { withFolder } from "../programs/temporaryFolder.ts";
import { root } from "../root.ts";
import { assertNoSecret } from "../secretSearch.ts";

/** A language whose programs use the plugin. */
export type Language = "yaml" | "python" | "go";

const needed: Record<Language, readonly string[]> = {
  yaml: ["pulumi-language-yaml"],
  python: ["pulumi-language-python", "python3"],
  go: ["pulumi-language-go", "go"],
};

/** Whether the Pulumi CLI, its host for the language and the language itself are on PATH. */
export function isAvailable(language: Language): boolean {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return ["pulumi", ...needed[language]].every((program) =>
    folders.some((folder) => existsSync(join(folder, program))),
  );
}

/** A resource as it is in a state. */
export interface RecordedResource {
  readonly type: string;
  readonly urn: string;
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
  readonly initErrors?: readonly string[];
  readonly refreshBeforeUpdate?: boolean;
}

/** A stack of a program for the plugin, on the real CLI, with the plugin as it is built. */
export interface PluginStack {
  readonly emulator: Emulator;
  /** The folder of the program. */
  readonly folder: string;
  /** Runs a command of the CLI to its end, and gives its standard output. Rejects when it fails. */
  pulumi(...args: string[]): Promise<string>;
  /** The same for one that has to fail: gives all that it printed. */
  refused(...args: string[]): Promise<string>;
  /** Starts a command, in a process group of its own as a shell does. */
  start(...args: string[]): { readonly process: ChildProcess; readonly ended: Promise<unknown> };
  setConfig(config: Readonly<Record<string, string | { secret: string }>>): Promise<void>;
  /** The NodePoolSync resources in the state. */
  recorded(): Promise<RecordedResource[]>;
}

const run = promisify(execFile);
const plugin = join(root, "dist/plugin");

/**
 * Opens a stack of a program in a folder of its own, and searches everything that the CLI has printed for secrets.
 * @param project folder of the project, from the root.
 */
export async function withPluginStack(
  project: string,
  language: Language,
  use: (stack: PluginStack) => Promise<void>,
  options: EmulatorOptions = {},
): Promise<void> {
  const emulator = await startEmulator({ nodesPerPool: 4, ...hurry, ...options });
  const started: ChildProcess[] = [];
  try {
    await withFolder(async (home) => {
      const folder = join(home, "program");
      // Somebody may have deployed the example where it is: the config of that stack has another passphrase.
      const filter = (path: string) => !/^Pulumi\..+\.yaml$/.test(basename(path));
      await cp(join(root, project), folder, { recursive: true, filter });
      await appendFile(
        join(folder, "Pulumi.yaml"),
        `plugins:\n  providers:\n    - name: cce-nodepool-sync\n      path: ${plugin}\n`,
      );
      const said: string[] = [];
      const secrets = new Set([nodePassword, ...emulator.issuedSecrets, emulator.secretKey]);
      const stack = stackIn(folder, emulator, environmentIn(home, emulator), said, secrets, started);
      await stack.pulumi("stack", "init", "dev");
      if (language !== "yaml")
        await stack.pulumi("package", "add", join(plugin, "pulumi-resource-cce-nodepool-sync"));
      await use(stack);
      said.push(await stack.pulumi("stack", "export"));
      assertNoSecret({ "what the CLI printed and recorded": said.join("\n") }, secrets);
    });
  } finally {
    // Its plugins end with it.
    for (const child of started) child.kill("SIGKILL");
    await emulator.close();
  }
}

function environmentIn(home: string, emulator: Emulator): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...emulator.environment,
    CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.1",
    PULUMI_HOME: join(home, "home"),
    PULUMI_BACKEND_URL: `file://${home}`,
    PULUMI_CONFIG_PASSPHRASE: "a passphrase",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
  };
}

function stackIn(
  folder: string,
  emulator: Emulator,
  env: NodeJS.ProcessEnv,
  said: string[],
  secrets: Set<string>,
  started: ChildProcess[],
): PluginStack {
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  const pulumi = async (...args: string[]) => {
    const { stdout, stderr } = await run("pulumi", [...args, "--non-interactive"], options);
    said.push(stdout, stderr);
    return stdout;
  };
  return {
    emulator,
    folder,
    pulumi,
    async refused(...args) {
      const printed = await pulumi(...args).then(
        () => undefined,
        ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}\n${stderr}`,
      );
      if (printed === undefined) throw new Error(`pulumi ${args.join(" ")} did not fail`);
      said.push(printed);
      return printed;
    },
    start(...args) {
      const child = spawn("pulumi", [...args, "--non-interactive"], { ...options, detached: true });
      started.push(child);
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding("utf8").on("data", (text) => said.push(text));
      return { process: child, ended: once(child, "exit") };
    },
    async setConfig(config) {
      for (const [key, value] of Object.entries(config)) {
        if (typeof value === "object") secrets.add(value.secret);
        const args = typeof value === "object" ? ["--secret", key, value.secret] : [key, value];
        await pulumi("config", "set", ...args);
      }
    },
    async recorded() {
      const { stdout } = await run("pulumi", ["stack", "export"], options);
      const { deployment } = JSON.parse(stdout) as { deployment: { resources?: RecordedResource[] } };
      return (deployment.resources ?? []).filter(({ type }) => type.endsWith(":NodePoolSync"));
    },
  };
}
