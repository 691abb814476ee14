import { type Node, serviceTime } from "../../cce/model.ts";
import { beginWatch, type Evidence, isUnsettled, observe, type Watched } from "../proof/observation.ts";
import { isWorking } from "../proof/phases.ts";
import { evaluate } from "../proof/verdict.ts";
import type { Words } from "../record/words.ts";
import { createJobWatcher } from "../run/jobWatcher.ts";
import type { Look } from "../run/look.ts";
import { selectedIn } from "../run/poolNodes.ts";
import type { Run } from "../run/run.ts";

/** What a sync that was running already shows of nodes that do not say whether they are up to date. */
export interface Adoption {
  /** Takes in one more look. */
  observe(look: Look): Promise<void>;
  /** Whether a second read has to confirm what a node shows. */
  isSettling(): boolean;
  /** What the nodes say, and what the sync has shown of them. */
  words(): Words;
}

/**
 * Adopts the sync that runs when a pool is declared for the first time: most likely that of a run that was killed. It
 * proves, one by one, nodes that do not say whether they are up to date. One that began before the pool was changed
 * last proves nothing: it may bring the configuration of before; nor, unless the sync is known to have begun since, does
 * a reset that was under way at the first look, or that the pool was changed after.
 */
export function createAdoption(run: Run): Adoption {
  const { declaration, recorded, words, ledger, context, deadline } = run;
  const isPossible =
    recorded === undefined && declaration.onCreate === "outdated" && !declaration.hasTemplate;
  const watcher = createJobWatcher(context, deadline);
  /** Nothing that can be relied on says whether the node is up to date; its flag may be too old. */
  const isUnknown = (node: Node | undefined) =>
    node !== undefined && node.upToDate !== false && !words.isExempt(node);
  let watched: Watched | undefined;
  let evidence: Evidence | undefined;
  let jobId: string | undefined;
  let begunAt: string | undefined;
  let first: { readonly atWork: ReadonlySet<string>; readonly updatedAt: string | undefined } | undefined;
  let proven: ReadonlySet<string> = new Set();
  let isSettling = false;

  function judge(look: Look, begun: Evidence, of: Watched) {
    const known = watcher.known();
    const isSince = orderOf(known?.createdAt, look.pool?.updatedAt) === "since";
    const seen = { ...look, job: isSince ? known : undefined, isOwnJob: false, isTimeUp: true };
    evidence = observe(begun, of, seen);
    return evaluate(evidence, { ...of, names: ledger.names }, seen);
  }

  return {
    async observe(look) {
      if (!isPossible) return;
      const { pool, nodes } = look;
      watched ??= adopted(look, run);
      const begun = evidence ?? beginWatch(watched, nodes);
      if (pool?.synchronizing) {
        jobId ??= pool.scaling ? undefined : pool.jobId;
        begunAt ??= pool.transition;
      }
      first ??= { atWork: idsAtWork(look), updatedAt: pool?.updatedAt };
      const { atWork, updatedAt } = first;
      let verdict = judge(look, begun, watched);
      const isWanted = watched.request.ids.some((id) => isUnknown(nodes.get(id)));
      if (isWanted && (await watcher.readFor(jobId, verdict, true))) verdict = judge(look, begun, watched);
      isSettling = verdict.nodes.some(
        ({ id, phase, state }) =>
          state === "waiting" && isUnknown(nodes.get(id)) && isUnsettled(evidence?.nodes.get(id), phase),
      );
      const began = orderOf(begunAt ?? watcher.known()?.createdAt, pool?.updatedAt);
      const beganInSight = (id: string) => !atWork.has(id) && pool?.updatedAt === updatedAt;
      const shown = verdict.nodes.filter(
        ({ id, state, proof }) =>
          state === "proven" && (proof !== "phases" || began === "since" || beganInSight(id)),
      );
      proven = new Set(began === "before" ? [] : shown.map(({ id }) => id));
    },
    isSettling: () => isSettling,
    words: () => ({
      note: words.note,
      isExempt: (node) => words.isExempt(node) || (isUnknown(node) && proven.has(node.id)),
    }),
  };
}

function idsAtWork({ poolNodes, clusterUpgrading }: Look): ReadonlySet<string> {
  return new Set(poolNodes.filter((node) => isWorking(node, clusterUpgrading)).map(({ id }) => id));
}

/** The running sync as a request for every selected node. When it was sent is not known. */
function adopted(look: Look, run: Run): Watched {
  const ids = selectedIn(look, run).map(({ id }) => id);
  const request = { ids, accepted: true, sentAt: "", before: {} };
  const words = Object.fromEntries(ids.map((id) => [id, null]));
  return { request, hasTemplate: false, names: run.ledger.names, words, isFresh: true };
}

/** Whether something began before the pool's latest change or since, where the service says both times. */
function orderOf(time: string | undefined, change: string | undefined): "before" | "since" | undefined {
  const [began, changed] = [serviceTime(time), serviceTime(change)];
  if (began === undefined || changed === undefined) return undefined;
  return began < changed ? "before" : "since";
}
