import type { Declaration, Recorded } from "../../provider/sync/declaration.ts";
import { applyChanges, type Change } from "../../provider/trace/differences.ts";
import type { RunLine } from "../../provider/trace/runShapes.ts";

/** Something that a run concluded, with the time on the clock of its process, in milliseconds. */
export interface Conclusion {
  readonly line: RunLine;
  readonly t: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a run was asked for. */
export interface Asked {
  readonly verb: "synchronize" | "refresh" | "inspect" | "forecast";
  readonly subject: string;
  readonly projectId: string;
  /** Milliseconds between looks. */
  readonly interval: number;
  readonly timeout?: number;
  readonly declaration: Omit<Declaration, "body">;
  readonly recorded?: Recorded;
}

/** One run of a recorded process. */
export interface RecordedRun {
  readonly number: number;
  readonly startedAt: number;
  readonly asked: Asked;
  /** In their order, without the run's own line. */
  readonly conclusions: readonly Conclusion[];
}

/** One exchange with CCE. */
export interface RecordedExchange {
  readonly call: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly sent?: unknown;
  readonly startedAt: number;
  readonly took: number;
  /** The answer; undefined when there was none, or the trace was too full to keep it. */
  readonly answer?: Answer;
  /** The error where no usable answer came. */
  readonly error?: { readonly name: string; readonly message: string; readonly mayHaveArrived?: boolean };
}

/** An answer of the service. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; undefined where it was none. */
  readonly body?: unknown;
  readonly text: string;
}

/** What one process has left in a trace. */
export interface Recording {
  readonly session: string;
  readonly version: string;
  /** The time of day when it began, in milliseconds since 1970, and the time of its own clock then. */
  readonly wallClock: number;
  readonly startedAt: number;
  readonly endedAt: number;
  /** When it was interrupted, unless that was after the end of all runs: an engine interrupts its providers at its end. */
  readonly interruptedAt?: number;
  readonly runs: readonly RecordedRun[];
  readonly exchanges: readonly RecordedExchange[];
}

type Line = Readonly<Record<string, unknown>> & { trace: string; session: string; t: number };

const format = 1;

/**
 * Reads a trace: the processes in it, in their order. The last line of a process that was killed may be cut off.
 * @throws Error when the text is no trace, or one of a later version of this package.
 */
export function readTrace(text: string): Recording[] {
  const bySession = new Map<string, Line[]>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseLine(line, index);
    if (parsed !== undefined)
      bySession.set(parsed.session, [...(bySession.get(parsed.session) ?? []), parsed]);
  }
  if (bySession.size === 0) throw new Error("there is no line of a trace in it");
  return [...bySession.values()].map(recordingOf);
}

function parseLine(text: string, index: number): Line | undefined {
  try {
    const line = JSON.parse(text);
    if (typeof line.trace === "string" && typeof line.session === "string") return line;
  } catch {
    return undefined;
  }
  throw new Error(`line ${index + 1} is no line of a trace`);
}

function recordingOf(lines: readonly Line[]): Recording {
  const [first] = lines;
  if (first?.trace !== "session") throw new Error("the trace lacks the beginning of a session");
  if (first.format !== format)
    throw new Error(`the trace has format ${first.format}, and this version of the package reads ${format}`);
  const runs = runsIn(lines);
  const endOf = ({ t, took = 0 }: Line) => t + Number(took);
  return {
    session: first.session,
    version: String(first.version),
    wallClock: Date.parse(String(first.at)),
    startedAt: first.t,
    endedAt: Math.max(...lines.map(endOf)),
    interruptedAt: interruptionIn(lines, runs)?.t,
    runs,
    exchanges: exchangesIn(lines),
  };
}

function interruptionIn(lines: readonly Line[], runs: readonly RecordedRun[]): Line | undefined {
  const at = lines.findIndex(({ trace }) => trace === "interrupted");
  const isOpen = runs.some(({ conclusions }) => conclusions.every(({ line }) => line !== "end"));
  return isOpen || lines.slice(at).some(({ run }) => run !== undefined) ? lines[at] : undefined;
}

function runsIn(lines: readonly Line[]): RecordedRun[] {
  return lines
    .filter(({ trace }) => trace === "run")
    .map((begin) => {
      const { trace: _kind, session: _session, t: startedAt, run, ...asked } = begin;
      const own = lines.filter((line) => line.run === run && line !== begin);
      const conclusions = own.map(({ trace, session: _of, t, run: _number, ...facts }) => ({
        line: trace as RunLine,
        t,
        facts,
      }));
      return { number: Number(run), startedAt, asked: asked as unknown as Asked, conclusions };
    });
}

function exchangesIn(lines: readonly Line[]): RecordedExchange[] {
  const bodies = new Map<unknown, unknown>();
  const exchanges: RecordedExchange[] = [];
  for (const line of lines) {
    if (line.trace !== "exchange" || line.service === "other") continue;
    const body =
      line.like === undefined ? line.body : applyChanges(bodies.get(line.like), line.changes as Change[]);
    bodies.set(line.exchange, body);
    const { call, method, path, query, sent, t, took, status, headers, text = "", isCut, error } = line;
    const isAnswered = status !== undefined && !isCut;
    const answer = isAnswered ? { status, headers, body, text } : undefined;
    exchanges.push({
      call,
      method,
      path,
      query,
      sent,
      startedAt: t,
      took,
      answer,
      error,
    } as RecordedExchange);
  }
  return exchanges.toSorted((a, b) => a.startedAt - b.startedAt);
}
