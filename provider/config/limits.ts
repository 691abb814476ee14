import type { Sources } from "./sources.ts";

/** How fast requests may follow each other, and how long they may take. */
export interface Limits {
  /** Seconds between two looks at a cluster at first; grows to three times as much. Default 5. */
  readonly pollInterval: number;
  /** Requests that read, a second. Default 20. */
  readonly readsPerSecond: number;
  /** Requests that change something, a minute. Default 10, the limit seen at the service for each user. */
  readonly writesPerMinute: number;
  /** Seconds in which an answer must be there to its end. Default 120: CCE can be slow. */
  readonly requestTimeout: number;
}

/**
 * What each part of {@link Limits} is set by, in its own unit. Every value is above 0; the key in the Pulumi configuration
 * is `cce-nodepool-sync:` and the part's name.
 */
export const limitSettings: Record<keyof Limits, { variable: string; standard: number; max: number }> = {
  pollInterval: { variable: "CCE_NODEPOOL_SYNC_POLL_INTERVAL", standard: 5, max: 60 },
  readsPerSecond: { variable: "CCE_NODEPOOL_SYNC_READS_PER_SECOND", standard: 20, max: 1000 },
  writesPerMinute: { variable: "CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE", standard: 10, max: 100_000 },
  requestTimeout: { variable: "CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT", standard: 120, max: 600 },
};

/** Reads this package's own settings (Pulumi config namespace `cce-nodepool-sync`, then the environment). */
export function readLimits({ config, environment }: Sources, problems: string[]): Limits {
  const read = (name: keyof Limits) => {
    const { variable, standard, max } = limitSettings[name];
    const key = `cce-nodepool-sync:${name}`;
    const text = config(key) || environment[variable] || "";
    if (text === "") return standard;
    const value = Number(text);
    if (value > 0 && value <= max) return value;
    problems.push(
      `${name}: must be a number above 0, at most ${max} (Pulumi config ${key}, environment ${variable})`,
    );
    return standard;
  };
  return {
    pollInterval: read("pollInterval"),
    readsPerSecond: read("readsPerSecond"),
    writesPerMinute: read("writesPerMinute"),
    requestTimeout: read("requestTimeout"),
  };
}
