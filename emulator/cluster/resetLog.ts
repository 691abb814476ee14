/**
 * What began a reset: a sync that was accepted, the repair of a broken node, or somebody who reset this one node by
 * hand.
 */
export type ResetCause = "sync" | "repair" | "manual";

/** One reset of one node as it really happened, whatever the API shows of it. */
export interface NodeReset {
  /** The id of the cluster. */
  readonly clusterId: string;
  /** The id of the node's pool, `DefaultPool` for a node outside pools. */
  readonly poolId: string;
  /** The id of the node. */
  readonly nodeId: string;
  /** What began it. */
  readonly cause: ResetCause;
  /** The sync that it belongs to, as {@link AcceptedSync.serial}; undefined for another cause. */
  readonly sync?: number;
  /** When the node left its working state, in milliseconds since 1970 by the emulator's clock. */
  readonly startedAt: number;
  /** When it ended; undefined while it lasts. */
  readonly endedAt?: number;
  /**
   * How it ended: the node was back and `Active`, it stayed in another phase, or it was gone. Undefined while it lasts.
   */
  readonly outcome?: "succeeded" | "failed" | "gone";
  /** Why it failed, when a reason was planned. */
  readonly reason?: string;
  /**
   * The configuration that the node was reset to, as {@link EmulatedPool.configuration}: the pool's at `startedAt`, or
   * at `endedAt` where the profile says so. It is the node's own after a reset that succeeded.
   */
  readonly configuration: number;
  /** The `nodeTemplate` of the sync, with `[secret]` where a secret was; undefined without one. */
  readonly nodeTemplate?: unknown;
}

/** A reset that is being written down. */
export type WritableReset = { -readonly [Key in keyof NodeReset]: NodeReset[Key] };

/** The resets of one cluster. */
export class ResetLog {
  readonly #entries: WritableReset[] = [];
  readonly #lasting = new Set<WritableReset>();

  /** In the order in which they started. */
  get entries(): readonly NodeReset[] {
    return [...this.#entries];
  }

  start(reset: Omit<WritableReset, "endedAt" | "outcome" | "reason">): WritableReset {
    const entry: WritableReset = { ...reset };
    this.#entries.push(entry);
    this.#lasting.add(entry);
    return entry;
  }

  /** Ends a reset, unless it has ended before, with its node. */
  end(entry: WritableReset, at: number, outcome: NodeReset["outcome"], reason?: string): void {
    if (!this.#lasting.delete(entry)) return;
    Object.assign(entry, { endedAt: at, outcome, reason });
  }

  /** Ends whatever reset of a node that is gone. */
  endGone(nodeId: string, at: number): void {
    for (const entry of this.#lasting) if (entry.nodeId === nodeId) this.end(entry, at, "gone");
  }
}
