import { createHttp, type HttpHandler } from "../../provider/cce/http.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import { createService, ResourceFailure } from "../../provider/nodePoolSync/service.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { createSessions, type Sessions } from "../../provider/session/sessions.ts";
import { systemClock } from "../../provider/util/clock.ts";

/** What one `pulumi up` would do, in this process and without an engine. */
export interface RemoteProcess {
  readonly sessions: Sessions;
  /** Create or update; a failure that is recorded is a state too. */
  up(inputs: Inputs, earlier?: State): Promise<{ readonly state: State; readonly message?: string }>;
  refresh(state: State): Promise<State | undefined>;
  /** Requests to sync that left. */
  readonly sent: () => number;
  /** Requests of any kind that left for CCE. */
  readonly requests: () => number;
  close(): Promise<void>;
}

interface Options {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user interrupts the whole test. */
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
  /** Called when the service has accepted a sync and has been looked at since. */
  readonly seenRunning?: () => void;
}

/** A process of its own, as far as the provider knows. */
export function createRemoteProcess({ environment, interrupted, say, seenRunning }: Options): RemoteProcess {
  const opened: ReturnType<typeof createHttp>[] = [];
  const configuration = () => ({ config: () => undefined, environment });
  let sent = 0;
  let requests = 0;
  let isAccepted = false;
  const counting =
    (handler: HttpHandler): HttpHandler =>
    async (request) => {
      const isSync = request.path.endsWith("/operation/upgrade");
      // IAM may be asked for a token or a project at any time.
      if (request.path.startsWith("/api/v3/")) requests += 1;
      if (isSync) sent += 1;
      const response = await handler(request);
      if (isSync) isAccepted = response.status < 300;
      else if (isAccepted && request.path.endsWith("/nodes")) seenRunning?.();
      return response;
    };
  const open: typeof createSessions = (...options) =>
    createSessions(options[0], options[1], options[2], (transport) => {
      const http = createHttp(transport);
      opened.push(http);
      return counting(http.handler);
    });
  const service = createService({ configuration, clock: systemClock, interrupted, createSessions: open });
  const caller = { subject: 'NodePoolSync "remote"', report: (text: string) => say(`    ${text}`) };
  return {
    sessions: open(configuration, systemClock, interrupted),
    async up(inputs, earlier) {
      try {
        return { state: await service.synchronize(inputs, earlier, caller) };
      } catch (error) {
        if (!(error instanceof ResourceFailure)) throw error;
        return { state: error.state, message: error.message };
      }
    },
    refresh: (state) => service.read("", state, {}, caller),
    sent: () => sent,
    requests: () => requests,
    async close() {
      await Promise.all(opened.map((http) => http.close()));
    },
  };
}
