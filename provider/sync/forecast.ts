import type { Node } from "../cce/model.ts";
import { count, duration, listNames } from "../util/text.ts";
import { activityOf } from "./proof/activity.ts";
import type { Declaration } from "./record/declaration.ts";
import { declare, resolveOwed } from "./record/declare.ts";
import { addDrift } from "./record/drift.ts";
import type { Recorded } from "./record/outcome.ts";
import { dueNodes, isDrift, type SyncRecord } from "./record/record.ts";
import { assertPoolExists, strangersError, strangersIn } from "./record/selection.ts";
import type { Words } from "./record/words.ts";
import { obstacleOf } from "./report/obstacle.ts";
import type { SyncContext } from "./run/context.ts";
import type { Look } from "./run/look.ts";
import { knownNodes, selectedIn } from "./run/poolNodes.ts";
import { createRun, type Run } from "./run/run.ts";
import { maxUnavailableOf, planWaves, timeForWaves } from "./sending/rollout.ts";
import { unknownZonesText, waveOptionsOf } from "./sending/waves.ts";

/** What a preview says of a sync. */
export interface Forecast {
  readonly text: string;
  readonly severity: "info" | "warning";
}

/** How many waves a preview names. */
const wavesShown = 6;
/** How long a preview waits for a service that does not answer. */
export const forecastTimeout = 10_000;

/** A preview takes the nodes' word as it is: by the time of the update it will have settled. */
const words: Words = {
  isExempt: ({ upToDate }) => upToDate === true,
  note: ({ upToDate }) => upToDate ?? null,
};

/**
 * What an update with these inputs would reset, or why that is not known. It is a look at the present: the update
 * decides by what it sees itself. Never throws.
 * @param recorded what the state says of earlier runs; undefined for a new resource.
 */
export async function forecast(
  declaration: Declaration,
  recorded: Recorded | undefined,
  context: SyncContext,
): Promise<Forecast> {
  try {
    const quiet = { ...context, report: () => undefined, timeout: forecastTimeout };
    const run = createRun(declaration, recorded, quiet);
    const look = await run.observer.look(true);
    if (look === undefined)
      return unknownForecast(run.observer.blindness()?.text ?? "the service did not answer in time");
    assertPoolExists(look.snapshot, declaration);
    const strangers = strangersIn(look.snapshot, declaration);
    if (strangers.length > 0) throw strangersError(look.snapshot, strangers);
    return foretell(look, run);
  } catch (error) {
    const { text, remedy } = obstacleOf(error instanceof Error ? error : new Error(String(error)));
    return unknownForecast(remedy === undefined ? text : `${text}. ${remedy}`);
  }
}

/** The forecast where it cannot be known which nodes will be reset. */
export function unknownForecast(why: string): Forecast {
  return { text: `cannot tell which nodes will be reset: ${why}`, severity: "warning" };
}

function foretell(look: Look, run: Run): Forecast {
  const { recorded, declaration } = run;
  const open = recorded?.record.request;
  const isSameContent = recorded?.content === declaration.content;
  if (open?.unconfirmed && isSameContent) {
    const text =
      "will not resend the earlier sync, which the service accepted without showing that it ran; change `triggers` to send it again";
    return { text, severity: "warning" };
  }
  const record = entered(look, run);
  const due = dueNodes(record, declaration, knownNodes(look, run)).filter(({ id }) => !look.gone.has(id));
  const resumed = isSameContent ? new Set(open?.ids) : new Set<string>();
  const waiting = due.filter(({ id }) => resumed.has(id));
  const sent = due.filter(({ id }) => !resumed.has(id));
  const activity = activityOf(look.snapshot, declaration, look.clusterUpgrading);
  const first =
    waiting.length > 0
      ? `will resume the recorded sync of ${count(waiting.length, "node")} (${namesOf(waiting)}); `
      : activity !== undefined
        ? `will wait because ${activity.what}; then `
        : "";
  const soaking = soakText(sent, look, run);
  return {
    text: `${first}${soaking}${resetText(sent, look, run, record, waiting.length > 0)}`,
    severity: "info",
  };
}

/** That the soak of an earlier wave begins anew first. */
function soakText(due: readonly Node[], look: Look, { declaration, recorded }: Run): string {
  const { rollout, content } = declaration;
  const ids = new Set(recorded?.content === content ? recorded.record.soaking : []);
  const nodes = selectedIn(look, { declaration }).filter(({ id }) => ids.has(id));
  if (!rollout?.soak || due.length === 0 || nodes.length === 0) return "";
  return `will soak ${namesOf(nodes)} for ${duration(rollout.soak)} again; then `;
}

/** The record as the update would enter it. */
function entered(look: Look, run: Run): SyncRecord {
  const { declaration, recorded, context } = run;
  const { endpoint, projectId } = context.client;
  const selected = selectedIn(look, run);
  const before =
    recorded && resolveOwed(recorded.record, selectedIn(look, { declaration: recorded.selection }));
  const record = declare(
    recorded,
    before,
    { endpoint, projectId },
    declaration,
    knownNodes(look, run),
    words,
  );
  return addDrift(record, selected, words);
}

function resetText(
  due: readonly Node[],
  look: Look,
  run: Run,
  record: SyncRecord,
  isResumed: boolean,
): string {
  const { declaration, recorded } = run;
  const { onCreate } = declaration;
  const all = look.poolNodes.length;
  if (due.length > 0) {
    const total =
      look.snapshot.nodes === undefined
        ? count(due.length, "node")
        : `${due.length} of ${count(all, "node")}`;
    const why = recorded?.content === declaration.content ? reasonText(due, record, recorded) : "";
    return `will reset ${total}, ${paceText(due, why, look, run)}`;
  }
  if (isResumed) return "no other node needs a reset";
  if (recorded === undefined) {
    if (all === 0) return "the pool has no nodes to reset";
    if (onCreate === "nothing") return "will adopt the pool as it is and reset no nodes";
    const reporting = all === 1 ? "since its only node reports" : `since all ${all} report`;
    return `will reset no nodes, ${reporting} being up to date; nodes that this update makes outdated first will be reset`;
  }
  return "no node needs a reset";
}

/** Why nodes will be reset although no input asks for it; empty where one does. */
function reasonText(due: readonly Node[], { owed }: SyncRecord, { record }: Recorded): string {
  const outdated = due.filter(({ id }) => isDrift(owed[id])).length;
  const left = due.filter(({ id }) => !isDrift(owed[id]) && id in record.owed).length;
  if (outdated + left < due.length) return "";
  const reasons = [
    outdated > 0 ? `${outdated} ${outdated === 1 ? "reports" : "report"} being outdated` : "",
    left > 0 ? `${left} ${left === 1 ? "is" : "are"} left from an earlier sync` : "",
  ];
  return `, since ${reasons.filter((reason) => reason !== "").join(" and ")}`;
}

/** How many at a time, or in which waves, and which. */
function paceText(due: readonly Node[], why: string, look: Look, run: Run): string {
  const { rollout } = run.declaration;
  const options = waveOptionsOf(look, run);
  const maxUnavailable = maxUnavailableOf(run.declaration, options.selected);
  if (rollout === undefined) {
    const batches = Math.ceil(due.length / maxUnavailable);
    return `${maxUnavailable} at a time (${count(batches, "batch")})${why}: ${namesOf(due)}`;
  }
  const waves = planWaves(due, options);
  const time = duration(timeForWaves(waves, rollout.soak, maxUnavailable));
  const soak = rollout.soak > 0 ? `; soak for ${duration(rollout.soak)}` : "";
  const shown = waves.slice(0, wavesShown).map((wave, index) => `wave ${index + 1}: ${namesOf(wave)}`);
  const more = waves.length - shown.length;
  const rest = more > 0 ? [`${count(more, "more wave")}`] : [];
  const zones = rollout.zoneByZone ? unknownZonesText(due) : undefined;
  const list = [...shown, ...rest].join(`${soak}; `);
  return `${maxUnavailable} at a time, in ${count(waves.length, "wave")} within ${time}${why}: ${list}${zones === undefined ? "" : `. ${zones}`}`;
}

function namesOf(nodes: readonly { readonly name: string }[]): string {
  return listNames(nodes.map(({ name }) => name));
}
