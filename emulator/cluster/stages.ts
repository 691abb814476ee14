import type { WritableReset } from "./resetLog.ts";

/** Where each reset begins: the node's turn has come, and nothing has happened to it yet. */
export const begin = "begin";

/** The phase in which a reset that went well ends. */
export const active = "Active";

/**
 * A row of the life of a node that is being reset: from one phase to the next after a time. A phase that no row leaves
 * is where the reset ends.
 */
export interface Stage {
  /** The phase that is left; `begin` when the node's turn has come and nothing has happened to it yet. */
  readonly from: string;
  /** How long the node stays there, as a share of the time that a whole reset takes. */
  readonly delay: number;
  /** The phase that is entered then. */
  readonly next: string;
}

/** A reset under way. */
export interface Reset {
  readonly nodeId: string;
  phase: string;
  /** When it entered that phase, in milliseconds since 1970. */
  at: number;
  /** What the log says of it, once it has begun. */
  record?: WritableReset;
}

/** What resetting nodes does to the cluster. */
export interface ResetEffects {
  /** A node enters a phase; returns the phase that it really enters. */
  readonly enter: (reset: Reset, phase: string, at: number) => string;
  /** Ends a reset, and says why it did not go well; undefined when it did. */
  readonly finish: (reset: Reset) => string | undefined;
}

/** The rows of a reset that passes through these phases, each for the same time. */
export function through(...phases: readonly string[]): readonly Stage[] {
  return [begin, ...phases].map((from, index) => ({
    from,
    delay: index === 0 ? 0 : 1 / phases.length,
    next: phases[index] ?? active,
  }));
}

/**
 * Takes a reset along its rows as far as time has come.
 * @param enter carries out that the node enters a phase, and returns the phase that it really enters.
 * @returns whether the reset has ended.
 */
export function walk(
  reset: Reset,
  stages: readonly Stage[],
  resetTime: number,
  now: number,
  enter: ResetEffects["enter"],
): boolean {
  for (;;) {
    const stage = stages.find(({ from }) => from === reset.phase);
    if (stage === undefined) return true;
    const at = reset.at + stage.delay * resetTime;
    if (at > now) return false;
    reset.phase = enter(reset, stage.next, at);
    reset.at = at;
  }
}

/** When a reset enters its next phase, in milliseconds since 1970. */
export function nextAt(reset: Reset, stages: readonly Stage[], resetTime: number): number {
  const stage = stages.find(({ from }) => from === reset.phase);
  return reset.at + (stage?.delay ?? 0) * resetTime;
}
