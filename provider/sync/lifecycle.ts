import { needsResync } from "../nodePoolSync/diff.ts";
import type { Inputs } from "../nodePoolSync/schema.ts";
import { type Bookkeeping, type FailedNode, type State, stateVersion } from "../nodePoolSync/state.ts";
import { type Deadline, openDeadline, type SyncContext } from "./context.ts";
import type { Turns } from "./keyedMutex.ts";
import { endText, lostSightText, unansweredText } from "./messages.ts";
import type { JudgedNode } from "./observation.ts";
import { duration, listNames } from "./progress.ts";
import type { Running } from "./resume.ts";
import { type Before, startOrResume, UnansweredError } from "./start.ts";
import { type LeftToDo, nodesChosenBy, outdated } from "./targets.ts";
import { type Watched, watch } from "./watch.ts";

/** What the verbs work with. */
export interface LifecycleContext extends SyncContext {
  /** How the resource is named in messages, such as `NodePoolSync "workers"`. */
  readonly subject: string;
  readonly turns: Turns;
}

/** A sync that the service accepted, or may have accepted, and that is not known to have ended well. */
export class SyncFailure extends Error {
  override readonly name = "SyncFailure";
  /** What to record: the resource exists, and the next run resumes or repeats the sync. */
  readonly state: State;

  constructor(message: string, state: State) {
    super(message);
    this.state = state;
  }
}

/** The id of a resource: the same for the same pool, whoever makes it. */
export function resourceId({ clusterId, nodePoolId }: Pick<Inputs, "clusterId" | "nodePoolId">): string {
  return `${encodeURIComponent(clusterId)}/${encodeURIComponent(nodePoolId)}`;
}

/** What an id says; nothing when it is none. */
export function parseResourceId(id: string): Partial<Pick<Inputs, "clusterId" | "nodePoolId">> {
  const match = /^([^/]+)\/([^/]+)$/.exec(id);
  if (match === null) return {};
  try {
    const [clusterId, nodePoolId] = match.slice(1).map(decodeURIComponent);
    return { clusterId, nodePoolId };
  } catch {
    return {};
  }
}

/**
 * Create and update: brings the nodes to their pool's configuration, and answers when they are there (or, without
 * `wait`, when the service has accepted it). Sends at most one request that is accepted.
 * @param previous what is recorded of the resource; undefined when nothing is.
 * @throws SyncFailure when the sync was, or may have been, accepted and did not end well: its state is to be recorded.
 * @throws any other error when nothing was accepted; nothing new is to be recorded.
 */
export async function synchronize(
  inputs: Inputs,
  previous: State | undefined,
  context: LifecycleContext,
): Promise<State> {
  if (previous !== undefined && isSettled(previous, inputs)) return { ...previous, inputs };
  const { endpoint, projectId } = context.cce;
  const pool = JSON.stringify([endpoint, projectId, inputs.clusterId, inputs.nodePoolId]);
  return context.turns.take(pool, async (broughtByOthers) => {
    const before: Before = { ...rememberedWork(previous, inputs), broughtByOthers };
    const deadline = openDeadline(context);
    const start = await begin(inputs, before, context, deadline);
    if (start.kind === "finished") {
      context.report(start.why, "note");
      const state = finishedState(inputs, { targets: start.targets }, start.targets.length, context);
      return { result: state, brought: [] };
    }
    const { running } = start;
    const total = Math.max(
      running.targets.length,
      running.narrowedTo ? (previous?.progress.targetNodeCount ?? 0) : 0,
    );
    if (!inputs.wait)
      return { result: pendingState("accepted", inputs, running, total, context), brought: [] };
    deadline.restart(running.targets.length, inputs.maxUnavailable);
    const watched = await watchOn(inputs, running, total, context, deadline);
    const done = conclude(inputs, running, watched, total, context);
    const state = await withFallenBehind(done, running, context);
    return { result: state, brought: idsOf(watched.nodes, "synced") };
  });
}

/** Whether what is recorded is just what is declared, so that nothing is left to do. */
function isSettled({ inputs: recorded, progress }: State, inputs: Inputs): boolean {
  const atRest = progress.status === "synced" || progress.status === "accepted";
  return atRest && progress.outdatedNodeIds.length === 0 && !needsResync(recorded, inputs);
}

/** What an earlier sync for the same request has left to resume or to repeat. */
function rememberedWork(previous: State | undefined, inputs: Inputs): Omit<Before, "broughtByOthers"> {
  if (previous === undefined || needsResync(previous.inputs, inputs)) return {};
  const { progress, bookkeeping } = previous;
  const { jobId, acceptedAt } = progress;
  const { watermark, narrowedTo } = bookkeeping;
  if (progress.status === "inProgress") {
    const unfinished = { targets: [], watermark, jobId, acceptedAt, narrowedTo };
    return { unfinished, leftToDo: leftToDo(previous) };
  }
  return { leftToDo: leftToDo(previous) };
}

/**
 * What a sync has left, should nothing of it be found to resume: the nodes that it failed on, or that fell behind
 * since; all that its request named when its end was not seen, or it failed on none in particular.
 * @returns undefined when all that the inputs choose is to be asked for anew.
 */
export function leftToDo({ progress, bookkeeping }: State): LeftToDo | undefined {
  const { status, failedNodes, outdatedNodeIds } = progress;
  const { watermark, narrowedTo } = bookkeeping;
  if (status === "synced") return { ids: outdatedNodeIds };
  if (status === "failed" && failedNodes.length > 0) {
    return { ids: [...new Set([...failedNodes.map(({ id }) => id), ...outdatedNodeIds])], watermark };
  }
  if (narrowedTo !== undefined) return { ids: narrowedTo, watermark };
  return status === "failed" ? { ids: [], watermark } : undefined;
}

async function begin(inputs: Inputs, before: Before, context: LifecycleContext, deadline: Deadline) {
  try {
    return await startOrResume(inputs, before, context, deadline);
  } catch (error) {
    if (!(error instanceof UnansweredError)) throw error;
    const { running } = error;
    const state = pendingState("inProgress", inputs, running, running.targets.length, context);
    throw new SyncFailure(unansweredText(error.message, inputs, context.subject), state);
  }
}

async function watchOn(
  inputs: Inputs,
  running: Running,
  total: number,
  context: LifecycleContext,
  deadline: Deadline,
): Promise<Watched> {
  try {
    return await watch(inputs, running, context, deadline);
  } catch (error) {
    const state = pendingState("inProgress", inputs, running, total, context);
    throw new SyncFailure(lostSightText(error, inputs, context.subject), state);
  }
}

function conclude(
  inputs: Inputs,
  running: Running,
  watched: Watched,
  total: number,
  context: LifecycleContext,
): State {
  const { subject, clock, report } = context;
  const { end, nodes } = watched;
  const gone = nodes.filter(({ standing }) => standing === "gone");
  if (gone.length > 0) {
    report(
      `not waited for, since they are gone from the cluster: ${listNames(gone.map(({ name }) => name))}`,
      "warning",
    );
  }
  if (end === "done") {
    const since =
      running.acceptedAt === undefined ? "" : ` in ${duration(clock.now() - Date.parse(running.acceptedAt))}`;
    const synced = idsOf(nodes, "synced").length;
    report(`${synced} ${synced === 1 ? "node" : "nodes"} synchronized${since}`, "note");
    return finishedState(inputs, running, total - gone.length, context);
  }
  // With those that are gone, a sync that failed because of them names what it has left: none of the others.
  const unsynced: readonly JudgedNode["standing"][] = end === "failed" ? ["failed", "gone"] : ["failed"];
  const failedNodes = nodes.filter(({ standing }) => unsynced.includes(standing)).map(failedNode);
  const open = nodes.filter(({ standing }) => standing !== "synced");
  const pending = pendingState(end === "failed" ? "failed" : "inProgress", inputs, running, total, context);
  const progress = {
    ...pending.progress,
    ...(end === "failed" ? { finishedAt: new Date(clock.now()).toISOString() } : {}),
    syncedNodeCount: total - open.length,
    failedNodes,
  };
  throw new SyncFailure(endText(watched, inputs, subject), { ...pending, progress });
}

/** What was done of a part says nothing of the other nodes: those that fell behind meanwhile are drift. */
async function withFallenBehind(
  state: State,
  { narrowedTo }: Running,
  { reader, report }: LifecycleContext,
): Promise<State> {
  if (narrowedTo === undefined) return state;
  // The sync has ended well; a look that fails must not cost that, and the next refresh looks again.
  const view = await reader.look().catch(() => undefined);
  const named = new Set(narrowedTo);
  const others =
    view === undefined ? [] : nodesChosenBy(state.inputs, view).filter(({ id }) => !named.has(id));
  const outdatedNodeIds = outdated(others);
  if (outdatedNodeIds.length === 0) return state;
  const count = outdatedNodeIds.length;
  const who = `${count} other ${count === 1 ? "node" : "nodes"}`;
  report(`${who} fell behind the pool's configuration meanwhile; the next up synchronizes them`, "warning");
  const syncedNodeCount = (state.progress.syncedNodeCount ?? 0) - count;
  return { ...state, progress: { ...state.progress, outdatedNodeIds, syncedNodeCount } };
}

function failedNode({ id, name, phase, reason, standing }: JudgedNode): FailedNode {
  return { id, name, reason: standing === "gone" ? "gone from the cluster" : (reason ?? phase) };
}

function idsOf(nodes: readonly JudgedNode[], standing: JudgedNode["standing"]): string[] {
  return nodes.filter((node) => node.standing === standing).map(({ id }) => id);
}

function finishedState(inputs: Inputs, running: Running, synced: number, context: LifecycleContext): State {
  const { jobId, acceptedAt, targets } = running;
  return {
    inputs,
    progress: {
      status: "synced",
      jobId,
      acceptedAt,
      finishedAt: new Date(context.clock.now()).toISOString(),
      targetNodeCount: Math.max(synced, targets.length),
      syncedNodeCount: synced,
      failedNodes: [],
      outdatedNodeIds: [],
    },
    bookkeeping: bookkeepingOf(context),
  };
}

function pendingState(
  status: "accepted" | "inProgress" | "failed",
  inputs: Inputs,
  { jobId, acceptedAt, watermark, narrowedTo }: Running,
  total: number,
  context: LifecycleContext,
): State {
  return {
    inputs,
    progress: { status, jobId, acceptedAt, targetNodeCount: total, failedNodes: [], outdatedNodeIds: [] },
    bookkeeping: { ...bookkeepingOf(context), watermark, narrowedTo },
  };
}

function bookkeepingOf({ cce }: LifecycleContext): Bookkeeping {
  return { version: stateVersion, endpoint: cce.endpoint, projectId: cce.projectId };
}
