import assert from "node:assert/strict";
import { type ProfileName, profiles } from "../../../emulator/index.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import { createLifecycleHarness, type LifecycleHarness } from "./lifecycleHarness.ts";

/** When in an exchange the process dies: see `crashAt` of the harness. */
type Moment = "before" | "acted" | "answered";

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
  /** How many nodes were reset twice although they were not back yet when the next run looked. */
  readonly needless: number;
  /** How many of these had not begun yet. */
  readonly unbegun: number;
}

/**
 * Lets the process die at each of its exchanges, at each moment of it, and runs it again with nothing recorded: the
 * death of a create, the worst case.
 */
async function sweep(profile: ProfileName, moments: readonly Moment[]): Promise<Death[]> {
  const deaths: Death[] = [];
  for (let exchange = 1; ; exchange += 1) {
    for (const moment of moments) {
      const harness = await createLifecycleHarness({ profile, nodesPerPool: nodeCount });
      try {
        const death = await dieAndRunAgain(harness, exchange, moment);
        if (death === undefined) return deaths;
        deaths.push(death);
      } finally {
        await harness.close();
      }
    }
  }
}

async function dieAndRunAgain(
  harness: LifecycleHarness,
  exchange: number,
  moment: Moment,
): Promise<Death | undefined> {
  const { cluster } = harness.emulator;
  cluster.changeConfiguration(harness.inputs.nodePoolId);
  const died = harness.crashAt(exchange, moment).then(() => "died" as const);
  if ((await Promise.race([died, harness.synchronize()])) !== "died") return undefined;
  const nodes = () => cluster.pools[0]?.nodes ?? [];
  const wereBack = new Set(
    nodes()
      .filter(({ upToDate }) => upToDate)
      .map(({ id }) => id),
  );
  const back = wereBack.size;
  const hadBegun = new Set(nodes().flatMap(({ id }) => (cluster.resetLog(id).length > 0 ? [id] : [])));
  const before = {
    accepted: harness.emulator.acceptedSyncs.length > 0,
    running: back < nodeCount,
    someAreBack: back > 0,
  };
  harness.restart();
  const state: State = await harness.synchronize();
  assert.equal(state.progress.status, "synced");
  assert.ok(nodes().every(({ phase, upToDate }) => phase === "Active" && upToDate));
  const resetTwice = nodes().filter(({ id }) => cluster.resetLog(id).length > 1);
  const needless = resetTwice.filter(({ id }) => !wereBack.has(id));
  return {
    where: `${exchange} ${moment}`,
    ...before,
    syncs: harness.emulator.acceptedSyncs.length,
    needless: needless.length,
    unbegun: needless.filter(({ id }) => !hadBegun.has(id)).length,
  };
}

/**
 * Where the service truly cannot show that a sync was the declared one: it had finished when the next run looked, or
 * nodes were back already, what they say of themselves is missing or too old, and no job names them. Only those nodes
 * are reset again. Where the service shows neither job, condition nor flags, a reset that had begun cannot be distinguished
 * from one that began before the pool was changed.
 */
function cannotTell(profile: ProfileName, death: Death): boolean {
  const { accepted, running, someAreBack, needless, unbegun } = death;
  const { upToDateField, probes, showsJob, poolNamesJob, condition } = profiles[profile];
  const namesJob = showsJob && poolNamesJob;
  if (accepted && condition === "never" && !namesJob && !upToDateField) return unbegun === 0;
  const saysNothing = (!upToDateField || probes === "old") && !namesJob;
  return accepted && needless === 0 && (!running || (someAreBack && saysNothing));
}

/**
 * Declares a test for each profile: after the death of its process at any exchange, with nothing recorded, the next run
 * brings every node up to date with one accepted sync.
 */
export function describeCrashes(names: readonly ProfileName[], moments: readonly Moment[]): void {
  const title = `after the death of its process at any exchange (${moments.join(", ")}), with nothing recorded, the next run`;
  describe(title, () => {
    for (const profile of names) {
      it(`brings every node up to date with one accepted sync, on a service of profile ${profile}`, async () => {
        const deaths = await sweep(profile, moments);
        assert.ok(deaths.length > 10 * moments.length);
        const doubled = deaths.filter(({ syncs }) => syncs !== 1);
        const unexplained = doubled.filter((death) => death.syncs !== 2 || !cannotTell(profile, death));
        assert.deepEqual(unexplained, []);
      });
    }
  });
}
