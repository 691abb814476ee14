import { randomBytes } from "node:crypto";
import packageFile from "../../package.json" with { type: "json" };
import type { HttpHandler } from "../cce/http.ts";
import { redactAll } from "../errors/redaction.ts";
import type { Clock } from "../util/clock.ts";
import { createExchangeLog } from "./exchanges.ts";
import { type RunLine, runShapes } from "./runShapes.ts";
import { createStandIns } from "./standIns.ts";
import { openTraceFile } from "./traceFile.ts";

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
  /** Writes down what the run concluded; a conclusion that is the same as before is not written again. */
  note(line: RunLine, facts: object): void;
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
  const session = randomBytes(3).toString("hex");
  const standIns = createStandIns();
  const sources: (() => readonly string[])[] = [];
  let runs = 0;
  let fault: string | undefined;

  const now = () => Math.floor(clock.monotonic());
  /** A fault of the trace itself must not become one of the run. */
  const safely = (work: () => void) => {
    try {
      if (fault === undefined) work();
    } catch (error) {
      fault = `an exchange could not be written down (${(error as Error).name})`;
    }
  };
  const write = (line: string, facts: object, isSmall: boolean, t = now()) => {
    const secrets = [...new Set(sources.flatMap((source) => source()))];
    return file.write({ trace: line, session, t, ...redactAll(facts, secrets) }, isSmall);
  };
  const exchanges = createExchangeLog(standIns, (facts, isSmall, t) => write("exchange", facts, isSmall, t));

  const { version } = packageFile;
  const { platform, versions } = process;
  const at = new Date(clock.now()).toISOString();
  write("session", { format: 1, at, version, node: versions.node, platform }, true);
  interrupted.addEventListener("abort", () => safely(() => write("interrupted", {}, true)), { once: true });

  return {
    cover({ secrets, names = [] }) {
      if (secrets !== undefined) sources.push(secrets);
      for (const name of names) standIns.of(name, "place");
    },
    exchanges: (handler) => async (request) => {
      const began = now();
      const note = (end: Parameters<typeof exchanges.note>[2]) =>
        safely(() => exchanges.note(request, { began, took: now() - began }, end));
      try {
        const response = await handler(request);
        note({ response });
        return response;
      } catch (error) {
        note({ error });
        throw error;
      }
    },
    run() {
      runs += 1;
      const run = runs;
      const latest = new Map<RunLine, string>();
      return {
        note: (line, facts) =>
          safely(() => {
            const shown = runShapes[line](facts, standIns) as object;
            const text = JSON.stringify(shown);
            if (latest.get(line) === text) return;
            latest.set(line, text);
            write(line, { run, ...shown }, true);
          }),
      };
    },
    fault: () => fault ?? file.fault(),
  };
}
