/** What is read of the service's answers about nodes, pools and clusters. */

import { z } from "zod";
import { sanitize } from "../util/sanitize.ts";
import { defaultPool, type Node, type NodePool } from "./model.ts";

/** A text that is only compared; anything else is taken as not said. */
export const text = z.string().optional().catch(undefined);
/** Words that are only shown and compared, made safe for a terminal. */
export const words = z
  .string()
  .transform((said) => sanitize(said))
  .optional()
  .catch(undefined);
/** A job's id, which becomes a part of a path; one that cannot is taken as not said. */
export const jobId = z
  .string()
  .regex(/^[\w-]+$/)
  .optional()
  .catch(undefined);
const count = z.number().optional().catch(undefined);

/** One item of ListNodes; fields that are missing or of another type are taken as not said. */
export const nodeSchema = z
  .object({
    metadata: z.object({
      uid: z.string().min(1),
      name: words,
      creationTimestamp: text,
      updateTimestamp: text,
      annotations: z.record(z.string(), z.unknown()).optional().catch(undefined),
      ownerReferences: z.object({ nodepoolID: text }).optional().catch(undefined),
    }),
    spec: z.object({ az: words }).optional().catch(undefined),
    status: z
      .object({
        phase: words,
        reason: words,
        message: words,
        serverId: text,
        lastProbeTime: text,
        configurationUpToDate: z.boolean().optional().catch(undefined),
      })
      .optional()
      .catch(undefined),
  })
  .transform(
    ({ metadata, spec, status }): Node => ({
      id: metadata.uid,
      name: metadata.name ?? sanitize(metadata.uid),
      poolId: poolOf(
        metadata.annotations?.["kubernetes.io/node-pool.id"],
        metadata.ownerReferences?.nodepoolID,
      ),
      phase: status?.phase ?? "",
      createdAt: metadata.creationTimestamp,
      updatedAt: metadata.updateTimestamp,
      upToDate: status?.configurationUpToDate,
      reason: status?.reason ?? status?.message,
      serverId: status?.serverId,
      probedAt: status?.lastProbeTime,
      zone: spec?.az,
    }),
  );

const conditionSchema = z
  .object({ type: text, status: text, lastTransitTime: text })
  .catch({ type: undefined, status: undefined, lastTransitTime: undefined });

/** One item of ListNodePools. */
export const nodePoolSchema = z
  .object({
    metadata: z
      .object({ uid: text, name: words, updateTimestamp: text })
      .refine(({ uid, name }) => Boolean(uid || name)),
    status: z
      .object({
        conditions: z.array(conditionSchema).optional().catch(undefined),
        jobId,
        currentNode: count,
        creatingNode: count,
        deletingNode: count,
      })
      .optional()
      .catch(undefined),
  })
  .transform(({ metadata, status }): NodePool => {
    const condition = status?.conditions?.find(({ type }) => type === "ConfigurationSynchronizing");
    return {
      id: metadata.uid || (metadata.name ?? ""),
      name: metadata.name ?? sanitize(metadata.uid ?? ""),
      synchronizing: condition && condition.status === "True",
      transition: condition?.lastTransitTime,
      scaling: (status?.creatingNode ?? 0) > 0 || (status?.deletingNode ?? 0) > 0,
      jobId: status?.jobId,
      nodeCount: status?.currentNode,
      updatedAt: metadata.updateTimestamp,
    };
  });

/** The answer of ShowCluster, as far as it is needed. */
export const clusterSchema = z.object({ status: z.object({ phase: words }) });

/** A node outside pools has "zone#flavor#os" where others have the id of their pool. */
function poolOf(annotation: unknown, owner: string | undefined): string {
  const id = typeof annotation === "string" && annotation !== "" ? annotation : (owner ?? "");
  return id === "" || id.includes("#") ? defaultPool : id;
}
