/**
 * What the engine knows of a resource and does not pass to a dynamic provider. The resource class hands it over as one
 * hidden input; the engine does not show inputs whose names begin with two underscores.
 */
export interface EngineOptions {
  /** The resource's URN. */
  readonly urn?: string;
  /** Milliseconds granted by `customTimeouts`. */
  readonly createTimeout?: number;
  readonly updateTimeout?: number;
}

/** The name of the hidden input. */
export const engineOptionsKey = "__engine";

/** Reads the hidden input; anything unexpected in it is taken as not given. */
export function readEngineOptions(properties: Record<string, unknown>): EngineOptions {
  const given = (properties[engineOptionsKey] ?? {}) as Record<string, unknown>;
  return {
    urn: typeof given.urn === "string" ? given.urn : undefined,
    createTimeout: milliseconds(given.createTimeout),
    updateTimeout: milliseconds(given.updateTimeout),
  };
}

const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** A time-out as Pulumi writes it, such as `1h30m`; undefined when it is none. */
function milliseconds(text: unknown): number | undefined {
  if (typeof text !== "string" || !/^(\d+(\.\d+)?(h|ms|m|s))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s)/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}
