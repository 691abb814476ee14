import type { Settings } from "../config/settings.ts";
import { traceSetting } from "../config/trace.ts";
import type { Trace } from "../trace/trace.ts";
import type { Clock } from "../util/clock.ts";
import { memoize } from "../util/memoize.ts";
import type { Notice } from "./sessions.ts";

/**
 * Opens the trace that the settings ask for, and lets it cover what they hold.
 * @param secrets the texts that must not be in it.
 * @throws ConfigurationError when its file cannot be written.
 */
export type OpenTrace = (settings: Settings, secrets: () => readonly string[]) => Promise<Trace | undefined>;

/** The traces of this process. Their code is loaded when the first one is asked for. */
export function createTraceOpener(clock: Clock, interrupted: AbortSignal): OpenTrace {
  const opened = new Map<string, Promise<Trace>>();
  const covered = new Set<string>();
  return async ({ tracePath: path, source, projectId, projectName, transport }, secrets) => {
    if (path === undefined) return undefined;
    const trace = await memoize(opened, path, async () => {
      const { createTrace } = await import("../trace/trace.ts");
      return createTrace({ path, clock, interrupted });
    });
    const key = JSON.stringify([path, source.id, projectId, projectName, transport]);
    if (!covered.has(key)) trace.cover({ secrets, names: [projectName ?? [], source.names].flat() });
    covered.add(key);
    return trace;
  };
}

/** What a user should know of a trace that is being written. */
export function traceNotice(path: string): Notice {
  return { text: `writing a trace to ${path} (${traceSetting})`, severity: "info" };
}
