import assert from "node:assert/strict";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../provider/nodePoolSync/state/state.ts";
import { createRemoteProcess, type RemoteProcess } from "./process.ts";
import type { Target } from "./target.ts";

/** What the steps work with. */
export interface Stage {
  readonly target: Target;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly interrupted: AbortSignal;
  readonly say: (line: string) => void;
}

/** One thing that is tried on the real service. */
export interface Step {
  readonly title: string;
  /** @throws AssertionError when the service or the provider does something else. */
  readonly run: (state: State | undefined, stage: Stage) => Promise<State>;
}

const inputsFor = ({ clusterId, nodePoolId, nodes }: Target, trigger: string): Inputs => ({
  clusterId,
  nodePoolId,
  nodeIds: nodes.map(({ id }) => id),
  maxUnavailable: 1,
  triggers: [trigger],
  onCreate: "all",
  onChange: "all",
  wait: true,
});

/** Does the work in a process of its own. */
async function within<T>(
  { environment, interrupted, say }: Stage,
  work: (process: RemoteProcess) => Promise<T>,
): Promise<T> {
  const process = createRemoteProcess({ environment, interrupted, say });
  try {
    return await work(process);
  } finally {
    await process.close();
  }
}

function known(state: State | undefined): State {
  assert.ok(state !== undefined, "the step before has left nothing");
  return state;
}

/** The steps, in their order: the nodes are reset by the first and by the third. */
export const steps: readonly Step[] = [
  {
    title: "main job: the nodes are requested once, watched and proven",
    run: (_state, stage) =>
      within(stage, async (process) => {
        const { state, message } = await process.up(inputsFor(stage.target, "first"));
        assert.equal(state.progress.status, "synced", message);
        assert.equal(state.progress.syncedNodeCount, stage.target.nodes.length);
        assert.equal(process.sent(), 1, "requests to sync");
        return state;
      }),
  },
  {
    title: "up again, unchanged: nothing is sent",
    run: (earlier, stage) =>
      within(stage, async (process) => {
        const { state, message } = await process.up(inputsFor(stage.target, "first"), known(earlier));
        assert.equal(state.progress.status, "synced", message);
        assert.equal(process.requests(), 0, "requests");
        return state;
      }),
  },
  {
    title: "a changed trigger, interrupted once the sync runs: it is recorded as in progress",
    run: (earlier, stage) => interrupt(known(earlier), stage),
  },
  {
    title: "resume: the sync is watched to its end, and not sent again",
    run: (earlier, stage) =>
      within(stage, async (process) => {
        const { state, message } = await process.up(inputsFor(stage.target, "second"), known(earlier));
        assert.equal(state.progress.status, "synced", message);
        assert.equal(process.sent(), 0, "requests to sync");
        return state;
      }),
  },
  {
    title: "refresh: the nodes are as they were left",
    run: (earlier, stage) =>
      within(stage, async (process) => {
        const state = known(await process.refresh(known(earlier)));
        assert.equal(state.progress.status, "synced");
        assert.equal(process.sent(), 0, "requests to sync");
        return state;
      }),
  },
];

async function interrupt(earlier: State, { target, environment, interrupted, say }: Stage): Promise<State> {
  const own = new AbortController();
  const signal = AbortSignal.any([interrupted, own.signal]);
  const process = createRemoteProcess({
    environment,
    interrupted: signal,
    say,
    seenRunning: () => own.abort(),
  });
  try {
    const { state, message } = await process.up(inputsFor(target, "second"), earlier);
    assert.equal(state.progress.status, "inProgress", message ?? "the sync ended before it was interrupted");
    assert.equal(process.sent(), 1, "requests to sync");
    return state;
  } finally {
    await process.close();
  }
}
