import { z } from "zod";
import type { Change } from "../../provider/trace/differences.ts";
import { format } from "../../provider/trace/trace.ts";

/** A file that cannot be replayed; the message says which line is the matter, and why, in one sentence. */
export class TraceError extends Error {}

/** A line of a trace with its number in the file, from 1. */
export interface Line<Kind extends LineKind = LineKind> {
  readonly number: number;
  readonly kind: Kind;
  readonly session: string;
  /** On the clock of its process, in milliseconds. */
  readonly t: number;
  readonly facts: z.infer<(typeof kinds)[Kind]>;
}

/** The kinds of line that a trace has. */
export type LineKind = keyof typeof kinds;

const milliseconds = z.number().min(0).max(1e12);
const text = z.string();
const names = z.array(text);
const count = z.int().min(1).max(1e9);
const amount = z.union([count, z.string().regex(/^[1-9]\d?%$|^100%$/)]);

// Fields that are not named here are kept: they are a part of what was asked for.
const selection = z.looseObject({
  clusterId: text,
  nodePoolId: text,
  nodeIds: names.optional(),
  excludeNodeIds: names.optional(),
});

const declaration = z.looseObject({
  ...selection.shape,
  maxUnavailable: amount,
  rollout: z
    .looseObject({
      canary: amount.optional(),
      waveSize: amount.optional(),
      zoneByZone: z.boolean(),
      soak: milliseconds,
      maxFailures: z.int().min(0),
    })
    .optional(),
  wait: z.boolean(),
  onCreate: z.enum(["outdated", "all", "nothing"]),
  onChange: z.enum(["all", "outdated"]),
  hasTemplate: z.boolean(),
  template: text,
  content: text,
  mostNodes: count.optional(),
});

const word = z.union([z.boolean(), z.null(), text]);
const failedNode = z.looseObject({ id: text, name: text, reason: text });

const progress = z.looseObject({
  status: z.enum(["accepted", "inProgress", "synced", "failed"]),
  jobId: text.optional(),
  acceptedAt: text.optional(),
  finishedAt: text.optional(),
  targetNodeCount: z.number().optional(),
  syncedNodeCount: z.number().optional(),
  skippedNodeCount: z.number().optional(),
  failedNodes: z.array(failedNode),
  outdatedNodeIds: names,
});

const record = z.looseObject({
  version: z.literal(2),
  endpoint: text,
  projectId: text,
  base: text,
  off: names,
  owed: z.record(text, word),
  tolerated: names,
  setAside: names.optional(),
  outside: names.optional(),
  soaking: names.optional(),
  request: z
    .looseObject({
      ids: names,
      jobId: text.optional(),
      accepted: z.boolean(),
      sentAt: text,
      before: z.looseObject({
        jobId: text.optional(),
        transition: text.optional(),
        updatedAt: text.optional(),
        working: names.optional(),
      }),
      superseded: z.literal(true).optional(),
      unconfirmed: z.literal(true).optional(),
    })
    .optional(),
  unresolved: z.looseObject({ watermark: text.optional() }).optional(),
  lag: z.literal(true).optional(),
});

const error = z.object({
  name: text,
  message: text,
  code: text.optional(),
  mayHaveArrived: z.boolean().optional(),
  everAnswered: z.boolean().optional(),
  status: z.number().optional(),
  codes: names.optional(),
  retryAfter: milliseconds.optional(),
});

const request = z.object({
  exchange: count,
  method: text,
  path: text,
  query: text,
  call: text,
});

/** The body of a request that synchronizes a pool. */
const sent = z.object({
  spec: z.looseObject({ nodePoolID: text, nodeIDs: names, maxUnavailable: z.number() }),
});

const change = z
  .array(z.unknown())
  .min(1)
  .max(2)
  .refine(([place]) => typeof place === "string", "a place is missing")
  .transform((given) => given as unknown as Change);

const kinds = {
  session: z.object({ format: z.number(), at: z.iso.datetime(), version: text }),
  clock: z.object({ at: z.iso.datetime() }),
  interrupted: z.object({}),
  run: z.object({
    run: count,
    verb: z.enum(["synchronize", "refresh", "inspect", "forecast", "view"]),
    subject: text,
    endpoint: text,
    projectId: text,
    interval: milliseconds.min(1),
    timeout: milliseconds.optional(),
    declaration,
    recorded: z.looseObject({ selection, content: text, record, progress }).optional(),
  }),
  look: z.object({ run: count, asked: milliseconds, read: count, readAt: milliseconds.optional() }),
  declared: z.looseObject({ run: count, owed: z.record(text, word), due: names }),
  verdict: z.looseObject({
    run: count,
    nodes: z.array(z.looseObject({ id: text, state: text, proof: text.optional() })),
  }),
  report: z.looseObject({ run: count }),
  end: z.looseObject({
    run: count,
    text: text.optional(),
    error: z.looseObject({ name: text.optional(), code: text.optional() }).optional(),
    progress: z.looseObject({ status: text, failedNodes: z.array(z.looseObject({ id: text })) }).optional(),
    record: z
      .looseObject({
        owed: z.record(text, word),
        request: z.looseObject({ ids: names, accepted: z.boolean() }).optional(),
      })
      .optional(),
  }),
  request: z.object({ ...request.shape, sent }),
  exchange: z.object({
    ...request.shape,
    took: milliseconds,
    sent: sent.optional(),
    status: z.int().min(100).max(599).optional(),
    headers: z.record(text, text).optional(),
    text: text.optional(),
    body: z.unknown().optional(),
    like: count.optional(),
    changes: z.array(change).optional(),
    isCut: z.boolean().optional(),
    error: error.optional(),
  }),
  /** An exchange with another service, of which nothing is known. */
  other: z.object({ took: milliseconds }),
} as const;

const common = z.looseObject({ trace: text, session: text, t: milliseconds });

/**
 * The lines of a trace, in their order. The last line of a process that was killed may be cut off.
 * @throws TraceError when one of them is no line of a trace, or one of another version of this package.
 */
export function readLines(trace: string): Line[] {
  const lines: Line[] = [];
  let damaged: number | undefined;
  for (const [index, content] of trace.split("\n").entries()) {
    if (content.trim() === "") continue;
    const line = readLine(content, index + 1);
    if (damaged !== undefined && line?.kind !== "session") throw new TraceError(`line ${damaged} is damaged`);
    damaged = line === undefined ? index + 1 : undefined;
    if (line !== undefined) lines.push(line);
  }
  if (lines.length === 0) throw new TraceError("there is no line of a trace in it");
  return lines;
}

function readLine(content: string, number: number): Line | undefined {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return undefined;
  }
  const known = common.safeParse(value);
  if (!known.success) throw new TraceError(`line ${number} is no line of a trace`);
  const { trace, session, t, ...rest } = known.data;
  assertFormat(trace, rest, number);
  if (!Object.hasOwn(kinds, trace))
    throw new TraceError(`line ${number} is of a kind that this version of the package does not know`);
  const kind = rest.service === "other" ? "other" : (trace as LineKind);
  const parsed = kinds[kind].safeParse(rest);
  if (!parsed.success) throw new TraceError(`line ${number} is damaged: ${problemIn(parsed.error)}`);
  return { number, kind, session, t, facts: parsed.data };
}

/** Before anything else: the lines of another version may have other fields. */
function assertFormat(trace: string, facts: Readonly<Record<string, unknown>>, number: number): void {
  if (trace !== "session" || facts.format === format) return;
  throw new TraceError(
    `line ${number} begins a trace of format ${JSON.stringify(facts.format)}, and this version of the package reads ${format}`,
  );
}

function problemIn({ issues: [first] }: z.ZodError): string {
  const place = first?.path.map(String).join(".") ?? "";
  return `${place === "" ? "" : `${place}: `}${first?.message ?? ""}`;
}
