import { type Profile, type ProfileName, profiles, standard } from "./cluster/profiles.ts";
import type { Named } from "./http/account.ts";
import { randomHex } from "./http/authentication.ts";
import type { Limits } from "./http/limits.ts";
import type { MetadataMode } from "./http/serviceContext.ts";

/** How the emulated service is set up. Each field can be left out. */
export interface EmulatorOptions {
  /** The loopback port; default 0, any that is free. */
  readonly port?: number;
  /** The region's name, which is the name of its project too; default `emulated-1`. */
  readonly region?: string;
  /** The project's id; default a random one. */
  readonly projectId?: string;
  /** More projects of the account that IAM knows by name, such as those of other regions; default none. */
  readonly otherProjects?: readonly Named[];
  /** Clusters, all of the same size; default 1. */
  readonly clusters?: number;
  /** Node pools of each cluster; default 1. */
  readonly pools?: number;
  /** Nodes of each pool; default 3. */
  readonly nodesPerPool?: number;
  /** Nodes of each cluster that belong to no pool; default 0. */
  readonly defaultPoolNodes?: number;
  /** Availability zones over which the nodes of each pool are spread in turn; default 1. */
  readonly zones?: number;
  /**
   * How the service behaves where its documentation is silent: a profile by its name, or one of your own, whose fields
   * are those of `standard` where they are left out; default `standard`.
   */
  readonly profile?: ProfileName | Partial<Profile>;
  /** The clock, in milliseconds since 1970, which the `Date` of the answers shows too; default `Date.now`. */
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

/** What an option has to be: the check, and the words for it. */
type Rule = readonly [holds: (value: unknown) => boolean, requirement: string];

const day = 24 * 3600;
/** As good as for ever, in seconds. */
export const hundredYears = 100 * 365 * day;

const isFrom = (min: number, max: number) => (value: unknown) =>
  typeof value === "number" && value >= min && value <= max;
const isWhole = (min: number, max: number) => (value: unknown) =>
  Number.isInteger(value) && isFrom(min, max)(value);
const isPositive = (value: unknown) => typeof value === "number" && value > 0 && Number.isFinite(value);

const count: Rule = [isWhole(0, Number.MAX_SAFE_INTEGER), "a whole number, 0 or more"];
const oneOrMore: Rule = [isWhole(1, Number.MAX_SAFE_INTEGER), "a whole number, 1 or more"];
const positive: Rule = [isPositive, "a finite number of more than 0"];
// A time so far off that no calendar has it could not be sent to the client.
const validity: Rule = [isFrom(1, hundredYears), "1 to 3,153,600,000 seconds, a hundred years"];

const rules = {
  port: [isWhole(0, 65_535), "a whole number from 0 to 65,535"],
  clusters: oneOrMore,
  pools: count,
  nodesPerPool: count,
  defaultPoolNodes: count,
  zones: oneOrMore,
  speed: positive,
  resetSeconds: positive,
  tokenSeconds: validity,
  metadata: [(value) => ["open", "hardened", "off"].includes(String(value)), "open, hardened or off"],
  metadataKeySeconds: validity,
  keepRequests: oneOrMore,
} as const satisfies Partial<Record<keyof EmulatorOptions, Rule>>;

const limitRules: Readonly<Record<keyof Limits, Rule>> = {
  writesPerMinute: oneOrMore,
  readsPerSecond: positive,
  readBurst: [isFrom(1, Number.MAX_SAFE_INTEGER), "1 or more"],
  retryAfterShare: [isFrom(0, 1), "a share from 0 to 1"],
};

/** Fills in the defaults. @throws RangeError for a value outside its limits, naming the option. */
export function resolveOptions({ profile = "standard", ...given }: EmulatorOptions): Settings {
  const settings: Settings = {
    port: 0,
    region: "emulated-1",
    projectId: randomHex(16),
    otherProjects: [],
    clusters: 1,
    pools: 1,
    nodesPerPool: 3,
    defaultPoolNodes: 0,
    zones: 1,
    now: Date.now,
    speed: 1,
    resetSeconds: 120,
    limits: {},
    tokenSeconds: day,
    metadata: "open",
    metadataKeySeconds: day,
    keepRequests: 100_000,
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
    profile: typeof profile === "string" ? namedProfile(profile) : { ...standard, ...profile },
  };
  for (const [name, rule] of Object.entries(rules)) check(name, settings[name as keyof typeof rules], rule);
  for (const [name, rule] of Object.entries(limitRules)) {
    const value = settings.limits[name as keyof Limits];
    if (value !== undefined) check(`limits.${name}`, value, rule);
  }
  return settings;
}

function namedProfile(name: ProfileName): Profile {
  if (!Object.hasOwn(profiles, name)) throw new RangeError(`there is no profile ${name}`);
  return profiles[name];
}

function check(name: string, value: unknown, [holds, requirement]: Rule): void {
  if (!holds(value)) throw new RangeError(`${name} must be ${requirement}`);
}
