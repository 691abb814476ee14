import type { Clock } from "../util/clock.ts";
import type { JudgedNode, NodeStanding, Verdict } from "./observation.ts";

/**
 * Tells the user something on the resource's own row. `passing` lines replace each other while the resource is
 * worked on; notes and warnings stay.
 */
export type Report = (message: string, kind: "passing" | "note" | "warning") => void;

const namesShown = 5;
const quietTime = 10_000;

/** How many nodes stand how. */
export function countStandings(nodes: readonly JudgedNode[]): Record<NodeStanding, number> {
  const counts: Record<NodeStanding, number> = { waiting: 0, resetting: 0, synced: 0, failed: 0, gone: 0 };
  for (const { standing } of nodes) counts[standing] += 1;
  return counts;
}

/** One line about a sync that runs: `6/10 nodes synced, 2 resetting (batch 4 of 5): node-a, node-b`. */
export function progressLine(verdict: Verdict, maxUnavailable: number, elapsed: number): string {
  const { nodes } = verdict;
  if (!verdict.begun) return `accepted ${duration(elapsed)} ago, no sign yet that it has begun`;
  const counts = countStandings(nodes);
  const batches = Math.ceil(nodes.length / maxUnavailable);
  const over = counts.synced + counts.failed + counts.gone;
  const batch = Math.min(batches, Math.floor(over / maxUnavailable) + 1);
  const resetting = nodes.filter(({ standing }) => standing === "resetting").map(({ name }) => name);
  const parts = [
    `${counts.synced}/${nodes.length} nodes synced`,
    counts.resetting > 0 ? `${counts.resetting} resetting` : "",
    counts.failed > 0 ? `${counts.failed} failed` : "",
    counts.gone > 0 ? `${counts.gone} gone` : "",
  ];
  const where = batches > 1 ? ` (batch ${batch} of ${batches})` : "";
  const who = resetting.length > 0 ? `: ${listNames(resetting)}` : "";
  return `${parts.filter((part) => part !== "").join(", ")}${where}${who}`;
}

/** Names in a line, cut short when they are many. */
export function listNames(names: readonly string[], most = namesShown): string {
  const more = names.length - most;
  return more > 0 ? `${names.slice(0, most).join(", ")} and ${more} more` : names.join(", ");
}

/** A length of time in words: `45 s`, `12 min 30 s`, `2 h 5 min`. */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * Reports the progress of one sync: each change of the counts at once, other changes at most every 10 seconds, so
 * that the log of a CI run stays readable.
 */
export function openProgress(report: Report, clock: Clock): (line: string, counts: string) => void {
  let lastLine = "";
  let lastCounts = "";
  let lastTime = Number.NEGATIVE_INFINITY;
  return (line, counts) => {
    const due = counts !== lastCounts || (line !== lastLine && clock.now() - lastTime >= quietTime);
    if (!due) return;
    report(line, "passing");
    [lastLine, lastCounts, lastTime] = [line, counts, clock.now()];
  };
}
