import { ResourceFailure } from "../../../provider/nodePoolSync/service.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import type { Up } from "./happenings.ts";
import { type Targets, targetsNow } from "./oracle.ts";
import { meetNewNodes, type Tale } from "./tale.ts";

/** How long a run may last on the virtual clock: no default deadline of a small pool is so long. */
const longestRun = 6 * 3600_000;

/** How a run ended: with a state, refused and nothing recorded, with its process, or not at all. */
export type End = { state: State; failure?: Error } | { refused: Error } | "died" | "hangs";

/** Watches the exchanges of a run: what happens during it, and what each request names. */
export function attend(tale: Tale, up: Up, content: string): { targets: Targets[]; detach: () => void } {
  const { harness, pool } = tale;
  const targets: Targets[] = [];
  const count = { all: 0, rest: 0 };
  const detach = harness.emulator.onRequest(({ kind }, moment) => {
    if (moment !== "arrived") return;
    count.all += 1;
    const isAtRest = targets.length > 0 && !pool.isSynchronizing();
    if (isAtRest) count.rest += 1;
    pool.catchUp();
    for (const { what, of = "all", exchange } of up.during)
      if (exchange === count[of] && (of === "all" || isAtRest)) pool.let(what);
    meetNewNodes(tale, content);
    if (up.end !== undefined && "interruptAt" in up.end && up.end.interruptAt === count.all)
      harness.interrupt.abort();
    if (kind === "sync") targets.push({ at: harness.clock.elsewhere(), nodes: targetsNow(pool) });
  });
  return { targets, detach };
}

/** Lets the resource be created or updated as it is declared. */
export async function synchronize({ harness, door, declared, kept }: Tale, { end }: Up): Promise<End> {
  const limit = new AbortController();
  const died =
    end !== undefined && "death" in end
      ? harness.crashAt(end.death.exchange, end.death.moment).then(() => "died" as const)
      : new Promise<never>(() => undefined);
  const timeout = end !== undefined && "seconds" in end ? end.seconds * 1000 : undefined;
  const run = door.synchronize(declared, kept, timeout).then(
    (state) => ({ state }),
    (failure: Error) =>
      failure instanceof ResourceFailure ? { state: failure.state, failure } : { refused: failure },
  );
  const hangs = harness.clock.sleep(longestRun, limit.signal).then(() => "hangs" as const);
  const how = await Promise.race([run, died, hangs]);
  if (how !== "hangs") limit.abort();
  return how;
}
