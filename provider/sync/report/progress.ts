import type { Clock } from "../../util/clock.ts";
import { count, duration, listNames } from "../../util/text.ts";
import type { NodeState, NodeVerdict, Verdict } from "../proof/verdict.ts";

/**
 * Reports something on the resource's own row. A `status` replaces the one before while the resource is worked on;
 * `info` and `warning` stay.
 */
export type Report = (message: string, severity: "status" | "info" | "warning") => void;

const quietTime = 10_000;

/** How many nodes are in each state. */
export function countStates(nodes: readonly NodeVerdict[]): Record<NodeState, number> {
  const counts: Record<NodeState, number> = { waiting: 0, resetting: 0, proven: 0, failed: 0, gone: 0 };
  for (const { state } of nodes) counts[state] += 1;
  return counts;
}

/** A wave of a rollout, with the nodes of the run that were proven before it, and all of them. */
export interface WaveProgress {
  readonly number: number;
  readonly of: number;
  readonly done: number;
  readonly all: number;
}

/**
 * One line about a sync that runs: `6/10 nodes, batch 4/5: resetting node-a, node-b`. In a rollout the wave stands
 * before it. What matters stands first, since
 * a terminal shows as little as 40 columns of it.
 */
export function progressLine(
  verdict: Verdict,
  maxUnavailable: number,
  elapsed: number,
  wave?: WaveProgress,
): string {
  const { nodes } = verdict;
  const which = wave === undefined ? "" : `wave ${wave.number}/${wave.of}, `;
  if (!verdict.begun) return `${which}accepted ${duration(elapsed)} ago, no sign of progress yet`;
  const counts = countStates(nodes);
  const batches = Math.ceil(nodes.length / maxUnavailable);
  const over = counts.proven + counts.failed + counts.gone;
  const batch = Math.min(batches, Math.floor(over / maxUnavailable) + 1);
  const resetting = nodes.filter(({ state }) => state === "resetting").map(({ name }) => name);
  const parts = [
    resetting.length > 0 ? `resetting ${listNames(resetting)}` : "",
    counts.failed > 0 ? `${counts.failed} failed` : "",
    counts.gone > 0 ? `${counts.gone} deleted` : "",
  ].filter((part) => part !== "");
  const where = batches > 1 ? `, batch ${batch}/${batches}` : "";
  const { done = 0, all = nodes.length } = wave ?? {};
  return `${which}${done + counts.proven}/${count(all, "node")}${where}${parts.length > 0 ? `: ${parts.join(", ")}` : ""}`;
}

/**
 * Reports the progress of one wait: each change of the counts at once, other changes at most every 10 seconds, so
 * that the log of a CI run stays readable.
 */
export function createProgress(report: Report, clock: Clock): (line: string, counts: string) => void {
  let lastLine = "";
  let lastCounts = "";
  let lastTime = Number.NEGATIVE_INFINITY;
  return (line, counts) => {
    const due = counts !== lastCounts || (line !== lastLine && clock.monotonic() - lastTime >= quietTime);
    if (!due) return;
    report(line, "status");
    [lastLine, lastCounts, lastTime] = [line, counts, clock.monotonic()];
  };
}
