import type { AcceptedSync, EmulatedNode, Emulator, NodeReset, Profile } from "../../../emulator/index.ts";
import type { StoryPool } from "./storyPool.ts";

/**
 * What is true of each node, by the emulator's own reset log: which declared content it really has, and since when.
 * It shares no rule with the product.
 */
export interface Oracle {
  /** Takes note of the syncs that the emulator has accepted since the last call: they are of this content. */
  attribute(content: string, run: number): readonly AcceptedSync[];
  /** The process has died: nobody knows of its requests. */
  lose(run: number): void;
  /** The node is taken to have the content without a reset: it was exempt, or created with it declared. */
  grant(nodeId: string, content: string): void;
  /** Whether the node has the content: it was reset with it or granted it, and nothing else was done to it since. */
  has(nodeId: string, content: string): boolean;
  /** The latest reset before a time that gave the node the content, when nothing else was done to it until then. */
  proof(nodeId: string, content: string, before?: number): Proof | undefined;
  readonly requests: ReadonlyMap<number, Request>;
}

/** A request of ours that the service accepted. */
export interface Request {
  readonly sync: AcceptedSync;
  readonly content: string;
  readonly run: number;
  isLost: boolean;
}

/** A reset that gave a node a content. */
export interface Proof {
  readonly reset: NodeReset;
  readonly request: Request;
}

export function createOracle(emulator: Emulator): Oracle {
  const requests = new Map<number, Request>();
  const grants = new Map<string, { content: string; at: number }[]>();
  let seen = 0;

  const resetsOf = (nodeId: string) =>
    emulator.cluster.resetLog(nodeId).flatMap((reset) => {
      const request = reset.sync === undefined ? undefined : requests.get(reset.sync);
      return request === undefined ? [] : [{ reset, request }];
    });

  function proof(nodeId: string, content: string, before = Number.POSITIVE_INFINITY): Proof | undefined {
    const resets = resetsOf(nodeId).filter(({ reset }) => reset.startedAt < before);
    const good = resets.findLast(
      ({ reset, request }) => reset.outcome === "succeeded" && request.content === content,
    );
    if (good === undefined) return undefined;
    return touchedSince(resets, good.reset.endedAt ?? 0) ? undefined : good;
  }

  /** A request that nobody knows of does its work unseen: what it does cannot be held against anybody. */
  function touchedSince(resets: readonly Proof[], at: number): boolean {
    return resets.some(({ reset, request }) => !request.isLost && reset.startedAt >= at);
  }

  return {
    requests,
    attribute(content, run) {
      const fresh = emulator.acceptedSyncs.slice(seen).filter(({ origin }) => origin === "request");
      seen = emulator.acceptedSyncs.length;
      for (const sync of fresh) requests.set(sync.serial, { sync, content, run, isLost: false });
      return fresh;
    },
    lose(run) {
      for (const request of requests.values()) if (request.run === run) request.isLost = true;
    },
    grant(nodeId, content) {
      const at = emulator.cluster.resetLog(nodeId).length;
      grants.set(nodeId, [...(grants.get(nodeId) ?? []), { content, at }]);
    },
    has(nodeId, content) {
      if (proof(nodeId, content) !== undefined) return true;
      const log = emulator.cluster.resetLog(nodeId);
      return (grants.get(nodeId) ?? []).some(
        (grant) =>
          grant.content === content &&
          !log.slice(grant.at).some(({ sync }) => sync !== undefined && requests.get(sync)?.isLost === false),
      );
    },
    proof,
  };
}

/** What a node was when a request that names it arrived at the service. */
export interface Target {
  readonly id: string;
  readonly isHealthy: boolean;
  readonly saysBehind: boolean;
  readonly isBehind: boolean;
}

/** What the nodes were when a request arrived. */
export interface Targets {
  readonly at: number;
  readonly nodes: ReadonlyMap<string, Target>;
}

/** The nodes as they are now. */
export function targetsNow(pool: StoryPool): ReadonlyMap<string, Target> {
  return new Map(
    pool.nodes().map((node: EmulatedNode) => [
      node.id,
      {
        id: node.id,
        isHealthy: node.phase === "Active",
        saysBehind: !pool.says(node),
        isBehind: node.configuration < pool.configuration(),
      },
    ]),
  );
}

/** Whether the service lets a later run read of each node whether its reset went well. */
export function showsEachNode(profile: Profile): boolean {
  return showsJob(profile) && ["nodes", "extendParam", "servers"].includes(profile.subJobs);
}

/** Whether the service lets a later run read the job of a sync. */
export function showsJob({ answer, showsJob, poolNamesJob }: Profile): boolean {
  return showsJob && (answer === "jobid" || poolNamesJob);
}
