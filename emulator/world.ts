import type { Account } from "./account.ts";
import type { Gatekeeper } from "./authentication.ts";
import type { Cluster } from "./cluster.ts";
import type { Answer } from "./errors.ts";
import type { MetadataMode } from "./options.ts";
import type { Profile } from "./profiles.ts";
import type { AcceptedSync } from "./requestLog.ts";
import type { Secrets } from "./secrets.ts";

/** The state of the metadata service. */
interface MetadataService {
  readonly mode: MetadataMode;
  /** How long the temporary keys that it hands out are valid. */
  readonly keySeconds: number;
  /** Its own tokens, with the time at which each ends. */
  readonly tokens: Map<string, number>;
}

/** What the calls work on. */
export interface World {
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly profile: Profile;
  readonly account: Account;
  readonly gatekeeper: Gatekeeper;
  readonly metadata: MetadataService;
  /** Every secret that was issued, for no log to hold it. */
  readonly secrets: Secrets;
  /** The clock: milliseconds since 1970. */
  readonly now: () => number;
  /** Takes note of a sync that was accepted. */
  readonly accepted: (sync: AcceptedSync) => void;
}

/** A request as far as a call is concerned. */
interface Call {
  /** The named parts of the path, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers one call of the service. */
export type Handler = (call: Call, world: World) => Answer;

/** An answer that things went well. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** The cluster that a path names; those of another project than the path's are not there. */
export function clusterOf(
  { cluster = "", project }: Call["parts"],
  { clusters }: World,
): Cluster | undefined {
  const found = clusters.get(cluster);
  return found?.projectId === project ? found : undefined;
}
