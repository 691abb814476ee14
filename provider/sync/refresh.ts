import type { Node } from "../cce/model.ts";
import { errorCodes } from "../errors/codes.ts";
import { ServiceError, UserError } from "../errors/errors.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { type Progress, type State, stateVersion } from "../nodePoolSync/state.ts";
import type { LifecycleContext } from "./lifecycle.ts";
import { isMoving } from "./observation.ts";
import { targetsOfEarlier } from "./resume.ts";
import type { ClusterView } from "./snapshot.ts";
import { hasPool, isMended, nodesChosenBy, outdated, poolIn } from "./targets.ts";
import { watch } from "./watch.ts";

/**
 * Read: brings what is recorded up to date with what the service shows, and finds nodes that fell behind their
 * pool's configuration. Sends nothing that changes anything.
 * @returns undefined when the pool is gone, and the resource with it.
 */
export async function refresh(state: State, context: LifecycleContext): Promise<State | undefined> {
  const { nodePoolId, clusterId } = state.inputs;
  const view = await lookAtPool(nodePoolId, context);
  if (view === undefined) {
    context.report(
      `node pool ${nodePoolId} of cluster ${clusterId} is gone; the resource leaves the state`,
      "warning",
    );
    return undefined;
  }
  return refreshFrom(view, state, context);
}

async function refreshFrom(view: ClusterView, state: State, context: LifecycleContext): Promise<State> {
  const nodes = nodesChosenBy(state.inputs, view);
  const progress = await progressNow(state, nodes, view, context);
  if (view.nodes === undefined) return { ...state, progress: withKnownCounts(progress, state.progress) };
  const outdatedNodeIds = progress.status === "synced" ? outdated(nodes) : [];
  if (outdatedNodeIds.length > 0) {
    const count = `${outdatedNodeIds.length} of ${nodes.length} nodes`;
    const behind = isManaged(state)
      ? "fell behind the pool's configuration; the next up synchronizes them"
      : "are behind the pool's configuration";
    context.report(`${count} ${behind}`, "warning");
  }
  const syncedNodeCount =
    progress.status === "synced" ? nodes.length - outdatedNodeIds.length : progress.syncedNodeCount;
  return { ...state, progress: { ...progress, syncedNodeCount, outdatedNodeIds } };
}

/**
 * What can be said of a pool that no sync of ours is recorded for (`NodePoolSync.get`).
 * @throws UserError when there is no such pool: to the engine, a resource that is looked up and not there is none
 *   without outputs, and the program would go on with it.
 */
export async function inspect(inputs: Inputs, context: LifecycleContext): Promise<State> {
  const view = await lookAtPool(inputs.nodePoolId, context);
  if (view === undefined) throw new UserError("there is no such node pool", errorCodes.notFound);
  const { cce } = context;
  const bookkeeping = { version: stateVersion, endpoint: cce.endpoint, projectId: cce.projectId };
  const progress: Progress = { status: "synced", failedNodes: [], outdatedNodeIds: [] };
  const state = await refreshFrom(view, { inputs, progress, bookkeeping }, context);
  const nodes = nodesChosenBy(inputs, view);
  const status = isRunning(inputs, nodes, view) ? "inProgress" : "synced";
  return { ...state, progress: { ...state.progress, status, targetNodeCount: nodes.length } };
}

/** Whether a program declares the sync; one that only looks a pool up (`NodePoolSync.get`) gives nothing but its id. */
function isManaged({ inputs }: State): boolean {
  return inputs.maxUnavailable !== undefined;
}

async function progressNow(
  state: State,
  nodes: readonly Node[],
  view: ClusterView,
  context: LifecycleContext,
): Promise<Progress> {
  const { progress } = state;
  if (progress.status === "synced") return progress;
  if (progress.status === "failed") {
    return view.nodes !== undefined && progress.failedNodes.length > 0 && areMended(state, nodes)
      ? finished(progress, context)
      : progress;
  }
  return unfinishedNow(state, nodes, context);
}

/** Where a sync stands whose end was not seen: two looks, one interval apart, settle it or leave it as it is. */
async function unfinishedNow(
  state: State,
  nodes: readonly Node[],
  context: LifecycleContext,
): Promise<Progress> {
  const { inputs, progress, bookkeeping } = state;
  const { watermark } = bookkeeping;
  const targets = targetsOfEarlier(bookkeeping, nodes);
  const running = { targets, watermark, jobId: progress.jobId, acceptedAt: progress.acceptedAt };
  const end = context.clock.now() + context.interval * twoLooks;
  const quiet = { ...context, report: () => undefined };
  const watched = await watch(inputs, running, quiet, {
    at: () => end,
    restart: () => undefined,
    extend: () => undefined,
  });
  const synced = watched.nodes.filter(({ standing }) => standing === "synced").length;
  if (watched.end === "done") return finished({ ...progress, targetNodeCount: nodes.length }, context);
  if (watched.end === "failed") {
    const failed = watched.nodes.filter(({ standing }) => standing === "failed");
    const failedNodes = failed.map(({ id, name, reason, phase }) => ({ id, name, reason: reason ?? phase }));
    return { ...progress, status: "failed", failedNodes, syncedNodeCount: nodes.length - failedNodes.length };
  }
  const begun = synced > 0 || watched.nodes.some(({ standing }) => standing === "resetting");
  const status = progress.status === "accepted" && begun ? "inProgress" : progress.status;
  return { ...progress, status, syncedNodeCount: nodes.length - targets.length + synced };
}

/** Counts for credentials that may not list nodes: those known before; a sync that is seen over now reached all. */
function withKnownCounts(progress: Progress, before: Progress): Progress {
  const { targetNodeCount, syncedNodeCount, status } = before;
  const isOverNow = progress.status === "synced" && status !== "synced";
  return { ...progress, targetNodeCount, syncedNodeCount: isOverNow ? targetNodeCount : syncedNodeCount };
}

/** A deadline that leaves room for a look at once and one more just before it. */
const twoLooks = 1.3;

function finished(progress: Progress, { clock }: LifecycleContext): Progress {
  return { ...progress, status: "synced", finishedAt: new Date(clock.now()).toISOString(), failedNodes: [] };
}

/** Whether every node that failed was brought up to date by something else, or is gone. */
function areMended({ inputs, progress, bookkeeping }: State, nodes: readonly Node[]): boolean {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return progress.failedNodes.every(({ id }) => {
    const node = byId.get(id);
    return node === undefined || isMended(node, inputs, bookkeeping.watermark);
  });
}

/**
 * A look at the cluster that has the pool; undefined when it is gone. One list that lacks it is no proof: what leaves
 * the state is synchronized anew when it comes back.
 */
async function lookAtPool(nodePoolId: string, context: LifecycleContext): Promise<ClusterView | undefined> {
  const first = await lookOrGone(nodePoolId, context);
  if (first !== undefined) return first;
  await context.clock.sleep(context.interval, context.interrupted);
  return lookOrGone(nodePoolId, context);
}

async function lookOrGone(
  nodePoolId: string,
  { reader }: LifecycleContext,
): Promise<ClusterView | undefined> {
  try {
    const view = await reader.lookFresh();
    return hasPool(view, nodePoolId) ? view : undefined;
  } catch (error) {
    // Only the service itself can say that the cluster is gone; a stranger's 404 must not cost the state.
    if (error instanceof ServiceError && error.status === 404 && error.code?.startsWith("CCE"))
      return undefined;
    throw error;
  }
}

function isRunning({ nodePoolId }: Inputs, nodes: readonly Node[], view: ClusterView): boolean {
  return poolIn(view, nodePoolId)?.synchronizing === true || nodes.some(isMoving);
}
