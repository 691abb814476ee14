import { setMaxListeners } from "node:events";
import type { SyncContext } from "../../provider/sync/context.ts";
import type { Declaration, Recorded } from "../../provider/sync/declaration.ts";
import { createSyncMutex } from "../../provider/sync/mutex.ts";
import { forecast, inspect, refresh, synchronize } from "../../provider/sync/runs.ts";
import { createSessions, type Sessions } from "../../provider/sync/sessions.ts";
import type { RunTrace } from "../../provider/trace/trace.ts";
import type { Clock } from "../../provider/util/clock.ts";
import { VirtualClock } from "../../test/support/virtualClock.ts";
import type { Conclusion, RecordedRun, Recording } from "./recording.ts";
import { type ReplayedService, replayService } from "./service.ts";

/** What today's code makes of a recording. */
export interface Replay {
  /** What each run concluded, by its number. */
  readonly conclusions: ReadonlyMap<number, readonly Conclusion[]>;
  readonly service: ReplayedService;
}

/** An origin that no request reaches. */
const origin = "https://cce.replay.invalid";

/** Plays a recording back as the service, on a virtual clock, in front of the present code. */
export async function replay(recording: Recording): Promise<Replay> {
  const { startedAt, endedAt, wallClock, interruptedAt, runs, exchanges } = recording;
  const clock = clockFrom(wallClock, startedAt);
  const interrupt = new AbortController();
  setMaxListeners(0, interrupt.signal);
  const interval = Math.min(...runs.map(({ asked }) => asked.interval));
  const service = replayService(exchanges, interval, clock);
  const sessions = sessionsFor(service, interval, clock, interrupt.signal);
  const mutex = createSyncMutex();
  const conclusions = new Map(runs.map(({ number }) => [number, [] as Conclusion[]]));

  const at = (t: number) => clock.sleep(t - clock.monotonic());
  const isCut = runs.some((run) => run.conclusions.every(({ line }) => line !== "end"));
  // A process that was killed concluded nothing more.
  const lastAt = interruptedAt ?? (isCut ? endedAt : undefined);
  if (lastAt !== undefined) void at(lastAt).then(() => interrupt.abort());

  const play = async (run: RecordedRun) => {
    await at(run.startedAt);
    const { clusterId } = run.asked.declaration;
    const session = await sessions.open(clusterId, { projectId: run.asked.projectId, endpoint: origin });
    const own = conclusions.get(run.number) ?? [];
    const trace = collect(own, clock, isCut ? endedAt : undefined);
    const { subject, timeout } = run.asked;
    const report = () => undefined;
    const interrupted = interrupt.signal;
    const context = {
      ...session,
      clock,
      interrupted,
      mutex,
      random: () => 0,
      report,
      subject,
      timeout,
      trace,
    };
    // What it throws is among its conclusions.
    await perform(run, context).catch(() => undefined);
  };
  await Promise.all(runs.map(play));
  return { conclusions, service };
}

/** A clock on which hours pass at once, and that begins where the recorded process's own did. */
function clockFrom(wallClock: number, monotonic: number): Clock {
  const clock = new VirtualClock(wallClock);
  return {
    now: clock.now,
    monotonic: () => clock.monotonic() + monotonic,
    sleep: (milliseconds, signal) => clock.sleep(milliseconds, signal),
  };
}

function sessionsFor(
  service: ReplayedService,
  interval: number,
  clock: Clock,
  interrupted: AbortSignal,
): Sessions {
  const environment = {
    HW_ACCESS_KEY: "replay",
    HW_SECRET_KEY: "replay",
    CCE_NODEPOOL_SYNC_POLL_INTERVAL: String(interval / 1000),
    // The recorded process has waited where it had to.
    CCE_NODEPOOL_SYNC_READS_PER_SECOND: "1000",
    CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE: "100000",
  };
  const configuration = () => ({ config: () => undefined, environment });
  return createSessions(configuration, clock, interrupted, () => service.handler);
}

/** Takes down what a run concludes, as a trace does; nothing after the end of the recording. */
function collect(own: Conclusion[], clock: Clock, end = Number.POSITIVE_INFINITY): RunTrace {
  return {
    note(line, facts) {
      const t = clock.monotonic();
      if (line !== "run" && t < end) own.push({ line, t, facts: JSON.parse(JSON.stringify(facts)) });
    },
  };
}

async function perform({ asked }: RecordedRun, context: SyncContext): Promise<unknown> {
  const declaration: Declaration = {
    ...asked.declaration,
    body: (nodeIDs, maxUnavailable) => ({
      spec: {
        maxUnavailable,
        nodeIDs,
        nodePoolID: asked.declaration.nodePoolId,
        ...(asked.declaration.hasTemplate && { nodeTemplate: {} }),
      },
    }),
  };
  const recorded: Recorded | undefined = asked.recorded && {
    ...asked.recorded,
    record: { ...asked.recorded.record, endpoint: origin },
  };
  if (asked.verb === "synchronize") return synchronize(declaration, recorded, context);
  if (asked.verb === "forecast") return forecast(declaration, recorded, context);
  if (asked.verb === "refresh" && recorded !== undefined) return refresh(declaration, recorded, context);
  return inspect(declaration, undefined, context);
}
