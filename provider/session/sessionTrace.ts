import type { Settings } from "../config/settings.ts";
import type { Trace } from "../trace/trace.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";

/** The traces of a process. */
export interface SessionTraces {
  /**
   * The trace that the settings ask for; its code is loaded when the first one is.
   * @throws ConfigurationError when its file cannot be written.
   */
  open(settings: Settings): Promise<Trace | undefined>;
  /** Lets a trace cover what a session holds, once. */
  cover(trace: Trace, settings: Settings, secrets: () => readonly string[]): void;
}

/** Makes the traces of a process. */
export function createSessionTraces(clock: Clock, interrupted: AbortSignal): SessionTraces {
  const opened = new Map<string, Promise<Trace>>();
  const covered = new Set<string>();
  return {
    async open({ tracePath: path }) {
      if (path === undefined) return undefined;
      return memoize(opened, path, async () => {
        const { createTrace } = await import("../trace/trace.ts");
        return createTrace({ path, clock, interrupted });
      });
    },
    cover(trace, { tracePath, source, projectId, projectName, transport }, secrets) {
      const key = JSON.stringify([tracePath, source.id, projectId, projectName, transport]);
      if (!covered.has(key)) trace.cover({ secrets, names: [projectName ?? [], source.names].flat() });
      covered.add(key);
    },
  };
}
