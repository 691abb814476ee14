import type { Cluster } from "../cluster/cluster.ts";
import type { Answer } from "../cluster/errors.ts";
import type { Profile } from "../cluster/profiles.ts";
import type { Account } from "./account.ts";
import type { Authenticator } from "./authentication.ts";
import type { Secrets } from "./secrets.ts";

/**
 * How the metadata service of the emulated server behaves: open to everyone, open only to who brings a token of it
 * (`hardened`), or not there at all.
 */
export type MetadataMode = "open" | "hardened" | "off";

/** The state of the metadata service. */
interface MetadataService {
  readonly mode: MetadataMode;
  /** How long the temporary keys that it hands out are valid. */
  readonly keySeconds: number;
  /** Its own tokens, with the time at which each ends. */
  readonly tokens: Map<string, number>;
}

/** What the calls work on. */
export interface ServiceContext {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly profile: Profile;
  /** How many lists of a kind were answered so far. */
  readonly lists: Map<"nodes" | "pools", number>;
  readonly account: Account;
  readonly authenticator: Authenticator;
  readonly metadata: MetadataService;
  /** Every secret that was issued, for no log to hold it. */
  readonly secrets: Secrets;
  /** What the reset of a node takes, in milliseconds of the clock. */
  readonly resetTime: number;
  /** How many times faster than the clock the nodes live. */
  readonly speed: number;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
}

/** A request as far as a call is concerned. */
export interface Call {
  /** The named parts of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How far behind the replica is that is to answer, in seconds of the nodes' time; undefined for the profile's word. */
  readonly staleSeconds?: number;
}

/** Answers one call of the service. */
export type Handler = (call: Call, context: ServiceContext) => Answer;

/** An answer that things went well. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The cluster that a path names; those of another project than the path's are not there. */
export function clusterOf(
  { cluster = "", project }: Call["parts"],
  { clusters }: ServiceContext,
): Cluster | undefined {
  const found = clusters.get(cluster);
  return found?.projectId === project ? found : undefined;
}

/** How far behind the answer to a list is, in milliseconds of the clock. */
export function lagOf(kind: "nodes" | "pools", { staleSeconds }: Call, context: ServiceContext): number {
  const { profile, lists, resetTime, speed } = context;
  if (staleSeconds !== undefined) return (staleSeconds * 1000) / speed;
  const count = (lists.get(kind) ?? 0) + 1;
  lists.set(kind, count);
  return count % profile.replicaServes === 0 ? profile.replicaLag * resetTime : 0;
}
