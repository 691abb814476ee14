import { AsyncLocalStorage } from "node:async_hooks";
import { setMaxListeners } from "node:events";
import { type CceClient, createCceClient } from "../../provider/cce/client.ts";
import type { Declaration } from "../../provider/sync/record/declaration.ts";
import type { SyncContext } from "../../provider/sync/run/context.ts";
import { createSyncMutex } from "../../provider/sync/run/mutex.ts";
import { forecast, inspect, refresh, synchronize, view } from "../../provider/sync/runs.ts";
import type { RunTrace } from "../../provider/trace/trace.ts";
import type { Clock } from "../../provider/util/clock.ts";
import { memoize } from "../../provider/util/memoize.ts";
import { VirtualClock } from "../../test/support/lifecycle/virtualClock.ts";
import { TraceError } from "./lines.ts";
import { createLooks, type ReplayedLooks, type RunLooks } from "./looks.ts";
import { inOrderOfNames } from "./names.ts";
import type { Conclusion, RecordedExchange, RecordedRun, Recording } from "./recording.ts";
import { type Asker, type ReplayedService, replayService } from "./service.ts";

/** What today's code makes of a recording. */
export interface Replay {
  /** What each run concluded, by its number. */
  readonly conclusions: ReadonlyMap<number, readonly Conclusion[]>;
  readonly service: ReplayedService;
}

/** How long the exchanges that were under way at an interruption are waited for, in milliseconds. */
const patience = 100;
/** More than the longest wait has; what takes more has times that cannot be. */
const mostPauses = 300_000;

/**
 * Plays a recording back as the service, on a virtual clock, in front of the present code.
 * @throws TraceError when it would never come to an end.
 */
export async function replay(recording: Recording): Promise<Replay> {
  const { endedAt, interruption, runs, exchanges } = recording;
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  const clock = clockOf(recording, () => interrupt.abort());
  const askers = new AsyncLocalStorage<Asker>();
  const rename = inOrderOfNames(exchanges);
  const during = new Set(interruption?.during);
  const asked = (exchange: RecordedExchange) => {
    if (!during.delete(exchange) || during.size > 0) return;
    if (clock.monotonic() >= (interruption?.at ?? 0)) interrupt.abort();
  };
  const service = replayService(exchanges, { texts: rename, asked, askers, clock });
  const mutex = createSyncMutex();
  const conclusions = new Map(runs.map(({ number }) => [number, [] as Conclusion[]]));
  const clients = new Map<string, { client: CceClient; looks: ReplayedLooks }>();

  const at = (t: number) => clock.sleep(t - clock.monotonic());
  const isCut = runs.some((run) => run.endedAt === undefined);
  // A process that was killed concluded nothing more.
  const lastAt = interruption?.at ?? (isCut ? endedAt : undefined);
  if (lastAt !== undefined)
    void at(lastAt)
      .then(() => at(during.size > 0 ? lastAt + patience : lastAt))
      .then(() => interrupt.abort());

  const play = async (run: RecordedRun) => {
    await at(run.startedAt);
    const { endpoint, projectId, subject, timeout, interval } = run.asked;
    const { client, looks } = memoize(clients, JSON.stringify([endpoint, projectId]), () => {
      const client = clientOf(endpoint, projectId, service, clock);
      return { client, looks: createLooks(client, askers, clock, interrupt.signal) };
    });
    const own = looks.of(run);
    const context: SyncContext = {
      client: { ...client, enterWriteQueue: (signal) => own.until(own.nextAt(), signal) },
      reader: own.reader,
      clock,
      interrupted: interrupt.signal,
      interval,
      timeout,
      subject,
      mutex,
      random: () => 0,
      report: () => undefined,
      trace: collect(conclusions.get(run.number) ?? [], clock),
    };
    // What it throws is among its conclusions.
    await askers.run(askerOf(run, own), () => perform(run, rename, context)).catch(() => undefined);
  };
  await Promise.all(runs.map(play));
  if (clock.pauses() > mostPauses)
    throw new TraceError("the runs in it would never end: their times cannot be right");
  return { conclusions, service };
}

/** A clock on which hours pass at once, and that goes as the recorded process's own did. */
function clockOf({ startedAt, wallClock }: Recording, tooMany: () => void): Clock & { pauses(): number } {
  const clock = new VirtualClock(0);
  const monotonic = () => clock.monotonic() + startedAt;
  let pauses = 0;
  return {
    monotonic,
    now: () => wallClock(monotonic()),
    sleep(milliseconds, signal) {
      pauses += 1;
      if (pauses === mostPauses) tooMany();
      return clock.sleep(milliseconds, signal);
    },
    pauses: () => pauses,
  };
}

/** The recorded process has waited for limits where it had to, and has authenticated. */
function clientOf(
  endpoint: string,
  projectId: string,
  { handler }: ReplayedService,
  clock: Clock,
): CceClient {
  const unlimited = { enter: async () => undefined, slowDown: () => undefined };
  return createCceClient({ endpoint, projectId, handler, reads: unlimited, writes: unlimited, clock });
}

function askerOf({ endedAt }: RecordedRun, { nextAt }: RunLooks): Asker {
  return {
    until: nextAt,
    isKilled: () => endedAt === undefined && nextAt() === Number.POSITIVE_INFINITY,
  };
}

/** Takes down what a run concludes, as a trace does. */
function collect(own: Conclusion[], clock: Clock): RunTrace {
  return {
    numberOf: () => 0,
    note(line, facts) {
      if (line === "run" || line === "look") return;
      own.push({ line, t: clock.monotonic(), facts: JSON.parse(JSON.stringify(facts)) });
    },
  };
}

async function perform(
  { asked }: RecordedRun,
  rename: (text: string) => string,
  context: SyncContext,
): Promise<unknown> {
  const { nodePoolId, hasTemplate } = asked.declaration;
  const nodeTemplate = hasTemplate ? { nodeTemplate: {} } : {};
  const declaration: Declaration = {
    ...asked.declaration,
    body: (nodeIDs, maxUnavailable) => ({
      spec: { maxUnavailable, nodeIDs, nodePoolID: nodePoolId, ...nodeTemplate },
    }),
  };
  const recorded = asked.recorded && JSON.parse(rename(JSON.stringify(asked.recorded)));
  if (asked.verb === "synchronize") return synchronize(declaration, recorded, context);
  if (asked.verb === "view") return view(declaration, undefined, context);
  if (asked.verb === "forecast") return forecast(declaration, recorded, context);
  if (asked.verb === "refresh" && recorded !== undefined) return refresh(declaration, recorded, context);
  return inspect(declaration, undefined, context);
}
