import packageFile from "../../package.json" with { type: "json" };
import type { HttpHandler } from "../cce/http.ts";
import type { Clock } from "../util/clock.ts";
import { createExchangeLog, type ExchangeEnd } from "./exchanges.ts";
import { createLineWriter, type LineWriter } from "./lines.ts";
import { type RunLine, runShapes } from "./runShapes.ts";
import { createStandIns, type StandIns } from "./standIns.ts";
import { openTraceFile } from "./traceFile.ts";

/** Which lines a trace has and what they mean; a replay reads one format. */
export const format = 2;

/**
 * A record of what a process exchanges with the service and what it concludes, for somebody who was not there: one line
 * of JSON for each. It can be published: secrets and scripts are left out, and names and ids are replaced by stand-ins.
 * A trace never changes what a run does, nor fails one once it is open.
 */
export interface Trace {
  /** Names what must not be in the trace in any form, and what is shown as a stand-in. */
  cover(covered: Covered): void;
  /** The handler with each of its exchanges written down. */
  exchanges(handler: HttpHandler): HttpHandler;
  /** The handler above it, which authenticates, with each failure written down that is not one of an exchange. */
  calls(handler: HttpHandler): HttpHandler;
  /** The lines of one more run. */
  run(): RunTrace;
  /** What keeps the trace from being complete; undefined while nothing does. */
  fault(): string | undefined;
}

/** What a trace keeps to itself. */
export interface Covered {
  /** Texts that must not be in it in any form; asked again for each line, since credentials are renewed. */
  readonly secrets?: () => readonly string[];
  /** Names of the account and of places, which could stand in a sentence of the service. */
  readonly names?: readonly string[];
}

/** The lines of one run. */
export interface RunTrace {
  /** Writes down what the run did or concluded; a conclusion that is the same as before is not written again. */
  note(line: RunLine, facts: object): void;
  /** The number of something that several runs may share. */
  numberOf(thing: object): number;
}

/** What a trace is made with. */
export interface TraceOptions {
  readonly path: string;
  readonly clock: Clock;
  /** Aborts when the user interrupts; written down when it does. */
  readonly interrupted: AbortSignal;
  /** The size at which it takes no more bodies, in bytes; see {@link openTraceFile}. */
  readonly size?: number;
}

/**
 * Opens the trace of this process. The file is appended to: a preview and the update after it are two processes.
 * @throws ConfigurationError when the file cannot be written.
 */
export function createTrace({ path, clock, interrupted, size }: TraceOptions): Trace {
  const file = openTraceFile(path, size);
  const lines = createLineWriter(file, clock);
  const standIns = createStandIns();
  const numbers = createNumbers();
  let runs = 0;
  let fault: string | undefined;

  /** A fault of the trace itself must not become one of the run. */
  const safely = (work: () => void) => {
    try {
      if (fault === undefined) work();
    } catch (error) {
      fault = `an exchange could not be written down (${(error as Error).name})`;
    }
  };

  const { version } = packageFile;
  const { platform, versions } = process;
  const at = new Date(clock.now()).toISOString();
  lines.write("session", { format, at, version, node: versions.node, platform }, true);
  interrupted.addEventListener("abort", () => safely(() => lines.write("interrupted", {}, true)), {
    once: true,
  });

  return {
    cover({ secrets, names = [] }) {
      if (secrets !== undefined) lines.cover(secrets);
      for (const name of names) standIns.of(name, "place");
    },
    ...createHandlers(lines, standIns, safely),
    run() {
      runs += 1;
      return createRunTrace(runs, lines, standIns, numbers, safely);
    },
    fault: () => fault ?? file.fault(),
  };
}

type Safely = (work: () => void) => void;

/** The layers between the client and the network that write down what passes through them. */
function createHandlers(
  lines: LineWriter,
  standIns: StandIns,
  safely: Safely,
): Pick<Trace, "exchanges" | "calls"> {
  const log = createExchangeLog(standIns, lines.write);
  const written = new WeakSet<object>();
  return {
    exchanges: (handler) => async (request) => {
      const began = lines.now();
      const number = log.next();
      safely(() => log.noteSending(number, request, began));
      const note = (end: ExchangeEnd) =>
        safely(() => log.note(number, request, { began, took: lines.now() - began }, end));
      try {
        const response = await handler(request);
        note({ response });
        return response;
      } catch (error) {
        written.add(error as object);
        note({ error });
        throw error;
      }
    },
    calls: (handler) => async (request) => {
      const began = lines.now();
      try {
        return await handler(request);
      } catch (error) {
        if (!written.has(error as object))
          safely(() => log.noteUnsent(request, { began, took: lines.now() - began }, error));
        throw error;
      }
    },
  };
}

function createRunTrace(
  run: number,
  lines: LineWriter,
  standIns: StandIns,
  numberOf: RunTrace["numberOf"],
  safely: Safely,
): RunTrace {
  const latest = new Map<RunLine, string>();
  return {
    numberOf,
    note: (line, facts) =>
      safely(() => {
        const shown = runShapes[line](facts, standIns) as object;
        const text = JSON.stringify(shown);
        // Looks that are alike are several.
        if (line !== "look" && latest.get(line) === text) return;
        latest.set(line, text);
        lines.write(line, { run, ...shown }, true);
      }),
  };
}

function createNumbers(): (thing: object) => number {
  const numbers = new WeakMap<object, number>();
  let count = 0;
  return (thing) => {
    const number = numbers.get(thing) ?? count + 1;
    count = Math.max(count, number);
    numbers.set(thing, number);
    return number;
  };
}
