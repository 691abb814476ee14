import { type EmulatedPool, startEmulator } from "../../emulator/index.ts";
import { median } from "./measure.ts";
import { withStack } from "./program.ts";
import type { Section } from "./table.ts";

/** Seconds between looks at first, and at most: the product's defaults. */
const interval = 5;
const largestInterval = 15;
/** With one node more in each pool, resets that go one by one end all through the time of the `up`. */
const pools = 8;
const resetSeconds = 4;

/** Seconds from the moment at which the last node of a pool was done to the moment at which `up` said so. */
export async function measureNoticing(): Promise<Section> {
  const emulator = await startEmulator({ pools: 0, resetSeconds });
  try {
    const { cluster } = emulator;
    const all = Array.from({ length: pools }, (_, index) => cluster.addPool(`pool-${index + 1}`, index + 1));
    for (const { id } of all) cluster.changeConfiguration(id);
    const resources = Object.fromEntries(
      all.map(({ id, name }) => [name, { clusterId: cluster.id, nodePoolId: id, maxUnavailable: 1 }]),
    );
    const said = new Map<string, number>();
    const onLine = (line: string) => {
      const [, name] = /:NodePoolSync (\S+) created\b/.exec(line) ?? [];
      if (name !== undefined) said.set(name, Date.now());
    };
    const result = await withStack(
      "ours",
      { resources, emulator, onLine },
      (stack) => stack.up({ parallel: pools }).result,
    );
    if (!result.ok || emulator.acceptedSyncs.length !== pools)
      throw new Error(`the up to be measured went wrong:\n${result.text}`);
    const delays = all.map((pool) => ((said.get(pool.name) ?? Number.NaN) - doneAt(pool)) / 1000);
    return {
      title: '6. From "the last node is done" to "up says so"',
      how: `In real time and with the defaults: looks are ${interval} s apart at first and ${largestInterval} s in a long wait (up to a tenth more at random), so that a node waits half of that on average to be seen. ${pools} pools of 1 to ${pools} nodes in one up, which are reset one by one in ${resetSeconds} s each. The other side is the first interval.`,
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
  } finally {
    await emulator.close();
  }
}

function doneAt({ nodes }: EmulatedPool): number {
  return Math.max(...nodes.map(({ updatedAt }) => updatedAt));
}
