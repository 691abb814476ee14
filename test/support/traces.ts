/** A line of a trace. */
export interface TraceLine {
  readonly trace: string;
  readonly session: string;
  readonly t: number;
  readonly [field: string]: unknown;
}

/** The lines of a trace. */
export function linesOf(text: string): TraceLine[] {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
