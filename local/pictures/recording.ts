import { withQuickstart } from "../quickstart.ts";

/** A line of the terminal, and when it came. */
export interface RecordedLine {
  /** Seconds since the first line. */
  readonly at: number;
  readonly text: string;
}

/**
 * Deploys the quick start, and records what the terminal shows.
 * @throws Error when the deployment does not succeed.
 */
export function recordUp(): Promise<readonly RecordedLine[]> {
  return withQuickstart(async ({ open }) => {
    const recorded: RecordedLine[] = [];
    let begun: number | undefined;
    const stack = await open((text) => {
      begun ??= performance.now();
      recorded.push({ at: (performance.now() - begun) / 1000, text });
    });
    const { ok, text } = await stack.up().result;
    if (!ok) throw new Error(`the deployment failed:\n${text}`);
    return recorded;
  });
}
