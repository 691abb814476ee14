/** How the nodes that are due are split into waves. Everything here is pure. */

import { byName, type Node } from "../../cce/model.ts";
import type { Amount, Rollout } from "../record/declaration.ts";
import { grantedTime } from "../run/context.ts";

/** What a wave is chosen by, besides the nodes that are due. */
export interface WaveOptions {
  readonly rollout: Rollout | undefined;
  /** How many selected nodes exist. */
  readonly selected: number;
  /** Nodes that failed in the run before: they come first. */
  readonly failed: ReadonlySet<string>;
  /** How many waves this run has begun. */
  readonly begun: number;
  /** The availability zone of the wave before. */
  readonly zone?: string | undefined;
}

/** The most nodes that the service resets at a time. */
const mostUnavailable = 20;

/** The number of nodes that an amount means: a percentage is rounded down, and at least 1. */
export function amountOf(amount: Amount, nodes: number): number {
  if (typeof amount === "number") return amount;
  return Math.max(1, Math.floor((nodes * Number.parseInt(amount, 10)) / 100));
}

/** How many nodes are reset at a time when so many are selected. */
export function maxUnavailableOf(
  { maxUnavailable }: { readonly maxUnavailable: Amount },
  selected: number,
): number {
  return Math.min(mostUnavailable, amountOf(maxUnavailable, selected));
}

/**
 * The waves in which the nodes would be reset, were they to stay as they are; a single one where nothing is said of
 * waves. The first one is the next to begin: the others are chosen anew when their turn comes.
 * @param due in the order of their names.
 */
export function planWaves(due: readonly Node[], options: WaveOptions): Node[][] {
  const { rollout, begun } = options;
  if (rollout === undefined) return due.length === 0 ? [] : [[...due]];
  const ordered = inOrder(due, options);
  const waves: Node[][] = [];
  for (let from = 0; from < ordered.length; ) {
    const size = waveSizeOf(rollout, options.selected, begun + waves.length);
    const end = rollout.zoneByZone ? endOfZone(ordered, from) : ordered.length;
    const to = Math.min(from + size, end);
    waves.push(ordered.slice(from, to));
    from = to;
  }
  return waves;
}

function waveSizeOf({ canary, waveSize }: Rollout, selected: number, begun: number): number {
  const size = begun === 0 ? (canary ?? waveSize) : waveSize;
  return size === undefined ? Number.POSITIVE_INFINITY : amountOf(size, selected);
}

function endOfZone(nodes: readonly Node[], from: number): number {
  const end = nodes.findIndex(({ zone }, index) => index > from && zone !== nodes[from]?.zone);
  return end < 0 ? nodes.length : end;
}

/** What the waves and the soaks between them are granted by default. */
export function timeForWaves(waves: readonly Node[][], soak: number, maxUnavailable: number): number {
  const resets = waves.map(({ length }) => grantedTime(length, maxUnavailable));
  return resets.reduce((sum, time) => sum + time, 0) + Math.max(0, waves.length - 1) * soak;
}

/**
 * Failed nodes first. Zone by zone, the zone of the wave before comes first, then zones with failed nodes, and nodes
 * that do not say where they are come last.
 */
function inOrder(due: readonly Node[], { rollout, failed, zone: current }: WaveOptions): readonly Node[] {
  const byFailure = due.toSorted((a, b) => Number(failed.has(b.id)) - Number(failed.has(a.id)));
  if (!rollout?.zoneByZone) return byFailure;
  const failedZones = new Set(due.filter(({ id }) => failed.has(id)).map(({ zone }) => zone));
  const rank = ({ zone }: Node) => {
    if (zone === undefined) return 3;
    if (zone === current) return 0;
    return failedZones.has(zone) ? 1 : 2;
  };
  return byFailure.toSorted((a, b) => rank(a) - rank(b) || byName(a.zone ?? "", b.zone ?? ""));
}
