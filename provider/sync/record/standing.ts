/** Where a declared sync stands. */
export type SyncStatus = "accepted" | "inProgress" | "synced" | "failed";

/** A node that the sync did not bring to the declared content. */
export interface FailedNode {
  readonly id: string;
  readonly name: string;
  /** What the service says of it, or its phase. */
  readonly reason: string;
}

/** What a user is shown of a sync; the fields are documented where the outputs are described. */
export interface Progress {
  readonly status: SyncStatus;
  readonly jobId?: string;
  readonly acceptedAt?: string;
  readonly finishedAt?: string;
  readonly targetNodeCount?: number;
  readonly syncedNodeCount?: number;
  readonly skippedNodeCount?: number;
  readonly failedNodes: readonly FailedNode[];
  readonly outdatedNodeIds: readonly string[];
}
