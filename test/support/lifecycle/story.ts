import assert from "node:assert/strict";
import type { EmulatedNode, EmulatorOptions, NodeReset } from "../../../emulator/index.ts";
import type { HttpHandler } from "../../../provider/cce/http.ts";
import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";
import type { State } from "../../../provider/nodePoolSync/state/state.ts";
import { createLifecycleHarness, type LifecycleHarness } from "./lifecycleHarness.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** A node as the service lists it. */
interface NodeRecord {
  readonly metadata: { readonly uid: string; updateTimestamp?: string; readonly creationTimestamp?: string };
  readonly status: { configurationUpToDate?: boolean; phase?: string };
}

/** One pool through several runs of `pulumi up`, each a process of its own, and what really happened to its nodes. */
export interface Story extends LifecycleHarness {
  readonly nodes: readonly EmulatedNode[];
  readonly ids: readonly string[];
  /** The id of the pool's node number `index`, from 0. */
  id(index: number): string;
  /** One `pulumi up` of a new process: create, or update from the earlier state. */
  up(inputs?: Partial<Inputs>, previous?: State, timeout?: number): Promise<Outcome>;
  /** The same; it has to end as synced. */
  synced(inputs?: Partial<Inputs>, previous?: State): Promise<State>;
  /** Does something after so many seconds of a run that goes on meanwhile. */
  after(seconds: number, act: () => void): void;
  /** Edits the records of nodes in the lists that the provider gets from now on. */
  editNodes(edit: (node: NodeRecord) => void): void;
  /** Leaves nodes out of the lists that the provider gets from now on, though the service shows them one by one. */
  hideNodes(isHidden: (id: string) => boolean): void;
  /** The nodes of each request of ours that the service accepted, in the order in which they were sent. */
  readonly sent: readonly (readonly string[])[];
  /** How often our requests have reset each node, in the pool's order; resets that failed count. */
  readonly resetCounts: readonly number[];
  /** The newest reset that a request of ours began on the node. */
  lastReset(id: string): NodeReset | undefined;
  /** Fails unless each of the nodes was reset well by a request of ours that was accepted since the time. */
  assertReset(since: number, ids?: readonly string[]): void;
}

/**
 * Tells a story on a pool of four nodes.
 * @param environment variables beside those that lead to the emulator, or in their place.
 */
export async function tell(
  options: EmulatorOptions,
  story: (story: Story) => Promise<void>,
  environment: Record<string, string> = {},
): Promise<void> {
  const harness = await createLifecycleHarness({ nodesPerPool: 4, ...options }, environment);
  try {
    await story(storyOf(harness));
  } finally {
    await harness.close();
  }
}

function storyOf(harness: LifecycleHarness): Story {
  const { emulator, clock, inputs } = harness;
  const nodes = () => emulator.cluster.pools.find(({ id }) => id === inputs.nodePoolId)?.nodes ?? [];
  const ids = () => nodes().map(({ id }) => id);
  const ownSyncs = () => emulator.acceptedSyncs.filter(({ origin }) => origin === "request");
  const ownResets = () => {
    const serials = new Set<number | undefined>(ownSyncs().map(({ serial }) => serial));
    return emulator.resets.filter(({ sync, cause }) => cause === "sync" && serials.has(sync));
  };
  const up: Story["up"] = (own = {}, previous, timeout) => {
    harness.restart();
    return outcomeOf(harness, { inputs: { ...inputs, ...own }, previous, timeout });
  };
  return Object.create(harness, {
    nodes: { get: nodes },
    ids: { get: ids },
    id: { value: (index: number) => nodes()[index]?.id ?? "" },
    up: { value: up },
    synced: {
      value: async (own?: Partial<Inputs>, previous?: State) => {
        const { end, message, state } = await up(own, previous);
        assert.equal(end, "synced", message);
        return state;
      },
    },
    after: { value: (seconds: number, act: () => void) => void clock.sleep(seconds * 1000).then(act) },
    editNodes: {
      value: (edit: (node: NodeRecord) => void) =>
        void harness.intercept(
          editingLists((nodes) => {
            for (const node of nodes) edit(node);
            return nodes;
          }),
        ),
    },
    hideNodes: {
      value: (isHidden: (id: string) => boolean) =>
        void harness.intercept(
          editingLists((nodes) => nodes.filter(({ metadata: { uid } }) => !isHidden(uid))),
        ),
    },
    sent: { get: () => ownSyncs().map(({ targets }) => targets) },
    resetCounts: {
      get: () => ids().map((id) => ownResets().filter(({ nodeId }) => nodeId === id).length),
    },
    lastReset: { value: (id: string) => ownResets().findLast(({ nodeId }) => nodeId === id) },
    assertReset: {
      value: (since: number, expected = ids()) => {
        const serials = ownSyncs()
          .filter(({ at }) => at >= since)
          .map(({ serial }) => serial);
        const done = ownResets().filter(
          ({ sync = 0, outcome }) => serials.includes(sync) && outcome === "succeeded",
        );
        const missing = expected.filter((id) => !done.some(({ nodeId }) => nodeId === id));
        assert.deepEqual(missing, [], "these nodes were not reset");
      },
    },
  });
}

function editingLists(edit: (nodes: NodeRecord[]) => NodeRecord[]) {
  return (handler: HttpHandler): HttpHandler =>
    async (request) => {
      const response = await handler(request);
      if (!request.path.endsWith("/nodes") || response.status !== 200) return response;
      const list = JSON.parse(response.body) as { items: NodeRecord[] };
      return { ...response, body: JSON.stringify({ ...list, items: edit(list.items) }) };
    };
}
