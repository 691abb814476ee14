import type { CallKind } from "../../emulator/index.ts";
import { createLifecycleHarness } from "../../test/support/lifecycle/lifecycleHarness.ts";
import type { Row, Section } from "./table.ts";

/** The default distance between looks, in milliseconds. */
const interval = 5000;
const nodesPerPool = 4;
/** The writes are not to be the bottleneck: all the pools have to wait at the same time. */
const environment = { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000" };

/** What a wait over so many pools asked of the service. */
interface Wait {
  /** The most requests for lists of nodes and pools in any one interval. */
  readonly mostListsInTick: number;
  readonly lists: number;
  readonly jobs: number;
  readonly syncs: number;
}

/**
 * Requests that were sent for waits over different numbers of pools, as the emulator counted them. On a virtual clock,
 * so that the hours of a wait pass at once and each request has its exact place in time.
 * @param sizes numbers of pools; the first one is what the others are compared with.
 */
export async function measureReading(sizes: readonly number[]): Promise<Section> {
  const rows: Row[] = [];
  let first: Wait | undefined;
  for (const size of sizes) {
    const wait = await waitOver(size);
    first ??= wait;
    const pools = `${size} ${size === 1 ? "pool" : "pools"}`;
    rows.push(
      {
        what: `${pools}: lists read in the busiest tick`,
        unit: "",
        ours: wait.mostListsInTick,
        other: first.mostListsInTick,
        bound: { of: "ratio", most: 1 },
      },
      { what: `${pools}: lists read in all`, unit: "", ours: wait.lists, other: first.lists },
      { what: `${pools}: syncs sent`, unit: "", ours: wait.syncs, other: first.syncs },
      {
        what: `${pools}: jobs read, one for each sync as it ends`,
        unit: "",
        ours: wait.jobs,
        other: first.jobs,
      },
    );
  }
  return {
    title: "5. Requests of a wait",
    how: `The other side is the wait over ${sizes[0]} pool. A tick is an interval of ${interval / 1000} s, the default; ${nodesPerPool} nodes a pool are reset in two batches of 120 s. A tick needs one list of the nodes (for each 2,000) and one of the pools.`,
    rows,
  };
}

async function waitOver(pools: number): Promise<Wait> {
  const harness = await createLifecycleHarness({ pools, nodesPerPool }, environment);
  try {
    const { emulator, inputs } = harness;
    for (const { id } of emulator.cluster.pools) emulator.cluster.changeConfiguration(id);
    const states = await Promise.all(
      emulator.cluster.pools.map(({ id }) => harness.synchronize({ ...inputs, nodePoolId: id })),
    );
    const open = states.filter(({ progress }) => progress.status !== "synced").length;
    if (open > 0) throw new Error(`${open} of ${pools} waits to be counted did not end well`);
    if (emulator.acceptedSyncs.length !== pools)
      throw new Error(`${emulator.acceptedSyncs.length} of ${pools} syncs to be waited for were sent`);
    const requests = (...kinds: CallKind[]) => emulator.requests.filter(({ kind }) => kinds.includes(kind));
    const lists = requests("nodes", "pools");
    const ticks = Map.groupBy(lists, ({ at }) => Math.floor(at / interval));
    return {
      mostListsInTick: Math.max(...[...ticks.values()].map(({ length }) => length)),
      lists: lists.length,
      jobs: requests("job").length,
      syncs: requests("sync").length,
    };
  } finally {
    await harness.close();
  }
}
