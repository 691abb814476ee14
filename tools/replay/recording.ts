import type { Declaration } from "../../provider/sync/record/declaration.ts";
import type { Recorded } from "../../provider/sync/record/outcome.ts";
import { applyChanges } from "../../provider/trace/differences.ts";
import { type Line, type LineKind, readLines, TraceError } from "./lines.ts";

/** Something that a run concluded, with the time on the clock of its process, in milliseconds. */
export interface Conclusion {
  readonly line: LineKind;
  readonly t: number;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** What a run was asked for. */
export interface Asked {
  readonly verb: "synchronize" | "refresh" | "inspect" | "forecast" | "view";
  readonly subject: string;
  readonly endpoint: string;
  readonly projectId: string;
  /** Milliseconds between looks. */
  readonly interval: number;
  readonly timeout?: number;
  readonly declaration: Omit<Declaration, "body">;
  readonly recorded?: Recorded;
}

/** One look of a run at the cluster. */
export interface RecordedLook {
  /** When the run asked for it, and when it had it. */
  readonly asked: number;
  readonly endedAt: number;
  /** The number of the read that it is: runs share reads. */
  readonly read: number;
  /** When that read began; undefined when it failed. */
  readonly readAt?: number;
}

/** One run of a recorded process. */
export interface RecordedRun {
  readonly number: number;
  readonly startedAt: number;
  /** Undefined when the process was killed before its end. */
  readonly endedAt?: number;
  readonly asked: Asked;
  readonly looks: readonly RecordedLook[];
  /** In their order, without the run's own line. */
  readonly conclusions: readonly Conclusion[];
}

/** One exchange with CCE. */
export interface RecordedExchange {
  readonly call: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** What was sent; undefined for requests that only look, and for those that never left. */
  readonly sent?: Line<"request">["facts"]["sent"];
  readonly startedAt: number;
  /** Infinite where the process was killed before there was an answer. */
  readonly took: number;
  /** The number of the line that reports its end; infinite where none does. */
  readonly line: number;
  /** The answer; undefined when there was none, or the trace was too full to keep it. */
  readonly answer?: Answer;
  /** The error where no usable answer came. */
  readonly error?: RecordedError;
}

/** Why there was no answer. */
export interface RecordedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly mayHaveArrived?: boolean;
  readonly everAnswered?: boolean;
  readonly status?: number;
  readonly codes?: readonly string[];
  readonly retryAfter?: number;
}

/** An answer of the service. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as JSON; undefined where it was none. */
  readonly body?: unknown;
  readonly text: string;
}

/** When a process was interrupted. Clocks are not fine enough to show what came first; the order of the lines is. */
export interface Interruption {
  readonly at: number;
  /** The exchanges that were under way then. */
  readonly during: ReadonlySet<RecordedExchange>;
}

/** What one process has left in a trace. */
export interface Recording {
  readonly session: string;
  readonly version: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The time of day at a time of the process's own clock, in milliseconds since 1970; somebody may have set it. */
  readonly wallClock: (t: number) => number;
  /** Undefined also where that was after the end of all runs: an engine interrupts its providers at its end. */
  readonly interruption?: Interruption;
  readonly runs: readonly RecordedRun[];
  readonly exchanges: readonly RecordedExchange[];
}

/**
 * Whether an exchange is only a part of one that the provider asked for: a refused credential leads to another one, or to
 * an error, and that is recorded by itself.
 */
export function isRefusedCredential({ answer }: RecordedExchange): boolean {
  return answer?.status === 401;
}

/** The shortest time that a trace resolves, in milliseconds. */
export const instant = 1e-3;

/**
 * Reads a trace: the processes in it, in their order.
 * @throws TraceError when the text is no trace, is damaged, or is one of another version of this package.
 */
export function readTrace(text: string): Recording[] {
  const bySession = Map.groupBy(readLines(text), ({ session }) => session);
  return [...bySession.values()].map(recordingOf);
}

function isOf<Kind extends LineKind>(kind: Kind): (line: Line) => line is Line<Kind> {
  return (line): line is Line<Kind> => line.kind === kind;
}

function recordingOf(lines: readonly Line[]): Recording {
  const [first] = lines;
  if (first === undefined || !isOf("session")(first))
    throw new TraceError(`line ${first?.number} belongs to a process whose first line is missing`);
  const runs = runsIn(lines);
  const exchanges = exchangesIn(lines);
  return {
    session: first.session,
    version: first.facts.version,
    startedAt: first.t,
    endedAt: lines.map(endOf).reduce((latest, end) => Math.max(latest, end), 0),
    wallClock: wallClockOf(lines),
    interruption: interruptionIn(lines, runs, exchanges),
    runs,
    exchanges,
  };
}

function endOf(line: Line): number {
  return isOf("exchange")(line) || isOf("other")(line) ? line.t + line.facts.took : line.t;
}

function wallClockOf(lines: readonly Line[]): Recording["wallClock"] {
  const settings = lines
    .filter((line) => isOf("session")(line) || isOf("clock")(line))
    .map(({ t, facts: { at } }) => ({ t, offset: Date.parse(at) - t }));
  return (t) => t + (settings.findLast((one) => one.t <= t) ?? settings[0] ?? { offset: 0 }).offset;
}

function interruptionIn(
  lines: readonly Line[],
  runs: readonly RecordedRun[],
  exchanges: readonly RecordedExchange[],
): Interruption | undefined {
  const index = lines.findIndex(isOf("interrupted"));
  const interrupted = lines[index];
  const isOpen = runs.some(({ endedAt }) => endedAt === undefined);
  const isLast = !lines.slice(index).some(({ facts }) => "run" in facts);
  if (interrupted === undefined || (isLast && !isOpen)) return undefined;
  const { t, number } = interrupted;
  const during = exchanges.filter(
    ({ startedAt, took, line }) => line > number && startedAt <= t && startedAt + took >= t,
  );
  // What was under way then shows when it came; without that, it came after all that ended at the same time.
  const isAfter = during.length === 0 && lines.slice(0, index).some((line) => endOf(line) === t);
  return { at: isAfter ? t + instant : t, during: new Set(during) };
}

function runsIn(lines: readonly Line[]): RecordedRun[] {
  const byRun = Map.groupBy(lines, ({ facts }) => ("run" in facts ? Number(facts.run) : 0));
  byRun.delete(0);
  return [...byRun].map(([number, own]) => {
    const [begin, ...others] = own;
    if (begin === undefined || !isOf("run")(begin))
      throw new TraceError(`line ${begin?.number} belongs to a run whose first line is missing`);
    const twice = others.find(isOf("run"));
    if (twice !== undefined) throw new TraceError(`line ${twice.number} begins run ${number} a second time`);
    const { run: _number, ...asked } = begin.facts;
    return {
      number,
      startedAt: begin.t,
      endedAt: others.find(isOf("end"))?.t,
      asked: asked as Asked,
      looks: others.filter(isOf("look")).map(({ t, facts }) => ({ ...facts, endedAt: t })),
      conclusions: others.map(({ kind, t, facts }) => ({ line: kind, t, facts })),
    };
  });
}

function exchangesIn(lines: readonly Line[]): RecordedExchange[] {
  const bodies = new Map<number, unknown>();
  const sending = new Map<number, RecordedExchange>();
  const exchanges: RecordedExchange[] = [];
  for (const line of lines) {
    if (isOf("request")(line)) {
      const { exchange, ...facts } = line.facts;
      const end = { took: Number.POSITIVE_INFINITY, line: Number.POSITIVE_INFINITY };
      sending.set(exchange, { ...facts, startedAt: line.t, ...end });
    }
    if (!isOf("exchange")(line)) continue;
    const {
      exchange,
      call,
      method,
      path,
      query,
      took,
      status,
      headers = {},
      text = "",
      isCut,
      error,
    } = line.facts;
    const body = bodyOf(line, bodies);
    bodies.set(exchange, body);
    const isAnswered = status !== undefined && !isCut;
    const answer = isAnswered ? { status, headers, body, text } : undefined;
    const { sent = line.facts.sent } = sending.get(exchange) ?? {};
    sending.delete(exchange);
    const asked = { call, method, path, query, sent, startedAt: line.t };
    exchanges.push({ ...asked, took, line: line.number, answer, error });
  }
  return [...exchanges, ...sending.values()].toSorted((a, b) => a.startedAt - b.startedAt);
}

function bodyOf({ number, facts }: Line<"exchange">, bodies: ReadonlyMap<number, unknown>): unknown {
  if (facts.like === undefined) return facts.body;
  if (!bodies.has(facts.like))
    throw new TraceError(`line ${number} needs the body of exchange ${facts.like}, which is missing`);
  try {
    return applyChanges(bodies.get(facts.like), facts.changes ?? []);
  } catch {
    throw new TraceError(`line ${number} has changes that do not fit the body of exchange ${facts.like}`);
  }
}
