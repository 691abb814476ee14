import { stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { type Emulator, startEmulator } from "../../emulator/index.ts";
import { providerText } from "../../sdk/dynamicProvider.ts";
import { serveEngine } from "../engine/embedded/engineService.ts";
import { startNode } from "../engine/embedded/nodeProcess.ts";
import { ProviderClient } from "../engine/embedded/provider.ts";
import type { PropertyMap } from "../engine/properties.ts";
import { instantReset, quickLooks, unlimited } from "./deploying.ts";
import { interleave, median } from "./measure.ts";
import { peakOf } from "./memory.ts";
import type { Row, Section } from "./table.ts";

const folder = fileURLToPath(new URL("programs/ours", import.meta.url));
const pluginFile = fileURLToPath(
  new URL("../../dist/plugin/pulumi-resource-cce-nodepool-sync", import.meta.url),
);

/** Whose process is measured. `bare` is the other side. */
type Kind = "plugin" | "dynamic" | "bare";

/** What the calls of two `up`s cost, each in a process of its own. */
interface Cost {
  /** Milliseconds until the process listened. */
  readonly start: number;
  /** Milliseconds of the `up` that creates everything, the start included. */
  readonly created: number;
  /** Milliseconds of the `up` after it, which changes nothing. */
  readonly unchanged: number;
  /** MiB: the peak of resident memory of the process that creates. */
  readonly memory: number;
}

/** What a dynamic resource's process runs, as the state holds it. */
const texts: Readonly<Record<Exclude<Kind, "plugin">, string>> = {
  dynamic: providerText,
  bare: 'exports.handler=()=>({create:async(inputs)=>({id:"bare",outs:inputs})})',
};

const urn = (name: string) => `urn:pulumi:dev::bench::cce-nodepool-sync:index:NodePoolSync::${name}`;

/**
 * The plugin's process against that of a bare dynamic resource, and beside it that of our dynamic provider: each is called
 * over gRPC as the engine calls it, without a program and an engine's own work.
 * @param sizes numbers of resources; what is independent of the number is taken from the largest.
 */
export async function measurePlugin(sizes: readonly number[], rounds: number): Promise<Section> {
  const rows: Row[] = [{ what: "size of the file", unit: "KiB", ours: (await stat(pluginFile)).size / 1024 }];
  for (const size of sizes) {
    const results = await interleave(
      {
        bare: () => deploy("bare", size),
        dynamic: () => deploy("dynamic", size),
        plugin: () => deploy("plugin", size),
      },
      rounds,
    );
    const row = (what: string, kind: Kind, figure: keyof Cost, unit: string): Row => ({
      what: `${what}, ${kind === "plugin" ? "plugin" : "dynamic provider"}`,
      unit,
      ours: median(results[kind].map((each) => each[figure])),
      other: median(results.bare.map((each) => each[figure])),
    });
    const both = (what: string, figure: keyof Cost, unit: string) =>
      (["plugin", "dynamic"] as const).map((kind) => row(what, kind, figure, unit));
    const many = `${size} ${size === 1 ? "resource" : "resources"}`;
    if (size === Math.max(...sizes)) rows.push(...both("start", "start", "ms"));
    rows.push(
      ...both(`up of ${many}, until synced`, "created", "ms"),
      ...both(`up of ${many}, unchanged`, "unchanged", "ms"),
    );
    if (size === Math.max(...sizes)) rows.push(...both(`memory in the up of ${many}`, "memory", "MiB"));
  }
  return {
    title: "8. The plugin",
    how: `The provider's process alone, called as the engine calls it, with all resources at a time; from its start to the last answer. In an unchanged up the plugin is asked to read each resource first, the dynamic provider is not. The bare resource and the emulator are those of section 2. Medians of ${rounds} rounds.`,
    rows: rows.filter(({ ours }) => !Number.isNaN(ours)),
  };
}

async function deploy(kind: Kind, size: number): Promise<Cost> {
  const emulator = await startEmulator({ pools: size, ...instantReset });
  for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
  try {
    const first = await inProcess(kind, emulator, (client) =>
      Promise.all(inputsFor(kind, emulator).map((inputs) => create(client, inputs))),
    );
    const again = await inProcess(kind, emulator, (client) =>
      Promise.all(first.result.map((created) => compare(kind, client, created))),
    );
    if (kind !== "bare" && emulator.acceptedSyncs.length !== size)
      throw new Error(`${emulator.acceptedSyncs.length} of ${size} syncs to be measured were sent`);
    if (again.result.some((changes) => changes)) throw new Error("an up to be measured found a change");
    return { start: first.start, created: first.time, unchanged: again.time, memory: first.memory };
  } finally {
    await emulator.close();
  }
}

function inputsFor(kind: Kind, { cluster }: Emulator): PropertyMap[] {
  const hidden: PropertyMap = kind === "plugin" ? {} : { __provider: texts[kind] };
  return cluster.pools.map(({ id }) => ({
    clusterId: cluster.id,
    nodePoolId: id,
    maxUnavailable: 2,
    ...hidden,
  }));
}

interface Created {
  readonly target: { readonly urn: string; readonly id: string; readonly timeout: number };
  readonly inputs: PropertyMap;
  readonly outputs: PropertyMap;
}

async function create(client: ProviderClient, news: PropertyMap): Promise<Created> {
  const target = { urn: urn(String(news.nodePoolId)), timeout: 0 };
  const { inputs, failures } = await client.check(target.urn, {}, news, false);
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason).join("\n"));
  const { id, outputs } = await client.create(target, inputs);
  return { target: { ...target, id }, inputs, outputs };
}

/** @returns whether something has changed. */
async function compare(kind: Kind, client: ProviderClient, { target, inputs, outputs }: Created) {
  const found = kind === "plugin" ? await client.read(target, inputs, outputs) : { outputs };
  if (found === undefined) throw new Error("a resource to be measured is gone");
  const checked = await client.check(target.urn, inputs, inputs, false);
  const { changes } = await client.diff(target, { inputs, outputs: found.outputs }, checked.inputs);
  return changes ?? false;
}

/** Starts a process, lets it be used and ends it. */
async function inProcess<T>(
  kind: Kind,
  { environment }: Emulator,
  use: (client: ProviderClient) => Promise<T>,
): Promise<{ readonly result: T; readonly start: number; readonly time: number; readonly memory: number }> {
  const engine = await serveEngine(() => undefined);
  const said: string[] = [];
  const { promise: port, resolve, reject } = Promise.withResolvers<string>();
  const begun = performance.now();
  const child = await startNode({
    args: [kind === "plugin" ? pluginFile : dynamicServer(), engine.address],
    cwd: folder,
    env: { ...process.env, ...environment, ...unlimited, ...quickLooks, PULUMI_NODEJS_PROJECT: "bench" },
    onStdout: resolve,
    onStderr: (line) => void said.push(line),
  });
  void child.ended.then(() => reject(new Error(`the process to be measured has ended: ${said.join("\n")}`)));
  const client = new ProviderClient(`127.0.0.1:${await port}`);
  try {
    const start = performance.now() - begun;
    await client.configure({});
    const result = await use(client);
    const time = performance.now() - begun;
    return { result, start, time, memory: await peakOf(child.pid) };
  } finally {
    client.close();
    await child.stop();
    engine.close();
  }
}

function dynamicServer(): string {
  return createRequire(`${folder}/index.js`).resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js");
}
