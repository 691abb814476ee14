import { z } from "zod";
import type { Job, JobPart, JobPhase } from "./model.ts";
import { text, words } from "./schemas.ts";

interface RawJob {
  metadata?: { creationTimestamp?: string } | null;
  spec?: {
    resourceID?: string;
    resourceName?: string;
    extendParam?: Record<string, unknown>;
    subJobs?: RawJob[] | null;
  } | null;
  status: { phase: string; reason?: string };
}

const rawJobSchema: z.ZodType<RawJob> = z.object({
  metadata: z.object({ creationTimestamp: text }).nullish(),
  get spec() {
    return z
      .object({
        resourceID: text,
        resourceName: words,
        extendParam: z.record(z.string(), z.unknown()).optional().catch(undefined),
        subJobs: z.array(rawJobSchema).nullish(),
      })
      .nullish();
  },
  status: z.object({ phase: z.string(), reason: words }),
});

/** As many nodes' names as an error shows. */
const mostReasons = 20;

/** The answer of ShowJob. */
export const jobSchema = rawJobSchema.transform((job): Job => {
  const failed = withSubJobs(job).filter(({ status }) => status.phase === "Failed");
  const said = failed
    .slice(0, mostReasons)
    .map(({ spec, status }) => [spec?.resourceName, status.reason].filter(Boolean).join(": "));
  const more = failed.length - said.length;
  const reasons = more > 0 ? [...said, `and ${more} more`] : said;
  return {
    phase: phaseOf(job),
    createdAt: job.metadata?.creationTimestamp,
    reasons: reasons.filter((reason) => reason !== ""),
    parts: (job.spec?.subJobs ?? []).map(jobPart),
  };
});

function jobPart(job: RawJob): JobPart {
  return {
    references: referencesOf(job),
    phase: phaseOf(job),
    createdAt: job.metadata?.creationTimestamp,
    reason: job.status.reason,
    parts: (job.spec?.subJobs ?? []).map(jobPart),
  };
}

/** A job that says that it failed has; else it is over when all of its sub-jobs are. */
function phaseOf(job: RawJob): JobPhase {
  if (job.status.phase === "Failed") return "failed";
  const phases = withSubJobs(job).map(({ status }) => status.phase);
  if (!phases.every((phase) => phase === "Success" || phase === "Failed")) return "running";
  return phases.includes("Failed") ? "failed" : "success";
}

function withSubJobs(job: RawJob): RawJob[] {
  return [job, ...(job.spec?.subJobs ?? []).flatMap(withSubJobs)];
}

/** Keys of `extendParam`, which is not documented, whose values can name a node or its server. */
const referringKey = /node|server|host|instance|resource/i;

function referencesOf({ spec }: RawJob): string[] {
  const extra = Object.entries(spec?.extendParam ?? {})
    .filter(([key]) => referringKey.test(key))
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => (typeof value === "string" ? value.split(",") : []));
  const all = [spec?.resourceID ?? "", spec?.resourceName ?? "", ...extra].map((value) => value.trim());
  return [...new Set(all)].filter((reference) => reference !== "");
}
