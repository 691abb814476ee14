/** Which nodes of which pool a resource is about. */
export interface Selection {
  readonly clusterId: string;
  readonly nodePoolId: string;
  /** The only nodes that are requested and reported; undefined for every node of the pool. */
  readonly nodeIds?: readonly string[];
  /** Nodes that are neither requested nor reported. */
  readonly excludeNodeIds?: readonly string[];
}

/** A number of nodes, or a percentage of the selected ones, such as `"20%"`. */
export type Amount = number | string;

/** How nodes are reset in waves. */
export interface Rollout {
  /** The size of the first wave of a run; that of every wave where it is left out. */
  readonly canary?: Amount | undefined;
  /** The size of a later wave; all nodes that are left where it is left out. */
  readonly waveSize?: Amount | undefined;
  /** Whether no wave spans two availability zones. */
  readonly zoneByZone: boolean;
  /** Milliseconds for which the nodes of a wave must stay healthy before the next one; 0 for no soak. */
  readonly soak: number;
  /** How many nodes may fail in a run before no further wave begins. */
  readonly maxFailures: number;
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
