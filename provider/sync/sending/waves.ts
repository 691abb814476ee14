import type { Node } from "../../cce/model.ts";
import { count, listNames } from "../../util/text.ts";
import { isSelected, isSelectedId } from "../record/selection.ts";
import type { Look } from "../run/look.ts";
import { knownNodes, selectedIn } from "../run/poolNodes.ts";
import type { Run } from "../run/run.ts";
import { unsentIds } from "./due.ts";
import { maxUnavailableOf, type WaveOptions } from "./rollout.ts";

const nodesShown = 20;

/** What the next wave of the run is chosen by. */
export function waveOptionsOf(
  look: Look,
  run: Pick<Run, "declaration" | "recorded" | "ledger">,
): WaveOptions {
  const { declaration, recorded, ledger } = run;
  const selected = knownNodes(look, run).filter((node) => isSelected(declaration, node));
  return {
    rollout: declaration.rollout,
    selected: selected.length,
    failed: new Set(recorded?.progress.failedNodes.map(({ id }) => id)),
    begun: ledger.wave?.number ?? 0,
    zone: ledger.zone,
  };
}

/** Notes that the first of these waves has begun. */
export function beginWave(waves: readonly (readonly Node[])[], { ledger, declaration, context }: Run): void {
  const { rollout } = declaration;
  if (rollout === undefined) return;
  const begun = ledger.wave?.number ?? 0;
  const warning = rollout.zoneByZone && begun === 0 ? unknownZonesText(waves.flat()) : undefined;
  if (warning !== undefined) context.report(warning, "warning");
  ledger.wave = { number: begun + 1, of: begun + waves.length };
  ledger.zone = waves[0]?.[0]?.zone;
}

/** How many nodes may be reset at a time in a request that names so many. */
export function maxUnavailableNow({ ledger, declaration }: Run, named: number): number {
  const { latest } = ledger;
  const selected =
    latest === undefined
      ? (declaration.nodeIds?.length ?? named)
      : selectedIn(latest, { declaration }).length;
  return maxUnavailableOf(declaration, selected);
}

/** Whether so few nodes have failed that a further request may be sent. */
export function mayGoOn(run: Run): boolean {
  return isWithinBudget(run.ledger.failed.length, run);
}

/** Whether so many nodes may fail in a run, and further requests be sent. */
export function isWithinBudget(failures: number, { declaration }: Pick<Run, "declaration">): boolean {
  return failures <= (declaration.rollout?.maxFailures ?? 0);
}

/** What an end says of the nodes that no wave has come to; nothing where there are none. */
export function notBegun(run: Run): string[] {
  const { declaration, ledger } = run;
  if (declaration.rollout === undefined || ledger.record === undefined) return [];
  const ids = unsentIds(run).filter((id) => isSelectedId(declaration, id));
  if (ids.length === 0) return [];
  const names = ids.map((id) => ledger.names.get(id) ?? id);
  return [`${count(ids.length, "node")} not begun: ${listNames(names, nodesShown)}`];
}

/** What users should know of nodes that do not say in which availability zone they are; nothing without them. */
export function unknownZonesText(nodes: readonly Node[]): string | undefined {
  const unknown = nodes.filter(({ zone }) => zone === undefined);
  if (unknown.length === 0) return undefined;
  const [say, they] = unknown.length === 1 ? ["does", "it is"] : ["do", "they are"];
  return `${count(unknown.length, "node")} ${say} not report an availability zone (${listNames(unknown.map(({ name }) => name))}); ${they} reset last, as a zone of ${unknown.length === 1 ? "its" : "their"} own`;
}
