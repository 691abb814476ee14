import type { Node } from "../../cce/model.ts";
import { UserError } from "../../errors/errors.ts";
import { count, duration, listNames } from "../../util/text.ts";
import { type NodeEvidence, readsToFail, upgradeOf } from "../proof/observation.ts";
import { oweDrift } from "../record/drift.ts";
import { addOverlooked, forget, withLists, without } from "../record/record.ts";
import { isSelectedId } from "../record/selection.ts";
import { soakEndText } from "../report/messages.ts";
import { blindnessText } from "../report/obstacle.ts";
import { createProgress } from "../report/progress.ts";
import { batchTimeout } from "../run/context.ts";
import type { Look } from "../run/look.ts";
import { nodesNotListed } from "../run/poolNodes.ts";
import { createPoolCheck, type Run, recordOf, takeIn, unlistedText } from "../run/run.ts";
import { failure } from "../run/syncFailure.ts";
import { waitUntil } from "../run/waiter.ts";
import { hasUnsentNodes, isUnsent, takeInOverlooked } from "../sending/due.ts";
import { mayGoOn, notBegun } from "../sending/waves.ts";

/** Why a node has not stayed healthy. */
interface Fault {
  readonly kind: "gone" | "inactive" | "behind";
  readonly reason: string;
}

/** The nodes of a soak. */
interface Soaked {
  readonly wave: readonly string[];
  /** Those of the waves before that the rollout has reset. */
  readonly earlier: readonly string[];
}

const minute = 60_000;
/** With so much time left, progress is reported in steps of five minutes, then in minutes, and in the last one of seconds. */
const longTime = 15 * minute;

/**
 * Looks at the nodes of a wave at every interval until they have stayed healthy for as long as the rollout asks, before
 * the next wave begins. One that has not is owed again, and failed; so is a node of an earlier wave, unless it was
 * removed since. Does nothing where there is no next wave.
 * @param ids the nodes of the wave; those that were not proven are passed over.
 * @throws SyncFailure when the deadline or an interruption comes first: the next run soaks them anew.
 */
export async function soak(run: Run, ids: readonly string[]): Promise<void> {
  const { declaration, context, deadline, observer, ledger } = run;
  const { rollout } = declaration;
  const time = rollout?.soak ?? 0;
  const { soaking = [] } = recordOf(run);
  if (rollout === undefined && soaking.length === 0) return;
  const wave = [...new Set(ids)].filter((id) => isToStay(id, run));
  const earlier = soaking.filter((id) => !wave.includes(id) && isToStay(id, run));
  const hasNext = time > 0 && hasUnsentNodes(run);
  // Were the rollout to end before its last wave, all of them have to stay healthy before the next run goes on.
  ledger.record = withLists(recordOf(run), { soaking: hasNext ? [...earlier, ...wave] : [] });
  if (!hasNext || !mayGoOn(run) || wave.length === 0) return;
  observer.expect([...earlier, ...wave]);
  deadline.allow(time + batchTimeout);
  const watcher = createSoakWatcher(run, { wave, earlier }, time);
  const end = await waitUntil<true>({ ...context, deadline, endsSoon: () => true }, watcher.next);
  if (end.kind === "settled") return;
  const sight = blindnessText(observer.blindness());
  const reason = `${end.kind === "interrupted" ? "interrupted" : "the time was too short"} while ${watcher.line()}${sight}`;
  const reasons = [`${reason}; ${count(ledger.proven.size, "node")} synchronized`, ...notBegun(run)];
  throw failure("inProgress", soakEndText(end.kind, reasons, declaration, context.subject), run);
}

/** Whether the node is a selected one that exists and that needs no other reset. */
function isToStay(id: string, run: Run): boolean {
  const { declaration, ledger } = run;
  const isOfRun = isSelectedId(declaration, id);
  return isOfRun && !ledger.gone.has(id) && !isUnsent(id, run);
}

function createSoakWatcher(run: Run, soaked: Soaked, time: number) {
  const { context, observer, ledger } = run;
  const progress = createProgress(context.report, context.clock);
  const health = createHealth(run, soaked);
  const poolIsThere = createPoolCheck(run);
  let latest: number | undefined;
  let seen = 0;
  /** What keeps a soak from its end when its time has passed. */
  let obstacle: string | undefined;

  function line(): string {
    const nodes = listNames(health.healthy().map(nameOf));
    if (seen >= time && obstacle !== undefined) return `soaking ${nodes}: ${obstacle}`;
    return `soaking ${nodes}, ${timeLeft(time - seen, time)} left`;
  }

  const nameOf = (id: string) => ledger.names.get(id) ?? id;

  /** A time in which nothing was seen does not count. */
  function take({ snapshot: { readAt }, hadGap }: Look): boolean {
    if (latest !== undefined && !hadGap) seen += Math.max(0, readAt - latest);
    latest = readAt;
    return seen >= time;
  }

  async function next(): Promise<true | undefined> {
    const look = await observer.look();
    if (look === undefined || look.snapshot.readAt === latest) return undefined;
    if (look.snapshot.nodes === undefined) throw nodesNotListed();
    // The nodes of a pool that is gone are none that did not stay healthy.
    if (!poolIsThere(look)) return undefined;
    obstacle = obstacleIn(look, run);
    takeInOverlooked(look, run);
    const isOver = take(look);
    health.observe(look, isOver);
    if (!mayGoOn(run) || health.healthy().length === 0) return true;
    const unlisted = health.healthy().filter((id) => !look.nodes.has(id));
    if (unlisted.length > 0) obstacle = unlistedText(unlisted.map(nameOf));
    if (isOver && !health.isUnclear(look)) return true;
    const text = `${countsOf(run)}: ${line()}`;
    progress(text, text);
    return undefined;
  }

  return { next, line };
}

/** Takes in the look. Nodes that the inputs name and that it does not show are a matter for the next wave. */
function obstacleIn(look: Look, run: Run): string | undefined {
  try {
    return takeIn(look, run);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

/** Which nodes of the wave are healthy; enters into the record which are not, those of earlier waves among them. */
function createHealth(run: Run, { wave, earlier: before }: Soaked) {
  const healthy = new Set(wave);
  const earlier = new Set(before);
  const badReads = createBadReads();
  const upgrades = new Map<string, NodeEvidence["upgrade"]>();
  /** Those that have said so ever since they were reset may take the whole soak to say otherwise. */
  const saidBehind = new Set(wave.filter((id) => id in recordOf(run).owed));

  function judge(id: string, look: Look, isOver: boolean): void {
    const node = look.nodes.get(id);
    // That an earlier wave's node is removed meanwhile says nothing of what the rollout brings.
    if (look.gone.has(id) && earlier.delete(id)) return;
    if (node?.phase === "Deleting" && earlier.has(id)) {
      badReads.clear(id);
      return;
    }
    const upgrade = node && upgradeOf(node, { upgrade: upgrades.get(id) }, look.clusterUpgrading);
    if (node !== undefined) upgrades.set(id, upgrade);
    const fault = look.gone.has(id) ? gone : node && faultOf(node, upgrade, run);
    if (fault === undefined) {
      if (node?.phase === "Active") badReads.clear(id);
      if (node?.upToDate !== false) saidBehind.delete(id);
      return;
    }
    if (fault.kind === "behind" && saidBehind.has(id) && !isOver) return;
    if (badReads.count(id, fault.kind) < readsToFail && fault.kind !== "gone") return;
    healthy.delete(id);
    earlier.delete(id);
    enterFault(id, fault, run);
  }

  return {
    /** The nodes of the wave that are, in its order. */
    healthy: () => wave.filter((id) => healthy.has(id)),
    observe(look: Look, isOver: boolean): void {
      for (const id of [...healthy, ...earlier]) judge(id, look, isOver);
    },
    /** Whether a node may be no longer healthy, and another read has to confirm it. */
    isUnclear: ({ nodes }: Look) =>
      [...healthy, ...earlier].some(badReads.isUnclear) || [...healthy].some((id) => !nodes.has(id)),
  };
}

/** How often each node was seen with a fault. */
function createBadReads() {
  /** In all: a node that leaves its phase and comes back, again and again, has not stayed healthy either. */
  const inactive = new Map<string, number>();
  /** In a row: a flag may come from an old record. */
  const behind = new Map<string, number>();
  const unclear = new Set<string>();
  return {
    count(id: string, kind: Fault["kind"]): number {
      const reads = kind === "behind" ? behind : inactive;
      const count = (reads.get(id) ?? 0) + 1;
      reads.set(id, count);
      unclear.add(id);
      return count;
    },
    /** The node was seen without a fault. */
    clear(id: string): void {
      behind.delete(id);
      unclear.delete(id);
    },
    /** Whether its latest read showed a fault. */
    isUnclear: (id: string) => unclear.has(id),
  };
}

/** Which wave it is, and how many of the run's nodes are proven. */
function countsOf({ ledger: { wave, proven, due } }: Run): string {
  const which = wave === undefined ? "" : `wave ${wave.number}/${wave.of}, `;
  return `${which}${proven.size}/${count(due.size, "node")}`;
}

const gone: Fault = { kind: "gone", reason: "disappeared while soaking" };

function faultOf(node: Node, upgrade: NodeEvidence["upgrade"], run: Run): Fault | undefined {
  const { id, phase, upToDate, reason } = node;
  if (upgrade === "cluster") return undefined;
  if (phase !== "Active") {
    const why = reason === undefined ? phase : `${phase}: ${reason}`;
    return { kind: "inactive", reason: `left the phase Active while soaking: ${why}` };
  }
  const isBehind = upToDate === false && !recordOf(run).tolerated.includes(id);
  return isBehind ? { kind: "behind", reason: "reported being outdated while soaking" } : undefined;
}

/** A node that did not stay healthy is owed again, unless it is gone. */
function enterFault(id: string, { kind, reason }: Fault, { ledger }: Run): void {
  const record = ledger.record;
  if (record === undefined) return;
  if (kind === "gone") ledger.gone.add(id);
  ledger.record =
    kind === "gone"
      ? forget(record, id)
      : kind === "behind"
        ? oweDrift(record, id)
        : addOverlooked(record, id);
  ledger.record = withLists(ledger.record, { soaking: without(ledger.record.soaking ?? [], id) });
  ledger.due.add(id);
  // It was reset, be it by an earlier run: this one does not send it again.
  ledger.requested.add(id);
  ledger.proven.delete(id);
  ledger.failed = [...ledger.failed, { id, name: ledger.names.get(id) ?? id, reason }];
  ledger.isDirty = true;
}

/** @param most how long the whole soak takes. */
function timeLeft(milliseconds: number, most: number): string {
  const left = Math.max(0, milliseconds);
  const step = left > longTime ? 5 * minute : left > minute ? minute : 10_000;
  return duration(Math.min(Math.ceil(left / step) * step, most));
}
