import type { Configuration } from "../config/sources.ts";
import type { NodePoolSyncService } from "../nodePoolSync/service.ts";
import { systemClock } from "../util/clock.ts";

/**
 * The service of this process, over real connections and on the real clock. Loaded when it is needed first: a run that
 * changes nothing needs none of it.
 */
export function createServiceLoader(
  configuration: () => Configuration,
  interrupted: AbortSignal,
): () => Promise<NodePoolSyncService> {
  let created: Promise<NodePoolSyncService> | undefined;
  return () => {
    created ??= import("../nodePoolSync/service.ts").then(({ createService }) =>
      createService({
        configuration,
        clock: systemClock,
        interrupted,
        createSessions: async (...options) =>
          (await import("../session/sessions.ts")).createSessions(...options),
      }),
    );
    return created;
  };
}
