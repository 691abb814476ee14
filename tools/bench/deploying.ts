import { type Emulator, startEmulator } from "../../emulator/index.ts";
import type { Result, Stack } from "../engine/index.ts";
import { interleave, median } from "./measure.ts";
import { peakMemory } from "./memory.ts";
import { type Program, withStack } from "./program.ts";
import type { Row, Section } from "./table.ts";

/** What one pair of `up`s on a new stack cost. */
interface Deployment {
  /** Milliseconds of the `up` that creates everything. */
  readonly created: number;
  /** Milliseconds of the `up` after it, which changes nothing. */
  readonly unchanged: number;
  /** MiB, see {@link peakMemory}; of the `up` that creates. */
  readonly memory: number;
  /** Bytes that the state holds for a resource. */
  readonly state: number;
  /** Bytes of `__provider`, which the state holds twice. */
  readonly provider: number;
}

/** How the resources are declared. `bare` is the other side. */
type Kind = "bare" | "accepted" | "waited";

const kinds: Readonly<Record<Kind, { readonly program: Program; readonly wait: boolean }>> = {
  bare: { program: "bare", wait: true },
  accepted: { program: "ours", wait: false },
  waited: { program: "ours", wait: true },
};

/** No reset takes time, and nothing is held back for a service's limits: what is left is the work of ours. */
export const instantReset = { nodesPerPool: 2, speed: 1_000_000, resetSeconds: 1 } as const;
/** Requests follow each other as fast as they can. */
export const unlimited = {
  CCE_NODEPOOL_SYNC_READS_PER_SECOND: "1000",
  CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000",
};
/** Looks that follow each other quickly. */
export const quickLooks = { CCE_NODEPOOL_SYNC_POLL_INTERVAL: "0.2" };
const setup =
  "The bare resource is a pulumi.dynamic.Resource with the same three inputs whose create returns at once. Ours signs, looks and sends its request to the emulator, which verifies signatures, has 2 nodes a pool and resets them in no time; the limits of requests are out of the way. Until synced, it also waits for the next look, 0.2 s apart, and reads its job.";

/**
 * Size of the state, time of `up` and memory of the provider process, against a bare dynamic resource on the same
 * engine.
 * @param sizes numbers of resources; what is independent of the number is taken from the largest.
 */
export async function measureDeploying(sizes: readonly number[], rounds: number): Promise<Section[]> {
  const largest = Math.max(...sizes);
  const times: Row[] = [];
  const others: { state: Row[]; memory: Row[] } = { state: [], memory: [] };
  for (const size of sizes) {
    const results = await deployRounds(size, rounds);
    const of = (kind: Kind, figure: keyof Deployment) => median(results[kind].map((each) => each[figure]));
    const row = (what: string, figure: keyof Deployment, kind: Kind, unit: string): Row => ({
      what,
      unit,
      ours: of(kind, figure),
      other: of("bare", figure),
    });
    const many = `${size} ${size === 1 ? "resource" : "resources"}`;
    const bound = size === 200 ? { bound: { of: "ratio", most: 1.25 } as const } : {};
    times.push(
      { ...row(`up of ${many}, until accepted`, "created", "accepted", "ms"), ...bound },
      { ...row(`up of ${many}, until synced`, "created", "waited", "ms"), ...bound },
      row(`up of ${many}, unchanged`, "unchanged", "waited", "ms"),
    );
    if (size !== largest) continue;
    others.state.push(
      { ...row("__provider", "provider", "waited", "bytes"), bound: { of: "ours", most: 700 } },
      row("state of a resource", "state", "waited", "bytes"),
    );
    others.memory.push(
      row(`up of ${many}, until accepted`, "memory", "accepted", "MiB"),
      row(`up of ${many}, until synced`, "memory", "waited", "MiB"),
    );
  }
  const medians = `Medians of ${rounds} rounds.`;
  return [
    {
      title: "1. State",
      how: "Against a bare dynamic resource with the same three inputs. From the state of a real up, without the spaces of a printed one; __provider stands in it twice.",
      rows: others.state,
    },
    {
      title: "2. Time of pulumi up",
      how: `${setup} As many operations at a time as there are resources. ${medians}`,
      rows: times,
    },
    {
      title: "7. Memory",
      how: `Largest resident memory of the provider process in those ups. ${medians}`,
      rows: others.memory.filter(({ ours }) => !Number.isNaN(ours)),
    },
  ];
}

async function deployRounds(size: number, rounds: number): Promise<Record<Kind, Deployment[]>> {
  return interleave(
    {
      bare: () => deploy("bare", size),
      accepted: () => deploy("accepted", size),
      waited: () => deploy("waited", size),
    },
    rounds,
  );
}

async function deploy(kind: Kind, size: number): Promise<Deployment> {
  const { program, wait } = kinds[kind];
  const emulator = await startEmulator({ pools: size, ...instantReset });
  for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
  try {
    const resources = resourcesFor(emulator, wait);
    const environment = { ...unlimited, ...(wait ? quickLooks : {}) };
    const deployment = await withStack(program, { resources, emulator, environment }, (stack) =>
      measureUps(stack, size),
    );
    const expected = program === "ours" ? size : 0;
    const { length: syncs } = emulator.acceptedSyncs;
    if (syncs !== expected)
      throw new Error(`${syncs} syncs were accepted in an up to be measured, not ${expected}`);
    return deployment;
  } finally {
    await emulator.close();
  }
}

function resourcesFor({ cluster }: Emulator, wait: boolean): Record<string, unknown> {
  return Object.fromEntries(
    cluster.pools.map(({ id, name }) => [
      name,
      { clusterId: cluster.id, nodePoolId: id, maxUnavailable: 2, ...(wait ? {} : { wait }) },
    ]),
  );
}

async function measureUps(stack: Stack, size: number): Promise<Deployment> {
  const begun = performance.now();
  const operation = stack.up({ parallel: size });
  const [memory] = await Promise.all([peakMemory(operation), operation.result]);
  const created = performance.now() - begun;
  assertDone(await operation.result, "create", size);
  const again = performance.now();
  assertDone(await stack.up({ parallel: size }).result, "same", size);
  const unchanged = performance.now() - again;
  const { deployment } = await stack.exportState();
  const resource = deployment.resources?.find(({ type }) => type.startsWith("pulumi-nodejs:dynamic"));
  return {
    created,
    unchanged,
    memory,
    state: Buffer.byteLength(JSON.stringify(resource)),
    provider: Buffer.byteLength(String(resource?.outputs?.__provider)),
  };
}

function assertDone({ ok, steps, text }: Result, op: string, count: number): void {
  const done = steps.filter((step) => step.op === op && step.type.startsWith("pulumi-nodejs:dynamic")).length;
  if (!ok || done !== count)
    throw new Error(`an up to be measured went wrong (${done} of ${count}):\n${text}`);
}
