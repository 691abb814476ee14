import { z } from "zod";
import { ConnectionError, ServiceError } from "../errors/errors.ts";
import { clusterPath, syncBody, syncPath } from "../nodePoolSync/request.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import type { Clock } from "../util/clock.ts";
import type { Exchange, HttpAnswer, HttpRequest } from "./http.ts";
import {
  clusterSchema,
  type Job,
  jobId,
  jobSchema,
  type Node,
  type NodePool,
  nodePoolSchema,
  nodeSchema,
} from "./model.ts";
import type { Limiter } from "./rateLimiter.ts";
import { readable, serviceError } from "./responses.ts";
import { pauseAfterRefusedWrite, tryRead } from "./retryPolicy.ts";

/** The calls of CCE that a sync needs, for one project. */
export interface Cce {
  /** Origin of the service. */
  readonly endpoint: string;
  readonly projectId: string;
  /** Takes a place in the queue of requests that change something. */
  readonly queueForWrite: (signal?: AbortSignal) => Promise<void>;
  /**
   * Sends one sync request, once. Resolves when the service accepted it.
   * @throws ServiceError when it did not, or when its gateway could not say.
   * @throws ConnectionError when no answer came.
   */
  synchronize(inputs: Inputs, nodeIds?: readonly string[]): Promise<{ readonly jobId?: string }>;
  /** All nodes of the cluster. */
  listNodes(clusterId: string): Promise<Node[]>;
  /** All pools of the cluster, the default pool among them where the service lists it. */
  listNodePools(clusterId: string): Promise<NodePool[]>;
  /** The cluster's phase, such as `Available` or `Hibernation`; the set is open. */
  showClusterPhase(clusterId: string): Promise<string | undefined>;
  /** The job, or undefined when the service does not know it (any more): jobs are kept for a short time only. */
  showJob(jobId: string): Promise<Job | undefined>;
}

/** What {@link openCce} needs. */
export interface CceOptions {
  readonly endpoint: string;
  readonly projectId: string;
  /** Authenticated exchange of requests. */
  readonly exchange: Exchange;
  readonly reads: Limiter;
  readonly writes: Limiter;
  readonly clock: Clock;
}

const nodesPerPage = 2000;
/** Several times the 20,000 nodes of the largest cluster, and pages enough for them where a server's are small. */
const mostNodes = 100_000;
const mostPages = 1000;

const listSchema = <T extends z.ZodType>(item: T) =>
  z.object({
    // Null is an empty list; an answer without the field is no list, and must not pass for one without anything in it.
    items: z.array(item).nullable(),
    pageInfo: z.object({ nextMarker: z.string().optional().catch(undefined) }).nullish(),
  });
const nodeList = listSchema(nodeSchema);
const nodePoolList = listSchema(nodePoolSchema);
const acceptance = z.object({ jobid: jobId });

/** Opens the calls of one project of the service. */
export function openCce(options: CceOptions): Cce {
  const { endpoint, projectId, exchange, reads, writes, clock } = options;

  async function read<T>(call: string, path: string, query: string, schema: z.ZodType<T>): Promise<T> {
    const request: HttpRequest = { call, method: "GET", origin: endpoint, path, query, headers: accepts };
    return tryRead(async () => {
      await reads.enter();
      const answer = await exchange(request);
      return readable(call, success(call, answer, clock), schema);
    }, clock);
  }

  return {
    endpoint,
    projectId,
    queueForWrite: (signal) => writes.enter(signal),
    async synchronize(inputs, nodeIds) {
      const call = "synchronize the node pool";
      const request: HttpRequest = {
        call,
        method: "POST",
        origin: endpoint,
        path: syncPath(projectId, inputs.clusterId, inputs.nodePoolId),
        headers: { ...accepts, "Content-Type": "application/json" },
        body: JSON.stringify(syncBody(inputs, nodeIds)),
      };
      const answer = await exchange(request);
      if (answer.status === 429) {
        writes.slowDown(serviceError(call, answer, clock.now()).retryAfter ?? pauseAfterRefusedWrite);
      }
      const { body } = success(call, answer, clock);
      if (body.trim() === "") return {};
      return { jobId: readable(call, answer, acceptance).jobid };
    },
    async listNodes(clusterId) {
      const nodes = new Map<string, Node>();
      let pages = 0;
      for (let marker = ""; ; ) {
        const call = "list the nodes";
        const query = `limit=${nodesPerPage}${marker === "" ? "" : `&marker=${encodeURIComponent(marker.toWellFormed())}`}`;
        const page = await read(call, `${clusterPath(projectId, clusterId)}/nodes`, query, nodeList);
        const before = nodes.size;
        for (const node of page.items ?? []) nodes.set(node.id, node);
        marker = page.pageInfo?.nextMarker ?? "";
        if (marker === "" || (page.items ?? []).length === 0) return [...nodes.values()];
        pages += 1;
        // A part of the list must not pass for all of it: nodes that are missing count as gone.
        if (nodes.size === before || nodes.size > mostNodes || pages >= mostPages) {
          throw new ConnectionError(
            call,
            `the list has no end (${nodes.size} nodes on ${pages} pages)`,
            true,
          );
        }
      }
    },
    async listNodePools(clusterId) {
      const path = `${clusterPath(projectId, clusterId)}/nodepools`;
      const { items } = await read("list the node pools", path, "showDefaultNodePool=true", nodePoolList);
      return items ?? [];
    },
    async showClusterPhase(clusterId) {
      const { status } = await read("show the cluster", clusterPath(projectId, clusterId), "", clusterSchema);
      return status.phase;
    },
    async showJob(jobId) {
      const path = `/api/v3/projects/${encodeURIComponent(projectId)}/jobs/${encodeURIComponent(jobId)}`;
      try {
        return await read("show the job", path, "", jobSchema);
      } catch (error) {
        if (error instanceof ServiceError && error.status === 404) return undefined;
        throw error;
      }
    },
  };
}

const accepts = { Accept: "application/json" };

function success(call: string, answer: HttpAnswer, clock: Clock): HttpAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw serviceError(call, answer, clock.now());
}
