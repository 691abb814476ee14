import { inspect } from "node:util";
import { type Profile, profiles, through } from "../../emulator/index.ts";
import { serviceTime } from "../../provider/cce/model.ts";
import type { Recording } from "./recording.ts";
import { readsOf, resetsIn, type SeenReset } from "./resets.ts";
import {
  leavesOf,
  type RawJob,
  type RawNode,
  type RawPool,
  type Sightings,
  sightingsIn,
} from "./sightings.ts";

/** What traces show of the profile that the emulator would need; fields that they do not show are left out. */
export interface SeenProfile {
  readonly profile: Partial<Profile>;
  /** What a reset took, in seconds, as exactly as the looks show. */
  readonly resetSeconds?: number;
}

/** The nodes' own word is given up as old after five minutes (CCE API, NodeStatus). */
const oldProbe = 5 * 60_000;
/** What comes one look late is not late. */
const looksUntilLate = 1.5;

/** The profile, as far as the traces show it. */
export function inferProfile(recordings: readonly Recording[]): SeenProfile {
  const seen = sightingsIn(recordings);
  const looks = recordings.flatMap(({ runs }) => runs.map(({ asked }) => asked.interval));
  const interval = Math.max(...looks, 0) * 3;
  const resets = resetsIn(seen);
  const took = median(resets.flatMap(({ from, until }) => (until === undefined ? [] : [until - from])));
  const parts = {
    ...answerSeen(seen),
    ...jobSeen(seen),
    ...poolSeen(seen),
    ...nodesSeen(seen),
    ...(took === undefined ? {} : timesSeen(seen, resets, took, interval)),
  };
  const profile = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  return { profile, resetSeconds: took === undefined ? undefined : Math.round(took / 1000) };
}

/** The profile as code for a test, and in comments what it rests on. */
export function profileOf(recordings: readonly Recording[]): string {
  const { profile, resetSeconds } = inferProfile(recordings);
  const { stages, ...plain } = profile;
  const phases = (stages ?? []).map(({ next }) => next).filter((phase) => phase !== "Active");
  const fields = Object.entries(plain).map(
    ([name, value]) =>
      `  ${name}: ${inspect(value, { breakLength: Number.POSITIVE_INFINITY }).replaceAll("'", '"')},`,
  );
  const life =
    phases.length === 0 ? [] : [`  stages: through(${phases.map((phase) => `"${phase}"`).join(", ")}),`];
  const missing = Object.keys(profiles.standard).filter((name) => !Object.hasOwn(profile, name));
  return [
    ...(resetSeconds === undefined ? [] : [`// A reset took about ${resetSeconds} s (resetSeconds).`]),
    "const profile: Partial<Profile> = {",
    ...fields,
    ...life,
    "};",
    `// Not shown: ${missing.join(", ") || "nothing"}.`,
  ].join("\n");
}

function answerSeen({ syncs, refusals }: Sightings): Partial<Profile> {
  const [sync] = syncs;
  const busy = refusals.find(({ status, code }) => code !== undefined && [403, 409, 429].includes(status));
  const whileRunning = busy && { status: busy.status, code: busy.code ?? "" };
  if (sync === undefined) return { whileRunning };
  const { answer } = sync;
  const fields = typeof answer === "object" && answer !== null ? Object.keys(answer) : undefined;
  const kind = fields?.includes("metadata") ? "pool" : fields?.includes("jobid") ? "jobid" : "emptyObject";
  return { answer: fields === undefined ? "empty" : kind, whileRunning };
}

function jobSeen({ jobs, syncs, pools, nodes }: Sightings): Partial<Profile> {
  const known = jobs.flatMap(({ job }) => job ?? []);
  const ids = new Set(syncs.flatMap((sync) => sync.ids));
  const after = pools.filter(({ at }) => at > (syncs[0]?.at ?? Number.POSITIVE_INFINITY));
  const named = after.flatMap(({ items }) => items).some(({ status }) => status?.jobId !== undefined);
  const poolNamesJob = after.length === 0 ? undefined : named;
  const isAsked = jobs.length > 0 ? known.length > 0 : undefined;
  const fullest = known.toSorted((a, b) => leavesOf(b).length - leavesOf(a).length)[0];
  if (fullest === undefined) return { poolNamesJob, showsJob: isAsked };
  const servers = new Set(nodes.flatMap(({ items }) => items.map(({ status }) => status?.serverId)));
  return {
    poolNamesJob,
    showsJob: true,
    subJobs: namesIn(fullest, ids, servers),
    subJobsNested: (fullest.spec?.subJobs ?? []).some(({ spec }) => (spec?.subJobs ?? []).length > 0),
    subJobsAppear: growsIn(jobs) ? "inTurn" : undefined,
  };
}

/** Whether a job had fewer sub-jobs at first than later. */
function growsIn(jobs: Sightings["jobs"]): boolean {
  return jobs.some(({ path, job }, at) => {
    const earlier = jobs.slice(0, at).find((one) => one.path === path)?.job;
    return job !== undefined && earlier !== undefined && leavesOf(job).length > leavesOf(earlier).length;
  });
}

function namesIn(job: RawJob, ids: ReadonlySet<string>, servers: ReadonlySet<unknown>): Profile["subJobs"] {
  const leaves = leavesOf(job);
  if (leaves.length === 0) return "none";
  const own = leaves.filter(({ spec }) => ids.has(spec?.resourceID ?? ""));
  if (own.length > 0) return own.length < ids.size ? "someNodes" : "nodes";
  if (leaves.some(({ spec }) => servers.has(spec?.resourceID))) return "servers";
  const extra = leaves.flatMap(({ spec }) => Object.values(spec?.extendParam ?? {}));
  return extra.some((value) => ids.has(String(value))) ? "extendParam" : "nobody";
}

function poolSeen({ pools, syncs, refusesAdvanceStatus }: Sightings): Partial<Profile> {
  const own = readsOf(pools, syncs[0]?.poolId);
  if (own.length === 0) return {};
  const shown = own.filter(({ item }) => conditionOf(item) !== undefined);
  const wasTrue = shown.some(({ item }) => conditionOf(item) === "True");
  const condition = shown.length === 0 ? "never" : shown.length === own.length ? "always" : "whenTrue";
  const after = own.filter(({ at }) => at >= (syncs[0]?.at ?? 0));
  const times = new Set(after.map(({ item }) => item.metadata.updateTimestamp));
  const moves = times.size > 1 ? "anyChange" : wasTrue ? "configuration" : undefined;
  return {
    condition,
    poolUpdateTime: times.has(undefined) ? "absent" : moves,
    ...(refusesAdvanceStatus && { advanceStatus: "refused" }),
  };
}

function nodesSeen({ nodes }: Sightings): Partial<Profile> {
  const all = nodes.flatMap(({ at, items }) => items.map((node) => ({ at, node })));
  if (all.length === 0) return {};
  const has = (field: (node: RawNode) => unknown) => all.some(({ node }) => field(node) !== undefined);
  const failed = all.filter(({ node }) => ["Error", "Abnormal"].includes(node.status?.phase ?? ""));
  const probes = all.map(({ at, node }) => {
    const probed = serviceTime(node.status?.lastProbeTime);
    return probed === undefined ? "absent" : at - probed > oldProbe ? "old" : "fresh";
  });
  return {
    upToDateField: has(({ status }) => status?.configurationUpToDate),
    nodeReasons:
      failed.length === 0 ? undefined : failed.some(({ node }) => node.status?.reason !== undefined),
    updateTimes: updateTimesMove(all),
    probes: probes[0],
    zoneField: has(({ spec }) => spec?.az),
  };
}

function conditionOf({ status }: RawPool): string | undefined {
  return status?.conditions?.find(({ type }) => type === "ConfigurationSynchronizing")?.status;
}

/** Whether update times follow phases; undefined where no phase has changed. */
function updateTimesMove(all: readonly { readonly node: RawNode }[]): boolean | undefined {
  const before = new Map<string, RawNode>();
  let hasChanged = false;
  for (const { node } of all) {
    const earlier = before.get(node.metadata.uid);
    before.set(node.metadata.uid, node);
    if (earlier === undefined || earlier.status?.phase === node.status?.phase) continue;
    hasChanged = true;
    if (earlier.metadata.updateTimestamp !== node.metadata.updateTimestamp) return true;
  }
  return hasChanged ? false : undefined;
}

/** How long after the last node of a sync the pool's condition went away; undefined where that was not seen. */
function statusLateIn(
  reads: readonly { readonly at: number; readonly item: RawPool }[],
  resets: readonly SeenReset[],
): number | undefined {
  const isTrue = ({ item }: { item: RawPool }) => conditionOf(item) === "True";
  const gone = reads.find((read, at) => !isTrue(read) && at > 0 && reads.slice(0, at).some(isTrue));
  const ends = resets.flatMap(({ until }) => until ?? []).filter((until) => until <= (gone?.at ?? 0));
  return gone === undefined || ends.length === 0 ? undefined : gone.at - Math.max(...ends);
}

/** What comes late, as a share of a reset's time. */
function timesSeen(
  { syncs, pools, behind }: Sightings,
  resets: readonly SeenReset[],
  took: number,
  interval: number,
): Partial<Profile> {
  const shareOf = (late: number) =>
    late <= interval * looksUntilLate ? 0 : Math.round((late / took) * 10) / 10;
  const begins = Math.min(...resets.map(({ from }) => from)) - (syncs[0]?.at ?? 0);
  const stale = resets.flatMap(({ staleFor }) => staleFor ?? []);
  const longest = resets.toSorted((a, b) => b.phases.length - a.phases.length)[0]?.phases ?? [];
  const late = statusLateIn(readsOf(pools, syncs[0]?.poolId), resets);
  return {
    beginsAfter: shareOf(begins),
    statusLag: late === undefined ? undefined : shareOf(late),
    // Lists agree on when nothing was behind; how far behind one was is known at least.
    replicaLag: behind === 0 ? undefined : Math.ceil((behind / took) * 100) / 100,
    upToDateLag: stale.length === 0 ? undefined : shareOf(Math.max(...stale)),
    stages: through(...longest),
  };
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
