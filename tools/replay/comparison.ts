import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { duration } from "../../provider/util/text.ts";
import {
  type Conclusion,
  instant,
  isRefusedCredential,
  type RecordedRun,
  type Recording,
} from "./recording.ts";
import type { Replay } from "./replay.ts";
import { itemsIn } from "./sightings.ts";

/** Decisions of one run that are not those that were recorded. */
export interface RunDifferences {
  readonly run: RecordedRun;
  /** One sentence each. */
  readonly differences: readonly string[];
  /** The same conclusions at other times, one sentence each: how often the service is looked at is no decision. */
  readonly shifts: readonly string[];
}

/** A step of a node's way, in words, and when it was taken. */
interface Step {
  readonly what: string;
  readonly t: number;
}

/**
 * Where today's decisions differ from the recorded ones: which nodes are owed, what is sent, what is concluded of each
 * node, why and when, and how each run ends. Texts are compared by the nodes in them only.
 */
export function compare(recording: Recording, { conclusions, service }: Replay): RunDifferences[] {
  const names = namesIn(recording);
  const compared = recording.runs.map((run) => ({
    run,
    ...differencesOf(run, conclusions.get(run.number) ?? [], recording, names),
  }));
  const [first, ...others] = compared;
  if (first === undefined) return [];
  const common = [
    ...requestDifferences(recording, service.sent),
    ...[...service.unanswered].map(notRecorded),
  ];
  return [{ ...first, differences: [...first.differences, ...common] }, ...others];
}

function notRecorded(request: string): string {
  return `today's code asks for what the recorded run never asked for: ${request}`;
}

function differencesOf(
  run: RecordedRun,
  today: readonly Conclusion[],
  { startedAt, endedAt }: Recording,
  names: ReadonlySet<string>,
): Omit<RunDifferences, "run"> {
  // A process may be killed after its last exchange and before it had written down what it concluded from it.
  const edge = run.endedAt === undefined ? endedAt - instant : Number.POSITIVE_INFINITY;
  const certain = today.filter(({ t }) => t < edge);
  const last = (line: string, all: readonly Conclusion[]) => all.findLast((one) => one.line === line)?.facts;
  const differences: string[] = [];
  const shifts: string[] = [];
  const check = (what: string, before: unknown, now: unknown) => {
    if (!isDeepStrictEqual(before, now))
      differences.push(`${what}: recorded ${JSON.stringify(before)}, today ${JSON.stringify(now)}`);
  };
  const declared = last("declared", run.conclusions);
  check("owed nodes", owedIn(declared), owedIn(last("declared", declared === undefined ? certain : today)));
  const tolerance = run.asked.interval / 2;
  const [before, now, sure] = [run.conclusions, today, certain].map(stepsOf);
  for (const node of new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])) {
    const ways = before?.get(node) ?? [];
    const own = (now?.get(node) ?? []).slice(0, Math.max(ways.length, sure?.get(node)?.length ?? 0));
    const isSameWay = isDeepStrictEqual(ways.map(whatOf), own.map(whatOf));
    const isSameTime = ways.every(({ t }, at) => Math.abs(t - (own[at]?.t ?? 0)) <= tolerance);
    const sentence = `${node}: recorded ${inWords(ways, startedAt)}; today ${inWords(own, startedAt)}`;
    if (!isSameWay) differences.push(sentence);
    else if (!isSameTime) shifts.push(sentence);
  }
  check("end", endOf(last("end", run.conclusions), names), endOf(last("end", certain), names));
  return { differences, shifts };
}

function owedIn(facts: Conclusion["facts"] | undefined): unknown {
  const { owed = {}, due = [] } = facts ?? {};
  return { owed: entriesOf(owed), due: (due as string[]).toSorted() };
}

const listed = z.object({ metadata: z.object({ uid: z.string(), name: z.string().optional() }) });

/** The stand-ins of the nodes. */
function namesIn({ exchanges }: Recording): ReadonlySet<string> {
  return new Set(
    exchanges
      .filter(({ path }) => path.endsWith("/nodes"))
      .flatMap(({ answer }) => itemsIn(answer?.body, listed))
      .flatMap(({ metadata: { uid, name = uid } }) => [uid, name]),
  );
}

function entriesOf(record: unknown): [string, unknown][] {
  return Object.entries(record ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The way of each node through a run: what was concluded of it, whenever that changed. */
function stepsOf(conclusions: readonly Conclusion[]): ReadonlyMap<string, readonly Step[]> {
  const ways = new Map<string, Step[]>();
  for (const { line, t, facts } of conclusions) {
    if (line !== "verdict") continue;
    for (const { id, state, proof } of facts.nodes as { id: string; state: string; proof?: string }[]) {
      const way = ways.get(id) ?? [];
      ways.set(id, way);
      const what = proof === undefined ? state : `${state} (${proof})`;
      if (way.at(-1)?.what !== what) way.push({ what, t });
    }
  }
  return ways;
}

function whatOf({ what }: Step): string {
  return what;
}

function inWords(way: readonly Step[], zero: number): string {
  return way.map(({ what, t }) => `${what} at ${duration(t - zero)}`).join(", ") || "nothing";
}

/** What matters of an end; of a text, the nodes in it. */
function endOf(facts: Conclusion["facts"] | undefined, names: ReadonlySet<string>): unknown {
  if (facts === undefined) return "none";
  const { record, progress, error, text } = facts as Record<string, Record<string, unknown> | undefined> & {
    text?: string;
  };
  const failed = (progress?.failedNodes ?? []) as { id: string }[];
  const request = record?.request as { ids: string[]; accepted: boolean } | undefined;
  return {
    status: progress?.status,
    error: error?.name,
    code: error?.code,
    failed: failed.map(({ id }) => id).toSorted(),
    owed: entriesOf(record?.owed),
    open: request && { accepted: request.accepted, ids: request.ids.toSorted() },
    said: text && [...new Set(text.match(/\b[a-z]+_\d+\b/g))].filter((word) => names.has(word)).toSorted(),
  };
}

/** The requests that change something, by what the service makes of them: those to each pool in their order. */
function requestDifferences({ exchanges }: Recording, sent: Replay["service"]["sent"]): string[] {
  const meaning = (body: unknown) => {
    const { spec = {} } = (body ?? {}) as { spec?: { nodeIDs?: string[]; maxUnavailable?: number } };
    return `${spec.nodeIDs?.toSorted().join(", ")}, ${spec.maxUnavailable} at a time`;
  };
  const posts = exchanges.filter((one) => one.method !== "GET" && !isRefusedCredential(one));
  const paths = new Set([...posts, ...sent].map(({ path }) => path));
  return [...paths].flatMap((path) => {
    const before = posts.filter((one) => one.path === path).map(({ sent: body }) => meaning(body));
    const now = sent.filter((one) => one.path === path).map(({ body }) => meaning(body));
    return Array.from({ length: Math.max(before.length, now.length) }, (_, at) =>
      before[at] === now[at]
        ? []
        : [`request ${at + 1} to ${path}: recorded ${before[at] ?? "none"}; today ${now[at] ?? "none"}`],
    ).flat();
  });
}
