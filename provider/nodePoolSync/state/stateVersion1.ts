import { z } from "zod";
import type { SyncRecord } from "../../sync/record/record.ts";
import type { Progress } from "../../sync/record/standing.ts";
import { type Content, contentDigest } from "./content.ts";

/** What version 1 of the state kept beside inputs and outputs. */
export const bookkeepingSchema = z.object({
  version: z.literal(1),
  endpoint: z.string(),
  projectId: z.string(),
  /** The newest update time that any node showed before the request. */
  watermark: z.string().optional(),
  /** The nodes that the latest request named in place of the inputs' own. */
  narrowedTo: z.array(z.string()).optional(),
});

/**
 * The record that a version 1 state stands for. What that version took for proof is none, so what a sync had not
 * ended is owed, and what nodes said before it is not known. Nor is known whether an update failed, which leaves the
 * engine with older inputs: that is assumed of every unfinished sync.
 */
export function recordOfVersion1(
  bookkeeping: z.output<typeof bookkeepingSchema>,
  inputs: Content & { readonly nodeIds?: readonly string[] },
  progress: Progress,
  password: string | undefined,
): SyncRecord {
  const { endpoint, projectId, watermark, narrowedTo } = bookkeeping;
  const { jobId, acceptedAt, status } = progress;
  const isRunning = status === "inProgress" || status === "accepted";
  const behind = [...progress.failedNodes.map(({ id }) => id), ...progress.outdatedNodeIds];
  // A failure that names no node may have been one of any.
  const isKnown = progress.status === "synced" || (progress.status === "failed" && behind.length > 0);
  const requested = isKnown ? [] : (narrowedTo ?? inputs.nodeIds);
  const owed = [...new Set([...(requested ?? []), ...behind])];
  return {
    version: 2,
    endpoint,
    projectId,
    password,
    base: contentDigest(inputs, password),
    off: owed,
    owed: Object.fromEntries(owed.map((id) => [id, null])),
    tolerated: [],
    ...(isRunning && {
      request: {
        ids: owed,
        ...(jobId !== undefined && { jobId }),
        accepted: acceptedAt !== undefined,
        sentAt: acceptedAt ?? new Date(0).toISOString(),
        before: {},
      },
    }),
    ...(requested === undefined && { unresolved: { watermark } }),
    ...((progress.status === "failed" || progress.status === "inProgress") && { lag: true }),
  };
}
