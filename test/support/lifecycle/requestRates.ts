import type { CallKind } from "../../../emulator/index.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import type { LifecycleHarness } from "./lifecycleHarness.ts";

/** The default time between looks, in milliseconds. */
export const interval = 5000;
/** A minute, in milliseconds. */
export const minute = 60_000;
/** No limit of writes of the client's own. */
export const anyNumberOfWrites = { CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000" };

/** One sync for each pool, all begun at once or one after the other. */
export function synchronizeAll(harness: LifecycleHarness, apart = 0): Promise<State[]> {
  const { clock, emulator, inputs } = harness;
  return Promise.all(
    emulator.cluster.pools.map(async ({ id }, index) => {
      if (apart > 0) await clock.sleep(index * apart);
      return harness.synchronize({ ...inputs, nodePoolId: id });
    }),
  );
}

/** How many requests of a kind arrived. */
export function count(harness: LifecycleHarness, kind: CallKind): number {
  return harness.emulator.requests.filter((request) => request.kind === kind).length;
}

/** The largest number of requests of a kind in any slot of time. */
export function mostInSlot(harness: LifecycleHarness, kind: CallKind, length = interval): number {
  const slots = new Map<number, number>();
  for (const { kind: its, at } of harness.emulator.requests) {
    const slot = Math.floor(at / length);
    if (its === kind) slots.set(slot, (slots.get(slot) ?? 0) + 1);
  }
  return Math.max(0, ...slots.values());
}

/** The largest number of requests that change something in any minute, wherever it begins. */
export function mostWritesInMinute(harness: LifecycleHarness): number {
  const times = harness.emulator.requests.filter(({ kind }) => kind === "sync").map(({ at }) => at);
  return Math.max(
    0,
    ...times.map((end, index) => times.slice(0, index + 1).filter((at) => at > end - minute).length),
  );
}

/** How many syncs were refused as one too many. */
export function refusedWrites(harness: LifecycleHarness): number {
  return harness.emulator.requests.filter(({ kind, status }) => kind === "sync" && status === 429).length;
}

/** Every status that one of the states has. */
export const states = (all: readonly State[]) => [...new Set(all.map(({ progress }) => progress.status))];
