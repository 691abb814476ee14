import { randomHex } from "./authentication.ts";
import type { Limits } from "./limits.ts";
import type { MetadataMode } from "./metadata.ts";
import { type Profile, type ProfileName, profiles } from "./profiles.ts";

/** How the emulated service is set up. Each field can be left out. */
export interface EmulatorOptions {
  /** The loopback port; default 0, any that is free. */
  readonly port?: number;
  /** The region's name, which is the name of its project too; default `emulated-1`. */
  readonly region?: string;
  /** The project's id; default a random one. */
  readonly projectId?: string;
  /** Clusters, all of the same size; default 1. */
  readonly clusters?: number;
  /** Node pools of each cluster; default 1. */
  readonly pools?: number;
  /** Nodes of each pool; default 3. */
  readonly nodesPerPool?: number;
  /** Nodes of each cluster that belong to no pool; default 0. */
  readonly defaultPoolNodes?: number;
  /** How the service behaves where its documentation is silent; default `standard`. */
  readonly profile?: ProfileName | Profile;
  /** The clock, in milliseconds since 1970; default `Date.now`. */
  readonly now?: () => number;
  /** How many times faster than the clock nodes live; default 1. */
  readonly speed?: number;
  /** What the reset of a node takes, in seconds of the nodes' time; default 120. */
  readonly resetSeconds?: number;
  /** Limits of requests; default none. */
  readonly limits?: Limits;
  /** How long a token of IAM is valid, in seconds; default 24 hours. */
  readonly tokenSeconds?: number;
  /** The metadata service; default `open`. */
  readonly metadata?: MetadataMode;
  /** How long keys from the metadata service are valid, in seconds; default 24 hours. */
  readonly metadataKeySeconds?: number;
  /** How many of the newest requests are kept in the log; default 100,000. */
  readonly keepRequests?: number;
}

/** Options with the defaults filled in. */
export interface Settings extends Required<Omit<EmulatorOptions, "profile">> {
  readonly profile: Profile;
}

const day = 24 * 3600;

/** Fills in the defaults. @throws RangeError for a value outside its limits, naming the option. */
export function resolveOptions({ profile = "standard", ...given }: EmulatorOptions): Settings {
  const settings: Settings = {
    port: 0,
    region: "emulated-1",
    projectId: randomHex(16),
    clusters: 1,
    pools: 1,
    nodesPerPool: 3,
    defaultPoolNodes: 0,
    now: Date.now,
    speed: 1,
    resetSeconds: 120,
    limits: {},
    tokenSeconds: day,
    metadata: "open",
    metadataKeySeconds: day,
    keepRequests: 100_000,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    profile: typeof profile === "string" ? profiles[profile] : profile,
  };
  if (settings.profile === undefined) throw new RangeError(`there is no profile ${String(profile)}`);
  for (const name of ["pools", "nodesPerPool", "defaultPoolNodes"] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 0)
      throw new RangeError(`${name} must be a whole number, 0 or more`);
  }
  if (!Number.isInteger(settings.clusters) || settings.clusters < 1)
    throw new RangeError("clusters must be a whole number, 1 or more");
  for (const name of ["speed", "resetSeconds"] as const) {
    if (!(settings[name] > 0)) throw new RangeError(`${name} must be more than 0`);
  }
  return settings;
}
