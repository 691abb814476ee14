import { z } from "zod";
import type { SyncRecord } from "../../sync/record/record.ts";

const id = z.string().min(1);
const digest = z.string().min(1);
/** A node that said nothing is recorded as text: no engine is known to lose a null, and a lost one would be a lost debt. */
const silent = "unknown";

/** The record as it is kept in the state, and what is read of it. Anything else than what was written is damage. */
export const recordSchema = z.strictObject({
  version: z.literal(2),
  endpoint: z.string(),
  projectId: z.string(),
  password: digest.optional(),
  base: digest,
  off: z.array(id),
  owed: z.record(
    id,
    z
      .union([z.boolean(), z.literal(["behind", "again", silent]), z.null()])
      .transform((word) => (word === silent ? null : word)),
  ),
  tolerated: z.array(id),
  setAside: z.array(id).optional(),
  outside: z.array(id).optional(),
  request: z
    .strictObject({
      ids: z.array(id),
      jobId: z.string().optional(),
      accepted: z.boolean(),
      sentAt: z.iso.datetime({ offset: true }),
      answeredAt: z.iso.datetime({ offset: true }).optional(),
      before: z.strictObject({
        jobId: z.string().optional(),
        transition: z.string().optional(),
        updatedAt: z.string().optional(),
        working: z.array(id).optional(),
      }),
      superseded: z.literal(true).optional(),
      unconfirmed: z.literal(true).optional(),
    })
    .optional(),
  soaking: z.array(id).optional(),
  unresolved: z.strictObject({ watermark: z.string().optional() }).optional(),
  lag: z.literal(true).optional(),
}) satisfies z.ZodType<SyncRecord>;

/** The record as plain data to keep in the state; {@link recordSchema} reads it back. */
export function writeRecord(record: SyncRecord): Record<string, unknown> {
  const owed = Object.entries(record.owed).map(([node, word]) => [node, word ?? silent]);
  return { ...record, owed: Object.fromEntries(owed) };
}
