import { randomBytes } from "node:crypto";
import { redactAll } from "../errors/redaction.ts";
import type { Clock } from "../util/clock.ts";
import { inMicroseconds } from "./shapes.ts";
import type { TraceFile } from "./traceFile.ts";

/** Writes the lines of one process into a trace. */
export interface LineWriter {
  /** The time on the clock of the process, in milliseconds, to the microsecond. */
  now(): number;
  /** Names texts that must not be in a line in any form; asked again for each line, since credentials are renewed. */
  cover(secrets: () => readonly string[]): void;
  /**
   * Writes a line.
   * @param isSmall whether it may use the space that is kept for what matters most.
   * @param t when what it reports happened, or began.
   * @returns whether there was space for it.
   */
  write(kind: string, facts: object, isSmall: boolean, t?: number): boolean;
}

/** By how many milliseconds the time of day may leave the process's own clock before a line says so. */
const largestDrift = 1000;

/** Creates the writer of a process that begins now. */
export function createLineWriter(file: TraceFile, clock: Clock): LineWriter {
  const session = randomBytes(3).toString("hex");
  const sources: (() => readonly string[])[] = [];
  const now = () => inMicroseconds(clock.monotonic());
  const offset = () => clock.now() - clock.monotonic();
  let known = offset();
  return {
    now,
    cover: (secrets) => void sources.push(secrets),
    write(kind, facts, isSmall, t = now()) {
      const current = offset();
      // The machine was suspended, or somebody has set its clock: both are seen by what is decided from now on.
      if (Math.abs(current - known) > largestDrift) {
        known = current;
        file.write({ trace: "clock", session, t, at: new Date(t + current).toISOString() }, true);
      }
      const secrets = [...new Set(sources.flatMap((source) => source()))];
      return file.write({ trace: kind, session, t, ...redactAll(facts, secrets) }, isSmall);
    },
  };
}
