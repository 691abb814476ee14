import { z } from "zod";
import { serviceTime } from "../../provider/cce/model.ts";
import type { RecordedExchange, Recording } from "./recording.ts";

/** What traces show of the service, brought together: each read with the time at which it was answered. */
export interface Sightings {
  readonly syncs: readonly Sync[];
  readonly pools: readonly Read<RawPool>[];
  readonly nodes: readonly Read<RawNode>[];
  /** Readings of jobs, in their order. */
  readonly jobs: readonly JobRead[];
  /** By how many milliseconds at least a list was behind an earlier one; 0 when none was. */
  readonly behind: number;
  /** Requests to sync that the service refused. */
  readonly refusals: readonly { readonly status: number; readonly code?: string }[];
  readonly refusesAdvanceStatus: boolean;
}

/** One accepted request. */
export interface Sync {
  readonly at: number;
  readonly poolId: string;
  readonly ids: readonly string[];
  /** The answer's body, as it was parsed; undefined where it was none. */
  readonly answer: unknown;
}

/** One reading of a job. */
export interface JobRead {
  readonly path: string;
  /** Undefined where the service did not know the job. */
  readonly job?: RawJob;
}

/** One list. */
export interface Read<Item> {
  /** In milliseconds since 1970, by the service's clock. */
  readonly at: number;
  readonly items: readonly Item[];
}

const text = z.string().optional().catch(undefined);
const metadata = z.object({ uid: text, updateTimestamp: text });

const rawPool = z.object({
  metadata,
  status: z
    .object({
      jobId: text,
      conditions: z
        .array(z.object({ type: text, status: text }))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const rawNode = z.object({
  metadata: metadata.extend({ uid: z.string() }),
  spec: z.object({ az: text }).optional().catch(undefined),
  status: z
    .object({
      phase: text,
      reason: text,
      serverId: text,
      lastProbeTime: text,
      configurationUpToDate: z.boolean().optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
});

const rawJob: z.ZodType<RawJob> = z.object({
  spec: z
    .object({
      resourceID: text,
      extendParam: z.record(z.string(), z.unknown()).optional().catch(undefined),
      subJobs: z
        .lazy(() => z.array(rawJob))
        .optional()
        .catch(undefined),
    })
    .optional()
    .catch(undefined),
  status: z.object({ phase: text }).optional().catch(undefined),
});

/** A pool, as ListNodePools shows it. */
export type RawPool = z.infer<typeof rawPool>;
/** A node, as ListNodes shows it. */
export type RawNode = z.infer<typeof rawNode>;
/** A job or sub-job, as ShowJob shows it. */
export interface RawJob {
  readonly spec?: {
    readonly resourceID?: string;
    readonly extendParam?: Readonly<Record<string, unknown>>;
    readonly subJobs?: readonly RawJob[];
  };
  readonly status?: { readonly phase?: string };
}

/** Brings together what the recordings show. */
export function sightingsIn(recordings: readonly Recording[]): Sightings {
  const all = recordings.flatMap(({ exchanges, wallClock }) =>
    exchanges.map((exchange) => ({ exchange, at: timeOf(exchange, wallClock) })),
  );
  const answered = all.filter(({ exchange }) => exchange.answer !== undefined);
  const ofPath = (end: RegExp) => answered.filter(({ exchange }) => end.test(exchange.path));
  const isFine = ({ exchange }: (typeof all)[number]) => (exchange.answer?.status ?? 0) < 300;
  const lists = <Item>(end: RegExp, item: z.ZodType<Item>): Read<Item>[] =>
    ofPath(end)
      .filter(isFine)
      .map(({ exchange, at }) => ({ at, items: itemsIn(exchange.answer?.body, item) }));
  const pools = newest(lists(/\/nodepools$/, rawPool));
  const nodes = newest(lists(/\/nodes$/, rawNode));
  const posts = ofPath(/\/operation\/upgrade$/);
  return {
    syncs: posts.filter(isFine).map(({ exchange, at }) => syncOf(exchange, at)),
    pools: pools.reads,
    nodes: nodes.reads,
    behind: Math.max(pools.behind, nodes.behind),
    jobs: ofPath(/\/jobs\/[^/]+$/).map((one) => ({
      path: one.exchange.path,
      ...(isFine(one) && { job: rawJob.safeParse(one.exchange.answer?.body).data }),
    })),
    refusals: posts
      .filter((one) => !isFine(one))
      .map(({ exchange: { answer } }) => ({ status: answer?.status ?? 0, code: codeIn(answer?.body) })),
    refusesAdvanceStatus: ofPath(/\/nodepools$/).some(
      ({ exchange: { query, answer } }) => query.includes("advanceStatus") && answer?.status === 400,
    ),
  };
}

/** Every sub-job below a job, at any depth, those without sub-jobs of their own only. */
export function leavesOf({ spec }: RawJob): RawJob[] {
  return (spec?.subJobs ?? []).flatMap((part) => {
    const below = leavesOf(part);
    return below.length > 0 ? below : [part];
  });
}

type Listed = { readonly metadata: { readonly uid?: string; readonly updateTimestamp?: string } };

/** The items of a list that was answered, as far as they are of their kind. */
export function itemsIn<Item>(body: unknown, item: z.ZodType<Item>): Item[] {
  const { items } = (body ?? {}) as { items?: unknown };
  if (!Array.isArray(items)) return [];
  return items.map((each) => item.safeParse(each)).flatMap(({ data }) => data ?? []);
}

/** The reads with the newest record that was seen of each item in place of an older one, and how old such were. */
function newest<Item extends Listed>(given: readonly Read<Item>[]) {
  const known = new Map<string | undefined, Item>();
  let behind = 0;
  const reads = given.map(({ at, items }) => ({
    at,
    items: items.map((item) => {
      const { uid, updateTimestamp } = item.metadata;
      const before = known.get(uid);
      const [time, updated] = [updateTimestamp, before?.metadata.updateTimestamp].map(serviceTime);
      if (before !== undefined && time !== undefined && updated !== undefined && time < updated) {
        behind = Math.max(behind, at - updated);
        return before;
      }
      known.set(uid, item);
      return item;
    }),
  }));
  return { reads, behind };
}

function timeOf({ answer, startedAt }: RecordedExchange, wallClock: Recording["wallClock"]): number {
  return (
    serviceTime(answer?.headers.date) ?? (Date.parse(answer?.headers.date ?? "") || wallClock(startedAt))
  );
}

function syncOf({ path, sent, answer }: RecordedExchange, at: number): Sync {
  const { nodePoolID = path, nodeIDs = [] } = sent?.spec ?? {};
  return { at, poolId: nodePoolID, ids: nodeIDs, answer: answer?.body };
}

function codeIn(body: unknown): string | undefined {
  const { errorCode, error_code } = (body ?? {}) as { errorCode?: unknown; error_code?: unknown };
  const code = errorCode ?? error_code;
  return typeof code === "string" ? code : undefined;
}
