/** The runs of a resource, as the layer above begins them. Where a trace is asked for, each of them is in it. */

import { DiagnosedError } from "../errors/errors.ts";
import type { SyncContext } from "./context.ts";
import type { Declaration, Outcome, Recorded } from "./declaration.ts";
import { type Forecast, forecast as foretell } from "./forecast.ts";
import { synchronize as synchronizeNow } from "./lifecycle.ts";
import { inspect as inspectNow, refresh as refreshNow } from "./refresh.ts";
import { SyncFailure } from "./syncFailure.ts";

/** See {@link synchronizeNow}. */
export const synchronize = traced("synchronize", synchronizeNow);
/** See {@link refreshNow}. */
export const refresh = traced("refresh", refreshNow);
/** See {@link inspectNow}. */
export const inspect = traced("inspect", (declaration, _recorded: undefined, context) =>
  inspectNow(declaration, context),
);
/** See {@link foretell}. */
export const forecast = traced("forecast", foretell);

/** The work of a run: what it is asked for, what was recorded before, and what it works with. */
type Work<Before, End> = (declaration: Declaration, recorded: Before, context: SyncContext) => Promise<End>;

/** The work with what it was asked for, what it told its user and what it came to in the trace. */
function traced<Before extends Recorded | undefined, End extends Outcome | Forecast | undefined>(
  verb: string,
  work: Work<Before, End>,
): Work<Before, End> {
  return async (declaration, recorded, context) => {
    const { trace, subject, interval, timeout } = context;
    if (trace === undefined) return work(declaration, recorded, context);
    const { projectId } = context.client;
    trace.note("run", { verb, subject, projectId, interval, timeout, declaration, recorded });
    const report: SyncContext["report"] = (message, severity) => {
      trace.note("report", { severity, message });
      context.report(message, severity);
    };
    try {
      const end = await work(declaration, recorded, { ...context, report });
      trace.note("end", end ?? {});
      return end;
    } catch (error) {
      trace.note("end", failureFacts(error));
      throw error;
    }
  };
}

function failureFacts(error: unknown): object {
  const { name, message } = error as Error;
  const code = error instanceof DiagnosedError ? error.errorCode : undefined;
  const outcome = error instanceof SyncFailure ? error.outcome : {};
  return { ...outcome, error: { name, code, message } };
}
