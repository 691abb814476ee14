import type { SyncRecord } from "./record.ts";
import type { Amount, Rollout } from "./rollout.ts";

/** Which nodes of which pool a resource is about. */
export interface Selection {
  readonly clusterId: string;
  readonly nodePoolId: string;
  /** The only nodes that are requested and reported; undefined for every node of the pool. */
  readonly nodeIds?: readonly string[];
  /** Nodes that are neither requested nor reported. */
  readonly excludeNodeIds?: readonly string[];
}

/** What a resource declares, as far as a sync is concerned. The names are those of the resource's inputs. */
export interface Declaration extends Selection {
  /** How many nodes may be reset at a time. */
  readonly maxUnavailable: Amount;
  /** How the nodes are reset in waves; undefined for one request that names them all. */
  readonly rollout?: Rollout;
  /** Whether the run waits until every node is proven. */
  readonly wait: boolean;
  /** Which of the nodes that are selected for the first time are owed. */
  readonly onCreate: "outdated" | "all" | "nothing";
  /** Which nodes are owed when the content changes. */
  readonly onChange: "all" | "outdated";
  /** Whether requests carry a node template. What a node says of itself then proves nothing. */
  readonly hasTemplate: boolean;
  /** Digest of the node template alone. */
  readonly template: string;
  /** Digest of everything whose change asks for a new sync. */
  readonly content: string;
  /** The record's way to compare the password; undefined where no password is declared. */
  readonly password?: string;
  /** How many nodes one request may name; undefined when there is no limit. */
  readonly mostNodes?: number;
  /**
   * The body of the request that names these nodes.
   * @param maxUnavailable how many of them may be reset at a time.
   */
  body(nodeIds: readonly string[], maxUnavailable: number): object;
}

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

/** What a run leaves to be recorded. */
export interface Outcome {
  /** Whether what is declared is in the record; else the inputs of before are to be recorded with it. */
  readonly isEntered: boolean;
  readonly record: SyncRecord;
  readonly progress: Progress;
}

/** What the state says of earlier runs. */
export interface Recorded extends Omit<Outcome, "isEntered"> {
  readonly selection: Selection;
  /** Digest of the content that was declared last. */
  readonly content: string;
}
