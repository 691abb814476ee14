import { setTimeout } from "node:timers/promises";

/** Resolves when the condition holds; the time limit is that of the test. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await setTimeout(10);
}
