import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../emulator/index.ts";
import type { State } from "../../provider/nodePoolSync/state.ts";
import { type Bench, openBench } from "../support/bench.ts";

const moments = ["before", "acted", "answered"] as const;
const nodeCount = 5;

/** One death of the process, and what came of it. */
interface Death {
  readonly where: string;
  /** Whether the service had accepted the sync by then. */
  readonly accepted: boolean;
  /** Whether it still ran when the next run looked. */
  readonly running: boolean;
  /** Whether nodes were back from their reset already. */
  readonly someAreBack: boolean;
  /** How many syncs the service accepted in the end. */
  readonly syncs: number;
}

/**
 * Lets the process die at each of its exchanges, at each moment of it, and runs it again with nothing recorded: the
 * death of a create, the worst case.
 */
async function sweep(profile: ProfileName): Promise<Death[]> {
  const deaths: Death[] = [];
  for (let exchange = 1; ; exchange += 1) {
    for (const moment of moments) {
      const bench = await openBench({ profile, nodesPerPool: nodeCount });
      try {
        const death = await dieAndRunAgain(bench, exchange, moment);
        if (death === undefined) return deaths;
        deaths.push(death);
      } finally {
        await bench.close();
      }
    }
  }
}

async function dieAndRunAgain(
  bench: Bench,
  exchange: number,
  moment: (typeof moments)[number],
): Promise<Death | undefined> {
  const { cluster } = bench.emulator;
  cluster.changeConfiguration(bench.inputs.nodePoolId);
  const died = bench.dieAt(exchange, moment).then(() => "died" as const);
  if ((await Promise.race([died, bench.synchronize()])) !== "died") return undefined;
  const nodes = () => cluster.pools[0]?.nodes ?? [];
  const back = nodes().filter(({ upToDate }) => upToDate).length;
  const before = {
    accepted: bench.emulator.acceptedSyncs.length > 0,
    running: back < nodeCount,
    someAreBack: back > 0,
  };
  bench.restart();
  const state: State = await bench.synchronize();
  assert.equal(state.progress.status, "synced");
  assert.ok(nodes().every(({ phase, upToDate }) => phase === "Active" && upToDate));
  return { where: `${exchange} ${moment}`, ...before, syncs: bench.emulator.acceptedSyncs.length };
}

/**
 * Where the service truly cannot tell that a sync was the declared one: it had finished when the next run looked, or
 * nodes were back already, and neither they nor a job say that the sync brought them there.
 */
function cannotTell(profile: ProfileName, { accepted, running, someAreBack }: Death): boolean {
  const { upToDateField, answer } = profiles[profile];
  return accepted && (!running || (someAreBack && !upToDateField && answer === "empty"));
}

/** How many of the deaths led to a second sync, by profile: 6 to 12 deaths in the very last looks where not said. */
const manyDoubled: Partial<Record<ProfileName, number>> = { bare: 108, slowAndBare: 108 };
const fewDoubled = 12;

describe("after the death of its process at any exchange, with nothing recorded, the next run", () => {
  for (const profile of Object.keys(profiles) as ProfileName[]) {
    it(`brings every node up to date with one accepted sync, on a service of profile ${profile}`, async () => {
      const deaths = await sweep(profile);
      assert.ok(deaths.length > 10 * moments.length);
      const doubled = deaths.filter(({ syncs }) => syncs !== 1);
      const unexplained = doubled.filter((death) => death.syncs !== 2 || !cannotTell(profile, death));
      assert.deepEqual(unexplained, []);
      assert.ok(
        doubled.length <= (manyDoubled[profile] ?? fewDoubled),
        `${doubled.length} of ${deaths.length}`,
      );
    });
  }
});
