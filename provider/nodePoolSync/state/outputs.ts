import { z } from "zod";
import type { Progress } from "../../sync/record/standing.ts";

/** The outputs that a resource has besides its inputs; the texts become their documentation. */

const failedNode = z
  .object({
    id: z.string().meta({ description: "The node's ID." }),
    name: z.string().meta({ description: "The node's name." }),
    reason: z.string().meta({ description: "What the service says about it, or its phase." }),
  })
  .meta({ typeName: "FailedNode", description: "A node that the sync did not bring up to date." });

/** What users see of a sync, as it is recorded. */
export const progressSchema = z.object({
  status: z.enum(["accepted", "inProgress", "synced", "failed"]).meta({
    description:
      "State of the sync: `accepted` (the service accepted it, and the run did not wait), `inProgress` (it is running, or its end was not seen), `synced` (every node that needed a reset when the run began is proven to have been reset) or `failed`.",
  }),
  jobId: z.string().optional().meta({ description: "ID of the service's job, if it gave one." }),
  acceptedAt: z.string().optional().meta({ description: "When the service accepted the sync, ISO 8601." }),
  finishedAt: z.string().optional().meta({ description: "When the sync was seen finished, ISO 8601." }),
  targetNodeCount: z.int().optional().meta({ description: "How many nodes needed a reset." }),
  syncedNodeCount: z
    .int()
    .optional()
    .meta({ description: "How many of them are proven to have been reset." }),
  skippedNodeCount: z.int().optional().meta({
    description:
      "How many selected nodes were not reset because they reported being up to date. Left out from the first change of `triggers` or `nodeTemplate` on.",
  }),
  failedNodes: z
    .array(failedNode)
    .meta({ description: "The nodes that the sync did not bring up to date, and why." }),
  outdatedNodeIds: z.array(z.string()).meta({
    description:
      'IDs of selected nodes that report being outdated, apart from those that a sync has yet to reset. The next `up` resets them, except those that are left as they are: adopted with `onCreate: "nothing"`, or still reporting it after a second reset.',
  }),
}) satisfies z.ZodType<Progress>;
