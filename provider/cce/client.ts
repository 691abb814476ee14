import { z } from "zod";
import { ConnectionError, InterruptedError, ServiceError } from "../errors/errors.ts";
import type { Clock } from "../util/clock.ts";
import type { HttpHandler, HttpRequest, HttpResponse } from "./http.ts";
import { jobSchema } from "./jobSchema.ts";
import { collectNodes, createPoolLister, listingNodes, nodePage, nodePoolList } from "./lists.ts";
import type { Job, Node, NodePool } from "./model.ts";
import { clusterPath, jobPath, nodePath, syncPath } from "./paths.ts";
import type { RateLimiter } from "./rateLimiter.ts";
import { dateOf, readable, serviceError } from "./responses.ts";
import { pauseAfterRefusedWrite, tryRead } from "./retryPolicy.ts";
import { clusterSchema, jobId, nodeSchema } from "./schemas.ts";

/** A request to synchronize the nodes of a pool. */
export interface SyncRequest {
  readonly clusterId: string;
  readonly nodePoolId: string;
  /** What is sent as JSON. */
  readonly body: object;
}

/**
 * The calls of CCE that a sync needs, for one project. Every call ends soon after its signal aborts, with an
 * InterruptedError; a read that fails in passing is tried again for some seconds.
 */
export interface CceClient {
  /** Origin of the service. */
  readonly endpoint: string;
  readonly projectId: string;
  /** The service's own clock, in milliseconds since 1970; undefined before its first answer with a date. */
  serviceTime(): number | undefined;
  /** Takes a place in the queue of requests that change something; resolves early when the signal aborts. */
  enterWriteQueue(signal?: AbortSignal): Promise<void>;
  /**
   * Sends one sync request, once. Resolves when the service accepted it.
   * @throws ServiceError when it did not, or when its gateway could not say.
   * @throws ConnectionError when no answer came, or the signal aborted when the request may have arrived.
   * @throws InterruptedError when the signal aborted before the request left.
   */
  synchronize(request: SyncRequest, signal?: AbortSignal): Promise<{ readonly jobId?: string }>;
  /** All nodes of the cluster. */
  listNodes(clusterId: string, signal?: AbortSignal): Promise<Node[]>;
  /** All pools of the cluster, the default pool among them where the service lists it. */
  listNodePools(clusterId: string, signal?: AbortSignal): Promise<NodePool[]>;
  /** The node, or undefined when the service itself says that there is none. */
  showNode(clusterId: string, nodeId: string, signal?: AbortSignal): Promise<Node | undefined>;
  /** The cluster's phase, such as `Available` or `Hibernation`; the set is open. */
  showClusterPhase(clusterId: string, signal?: AbortSignal): Promise<string | undefined>;
  /** The job, or undefined when the service does not know it (any more): jobs are kept for a short time only. */
  showJob(jobId: string, signal?: AbortSignal): Promise<Job | undefined>;
}

/** What {@link createCceClient} needs. */
export interface CceClientOptions {
  readonly endpoint: string;
  readonly projectId: string;
  /** Sends requests with a credential. */
  readonly handler: HttpHandler;
  readonly reads: RateLimiter;
  readonly writes: RateLimiter;
  readonly clock: Clock;
}

const acceptance = z.object({ jobid: jobId });

/** The calls of one project of the service. */
export function createCceClient(options: CceClientOptions): CceClient {
  const { endpoint, projectId, writes, clock } = options;
  const { handler, serviceTime } = withServiceTime(options.handler, clock);
  const read = createReader({ ...options, handler });

  return {
    endpoint,
    projectId,
    serviceTime,
    enterWriteQueue: (signal) => writes.enter(signal),
    synchronize: ({ clusterId, nodePoolId, body }, signal) =>
      sendSync(
        {
          call: "synchronize the node pool",
          method: "POST",
          origin: endpoint,
          path: syncPath(projectId, clusterId, nodePoolId),
          headers: { ...accepts, "Content-Type": "application/json" },
          body: JSON.stringify(body),
          signal,
        },
        { ...options, handler },
      ),
    listNodes: (clusterId, signal) =>
      collectNodes((query) => {
        const path = `${clusterPath(projectId, clusterId)}/nodes`;
        return read(listingNodes, path, query, nodePage, signal);
      }),
    listNodePools: createPoolLister((clusterId, query, signal) => {
      const path = `${clusterPath(projectId, clusterId)}/nodepools`;
      return read("list the node pools", path, query, nodePoolList, signal);
    }),
    async showNode(clusterId, nodeId, signal) {
      const itself = nodeSchema.refine(({ id }) => id === nodeId);
      try {
        return await read("show the node", nodePath(projectId, clusterId, nodeId), "", itself, signal);
      } catch (error) {
        if (isMissing(error) && error.codes.some((code) => ownCode.test(code))) return undefined;
        throw error;
      }
    },
    async showClusterPhase(clusterId, signal) {
      const path = clusterPath(projectId, clusterId);
      return (await read("show the cluster", path, "", clusterSchema, signal)).status.phase;
    },
    async showJob(id, signal) {
      try {
        return await read("show the job", jobPath(projectId, id), "", jobSchema, signal);
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}

const accepts = { Accept: "application/json" };
/** Codes that only CCE itself gives, and no gateway before it. */
const ownCode = /^(CCE(_CM)?\.|E\.CFE\.)/;

function isMissing(error: unknown): error is ServiceError {
  return error instanceof ServiceError && error.status === 404;
}

function success(call: string, response: HttpResponse, clock: Clock): HttpResponse {
  if (response.status >= 200 && response.status < 300) return response;
  throw serviceError(call, response, clock.now());
}

/** Keeps the service's clock by the dates of its answers, which are whole seconds. */
function withServiceTime(send: HttpHandler, clock: Clock) {
  let ahead: number | undefined;
  const handler: HttpHandler = async (request) => {
    const response = await send(request);
    const date = dateOf(response);
    if (date !== undefined) ahead = date - clock.monotonic();
    return response;
  };
  const serviceTime = () => (ahead === undefined ? undefined : clock.monotonic() + ahead);
  return { handler, serviceTime };
}

function createReader({ endpoint, handler, reads, clock }: CceClientOptions) {
  return <T>(
    call: string,
    path: string,
    query: string,
    schema: z.ZodType<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> => {
    const request: HttpRequest = {
      call,
      method: "GET",
      origin: endpoint,
      path,
      query,
      headers: accepts,
      signal,
    };
    const attempt = async () => {
      await reads.enter(signal);
      if (signal?.aborted) throw new InterruptedError(call);
      return readable(call, success(call, await handler(request), clock), schema);
    };
    return tryRead(call, attempt, clock, signal);
  };
}

async function sendSync(
  request: HttpRequest,
  { handler, writes, clock }: CceClientOptions,
): Promise<{ readonly jobId?: string }> {
  const { call, signal } = request;
  if (signal?.aborted) throw new InterruptedError(call);
  const response = await handler(request).catch((error: unknown) => {
    if (!(error instanceof InterruptedError && error.mayHaveArrived)) throw error;
    throw new ConnectionError(call, "interrupted before the answer came", { mayHaveArrived: true });
  });
  if (response.status === 429) {
    writes.slowDown(serviceError(call, response, clock.now()).retryAfter ?? pauseAfterRefusedWrite);
  }
  const { body } = success(call, response, clock);
  if (body.trim() === "") return {};
  return { jobId: readable(call, response, acceptance).jobid };
}
