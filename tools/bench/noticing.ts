import { createLifecycleHarness } from "../../test/support/lifecycle/lifecycleHarness.ts";
import { median } from "./measure.ts";
import type { Section } from "./table.ts";

/** Seconds between looks at first, and at most: the product's defaults. */
const interval = 5;
const largestInterval = 15;
/** With one node more in each pool, resets that go one by one end all through the time of the wait. */
const pools = 8;
/** Seconds of a node's reset, one wait over all pools for each: no multiples of the interval. */
const resetTimes = [61, 97, 131, 173] as const;

/**
 * Seconds from the moment at which the last node of a pool was done to the moment at which its sync ended. On a virtual
 * clock, so that the minutes of a wait pass at once and a busy machine adds nothing.
 */
export async function measureNoticing(): Promise<Section> {
  const delays: number[] = [];
  for (const resetSeconds of resetTimes) delays.push(...(await delaysOf(resetSeconds)));
  return {
    title: '6. From "the last node is done" to "up says so"',
    how: `With the defaults: looks are ${interval} s apart at first, ${largestInterval} s in a long wait, and ${interval} s again while the last batch is reset. ${resetTimes.length} waits over ${pools} pools of 1 to ${pools} nodes, which are reset one by one in ${resetTimes.join(", ")} s each, on a virtual clock. The other side is the first interval.`,
    rows: [
      { what: "median", unit: "s", ours: median(delays), other: interval },
      {
        what: "longest",
        unit: "s",
        ours: Math.max(...delays),
        other: interval,
        bound: { of: "ratio", most: 2 },
      },
    ],
  };
}

async function delaysOf(resetSeconds: number): Promise<number[]> {
  const harness = await createLifecycleHarness({ pools: 0, resetSeconds });
  try {
    const { clock, emulator, inputs } = harness;
    const { cluster } = emulator;
    const all = Array.from({ length: pools }, (_, index) => cluster.addPool(`pool-${index + 1}`, index + 1));
    for (const { id } of all) cluster.changeConfiguration(id);
    const delays = await Promise.all(
      all.map(async ({ id, nodes }) => {
        await harness.synchronize({ ...inputs, nodePoolId: id, maxUnavailable: 1 });
        return (clock.now() - Math.max(...nodes.map(({ updatedAt }) => updatedAt))) / 1000;
      }),
    );
    if (emulator.acceptedSyncs.length !== pools)
      throw new Error(`${emulator.acceptedSyncs.length} of ${pools} syncs to be waited for were sent`);
    return delays;
  } finally {
    await harness.close();
  }
}
