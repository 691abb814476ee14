/** The runs of a resource, as the layer above begins them. Where a trace is asked for, each of them is in it. */

import { DiagnosedError } from "../errors/errors.ts";
import type { ClusterReader, ClusterSnapshot } from "../session/snapshot.ts";
import type { RunTrace } from "../trace/trace.ts";
import type { Clock } from "../util/clock.ts";
import { type Forecast, forecast as foretell } from "./forecast.ts";
import { synchronize as synchronizeNow } from "./lifecycle.ts";
import type { Declaration } from "./record/declaration.ts";
import type { Outcome, Recorded } from "./record/outcome.ts";
import { inspect as inspectNow, refresh as refreshNow } from "./refresh.ts";
import type { SyncContext } from "./run/context.ts";
import { SyncFailure } from "./run/syncFailure.ts";
import { type PoolView, view as viewNow } from "./view.ts";

/** See {@link synchronizeNow}. */
export const synchronize = traced("synchronize", synchronizeNow);
/** See {@link refreshNow}. */
export const refresh = traced("refresh", refreshNow);
/** See {@link inspectNow}. */
export const inspect = traced("inspect", (declaration, _recorded: undefined, context) =>
  inspectNow(declaration, context),
);
/** See {@link viewNow}. */
export const view = traced("view", (declaration, _recorded: undefined, context) =>
  viewNow(declaration, context),
);
/** See {@link foretell}. */
export const forecast = traced("forecast", foretell);

/** The work of a run: what it is asked for, what was recorded before, and what it works with. */
type Work<Before, End> = (declaration: Declaration, recorded: Before, context: SyncContext) => Promise<End>;

/** The work with what it was asked for, what it reported and what it came to in the trace. */
function traced<Before extends Recorded | undefined, End extends Outcome | Forecast | PoolView | undefined>(
  verb: string,
  work: Work<Before, End>,
): Work<Before, End> {
  return async (declaration, recorded, context) => {
    const { trace, subject, interval, timeout, clock } = context;
    if (trace === undefined) return work(declaration, recorded, context);
    const { endpoint, projectId } = context.client;
    trace.note("run", { verb, subject, endpoint, projectId, interval, timeout, declaration, recorded });
    const reader = tracedReader(context.reader, trace, clock);
    const report: SyncContext["report"] = (message, severity) => {
      trace.note("report", { severity, message });
      context.report(message, severity);
    };
    try {
      const end = await work(declaration, recorded, { ...context, reader, report });
      trace.note("end", end ?? {});
      return end;
    } catch (error) {
      trace.note("end", failureFacts(error));
      throw error;
    }
  };
}

/**
 * The reader with each look that the run takes in the trace. What a run concludes depends on when it looked, which no
 * replay could conclude from the exchanges: runs share reads, and a busy machine is late.
 */
function tracedReader(reader: ClusterReader, trace: RunTrace, clock: Clock): ClusterReader {
  const noting = async (look: () => Promise<ClusterSnapshot>): Promise<ClusterSnapshot> => {
    const asked = clock.monotonic();
    try {
      const snapshot = await look();
      trace.note("look", { asked, read: trace.numberOf(snapshot), readAt: snapshot.readAt });
      return snapshot;
    } catch (error) {
      trace.note("look", { asked, read: trace.numberOf(error as Error) });
      throw error;
    }
  };
  return {
    snapshot: () => noting(reader.snapshot),
    freshSnapshot: () => noting(reader.freshSnapshot),
    snapshotSince: (time) => noting(() => reader.snapshotSince(time)),
  };
}

function failureFacts(error: unknown): object {
  const { name, message } = error as Error;
  const code = error instanceof DiagnosedError ? error.errorCode : undefined;
  const outcome = error instanceof SyncFailure ? error.outcome : {};
  return { ...outcome, error: { name, code, message } };
}
