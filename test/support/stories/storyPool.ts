import { saysUpToDate } from "../../../emulator/cluster/inventory.ts";
import { isSynchronizing } from "../../../emulator/cluster/poolStatus.ts";
import type { EmulatedNode, Profile } from "../../../emulator/index.ts";
import type { LifecycleHarness } from "../lifecycle/lifecycleHarness.ts";
import type { Happening } from "./happenings.ts";

/** The pool of a story, and what can happen to it. */
export interface StoryPool {
  readonly nodes: () => readonly EmulatedNode[];
  readonly configuration: () => number;
  /** Whether a sync of the pool runs now, whatever its status says. */
  isSynchronizing(): boolean;
  /** What the node says of itself now. */
  says(node: EmulatedNode): boolean;
  /** Lets something happen; what cannot happen now does not. */
  let(what: Happening): void;
  /** Carries out what has become due. */
  catchUp(): void;
  /** Ends everything that goes wrong, and mends what went wrong. */
  heal(): void;
  /** What has happened, with its time. */
  readonly happened: readonly { readonly what: Happening; readonly at: number; readonly nodeId?: string }[];
}

const mostNodes = 6;
const fewestNodes = 2;

export function createStoryPool(harness: LifecycleHarness, profile: Profile): StoryPool {
  const { emulator, clock, inputs } = harness;
  const { cluster } = emulator;
  const { nodePoolId } = inputs;
  const happened: { what: Happening; at: number; nodeId?: string }[] = [];
  const line = createLine(harness, profile);
  const emulated = () => cluster.pools[0];
  const nodes = () => emulated()?.nodes ?? [];
  const nodeEvents = createNodeEvents(harness, nodes);
  const nodeAt = (place: number) => nodes()[place % nodes().length];

  function syncByOthers(nodeIds: readonly string[]): void {
    try {
      cluster.syncByOthers(nodePoolId, { nodeIds });
    } catch {
      // The service refuses it: another sync runs, or the pool is being scaled.
    }
  }

  /** What happens to the pool as a whole. */
  function letPool(what: Happening): void {
    const ids = (places: readonly number[]) => [...new Set(places.map((place) => nodeAt(place)?.id ?? ""))];
    if (what.kind === "configurationChanges") cluster.changeConfiguration(nodePoolId, what.flagsLag);
    if (what.kind === "jobsForgotten") cluster.forgetJobs();
    if (what.kind === "nodesMended") nodeEvents.mend();
    if (what.kind === "clusterUpgraded") cluster.upgrade();
    if (what.kind === "nodeAdded" && nodes().length < mostNodes) cluster.addNode(nodePoolId);
    if (what.kind === "jobFails") cluster.failNextJob({ reason: "the quota is used up", ...what });
    if (what.kind === "syncIsSlow") cluster.slowNextSync(what);
    if (what.kind === "othersSync") syncByOthers(ids(what.nodes));
    if (what.kind === "autoscaled") {
      const add = nodes().length < mostNodes ? what.add : 0;
      const remove = nodes().length > fewestNodes ? ids(what.remove) : [];
      if (add + remove.length > 0) cluster.autoscale(nodePoolId, { add, remove });
    }
  }

  return {
    nodes,
    happened,
    configuration: () => emulated()?.configuration ?? 0,
    isSynchronizing: () => isSynchronizing(emulated() as Parameters<typeof isSynchronizing>[0]),
    says: (node) => saysUpToDate(node as Parameters<typeof saysUpToDate>[0], clock.elsewhere()),
    let(what) {
      const node = "node" in what ? nodeAt(what.node) : undefined;
      if ("node" in what && node !== undefined) nodeEvents.let(what, node);
      else letPool(what);
      line.let(what, node?.id);
      happened.push({ what, at: clock.elsewhere(), nodeId: node?.id });
    },
    catchUp: nodeEvents.catchUp,
    heal() {
      line.heal();
      nodeEvents.heal();
      cluster.slowNextSync({});
    },
  };
}

/** What happens to nodes, one by one. */
function createNodeEvents({ emulator: { cluster }, clock }: LifecycleHarness, nodes: StoryPool["nodes"]) {
  const due: { at: number; act: () => void }[] = [];
  const failsUnseen = new Set<string>();

  function disturb({ id, phase: before }: EmulatedNode, phase: string, seconds: number): void {
    if (before !== "Active") return;
    cluster.setNodePhase(id, phase);
    const act = () => {
      if (nodes().some((node) => node.id === id && node.phase === phase)) cluster.setNodePhase(id, "Active");
    };
    due.push({ at: clock.elsewhere() + seconds * 1000, act });
  }

  function mend(): void {
    for (const { id, phase } of nodes()) {
      cluster.failNode(id, { times: 0 });
      if (phase === "Error" || phase === "Abnormal") cluster.setNodePhase(id, "Active");
    }
  }

  /** What happens to one node. */
  function letOne(what: Happening & { readonly node: number }, node: EmulatedNode): void {
    const { id } = node;
    if (what.kind === "labelsEdited") cluster.editLabels(id);
    if (what.kind === "nodeFails") cluster.failNode(id, { phase: what.phase, times: what.times });
    if (what.kind === "nodeFailsUnseen") {
      cluster.failNode(id, { phase: "Error", times: 1 });
      failsUnseen.add(id);
    }
    if (what.kind === "nodeDisturbed") disturb(node, what.phase, what.seconds);
    if (what.kind === "alwaysOutdated") cluster.alwaysOutdated(id, what.always);
    if (what.kind === "alwaysUpdated") cluster.alwaysUpdated(id, what.always);
    if (what.kind === "nodeReset" && node.phase === "Active") cluster.resetNode(id, what.cause);
    if (nodes().length <= fewestNodes) return;
    if (what.kind === "nodeVanishes") cluster.vanish(id);
    if (what.kind === "nodeRemoved") cluster.removeNode(id);
    if (what.kind === "nodeReplaced") cluster.replaceNode(id);
  }

  return {
    let: letOne,
    mend,
    catchUp() {
      const now = clock.elsewhere();
      for (const each of due.filter(({ at }) => at <= now)) {
        due.splice(due.indexOf(each), 1);
        each.act();
      }
      for (const { id, phase } of nodes()) {
        if (phase !== "Error" || !failsUnseen.delete(id)) continue;
        cluster.setNodePhase(id, "Active");
      }
    },
    heal() {
      failsUnseen.clear();
      for (const { act } of due.splice(0)) act();
      mend();
    },
  };
}

/** What happens to the line to the service, and to this machine. */
function createLine({ emulator, clock }: LifecycleHarness, profile: Profile) {
  const faults: { remove(): void }[] = [];
  let hasHiddenPool = false;

  function fault(fault: Parameters<typeof emulator.addFault>[0]): void {
    faults.push(emulator.addFault(fault));
  }

  /** Two lists without the pool are believed: there is nothing else that says whether it is there. */
  function shorten(of: "nodes" | "pools", times: number, missing?: number | readonly string[]): void {
    if (of === "pools" && hasHiddenPool) return;
    hasHiddenPool ||= of === "pools";
    fault({ kind: of, times: of === "pools" ? 1 : times, effect: { kind: "shortList", missing } });
  }

  function letLine(what: Happening, nodeId?: string): void {
    if (what.kind === "answerLost" || what.kind === "requestLost")
      fault({ kind: "sync", effect: { kind: "drop", acted: what.kind === "answerLost" } });
    if (what.kind === "emptyList") shorten(what.of, what.times);
    if (what.kind === "shortList") shorten(what.of, what.times, what.of === "nodes" ? [nodeId ?? ""] : 1);
    if (what.kind === "refused")
      fault({
        kind: "sync",
        times: what.times,
        effect: {
          kind: "answer",
          status: what.status,
          body: { errorCode: what.code, errorMessage: "not now" },
        },
      });
    // Where update times stand still, nothing tells an old record from a new one.
    if (what.kind === "staleLists" && profile.updateTimes)
      fault({ kind: what.of, times: what.times, effect: { kind: "stale", seconds: what.seconds } });
    if (what.kind === "readsFail")
      fault({
        kind: ["nodes", "pools", "job"],
        times: what.times,
        effect: { kind: "answer", status: 500, text: "" },
      });
    if (what.kind === "clockSet") clock.setWall(clock.elsewhere() + what.minutes * 60_000);
  }

  return {
    let: letLine,
    heal() {
      for (const each of faults) each.remove();
    },
  };
}
