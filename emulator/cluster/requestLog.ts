/** Which of the service's calls a request is; `other` is none that is served. */
export type CallKind =
  | "sync"
  | "pools"
  | "pool"
  | "nodes"
  | "node"
  | "job"
  | "cluster"
  | "projects"
  | "token"
  | "agency"
  | "metadata"
  | "other";

/**
 * What the emulator keeps of a request. No credential and no password is in it: in each of its texts, a secret that the
 * emulator issued and a salted password say `[secret]`.
 */
export interface RequestRecord {
  /** Counted from 1 in the order of arrival. */
  readonly index: number;
  /** Which call it is, as its path says. */
  readonly kind: CallKind;
  /** The method of HTTP. */
  readonly method: string;
  /** As it was sent, percent-encoded; one with an encoded secret in it says `[secret]`. */
  readonly path: string;
  /** As it was sent, without the question mark; values under the name of a credential say `[secret]`. */
  readonly query: string;
  /** Headers by lower-case name; those that carry credentials say `[secret]`. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The parsed body; passwords, tokens and everything below `login` but `username` and `sshKey` say `[secret]`. One that
   * is no JSON says `[not JSON]`.
   */
  readonly body: unknown;
  /** When it arrived, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  /** The status that was answered; undefined while there is no answer, and when a fault kept it back. */
  readonly status?: number;
  /** Why the service refused it: code and message. */
  readonly refusal?: string;
  /** For a sync: whether the service accepted it, also when its answer was lost. */
  readonly accepted?: boolean;
}

/** A sync that the emulated service accepted. */
export interface AcceptedSync {
  /** Counted from 1, through all clusters of the emulator; {@link NodeReset.sync} names it. */
  readonly serial: number;
  /** Who sent it: a request to the emulator, or somebody else ({@link EmulatedCluster.syncByOthers}). */
  readonly origin: "request" | "others";
  /** The id of the cluster. */
  readonly clusterId: string;
  /** The id of the node pool, `DefaultPool` for the nodes outside pools. */
  readonly poolId: string;
  /** Ids of the nodes that are reset, in the order of the batches. */
  readonly targets: readonly string[];
  /** How many nodes are reset at a time. */
  readonly maxUnavailable: number;
  /** When, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  /** The job's id, also where the profile does not show it to the client. */
  readonly jobId: string;
  /** What was sent as `nodeTemplate`, with `[secret]` in the same places as in {@link RequestRecord.body}. */
  readonly nodeTemplate?: unknown;
}
