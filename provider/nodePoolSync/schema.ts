import { z } from "zod";
import { endpointFault } from "../util/address.ts";
import { type ChangeEffect, flag, integerFrom, object, pathId, text } from "./fields.ts";
import { nodeTemplate } from "./nodeTemplate.ts";
import { addUnstorableNumbers, always, limits, storageValidationFits, withoutDuplicates } from "./rules.ts";

/**
 * The inputs of a NodePoolSync: the single source of their types, their validation and their documentation
 * (sdk/args.ts and docs/inputs-and-outputs.md are generated from here). Names are the API's in Pulumi's spelling;
 * rules are those of the API page "Synchronizing Node Configurations in a Node Pool" unless a text says
 * otherwise. The texts complete the sentence that a user reads: `<path>: must be …`.
 */

/** The node pool that every cluster has, and that is none: the nodes that belong to no other pool. */
export const defaultPool = "DefaultPool";

const nodeList = () =>
  z.array(text("must be a non-empty node id"), { error: "must be an array of node ids" });

const nodeIds = nodeList()
  .min(1, { error: "must not be empty; leave it out to take all nodes of the pool" })
  .check(z.refine(withoutDuplicates, { ...always, error: "must not name a node twice" }));

/** The inputs of the resource as one schema. */
export const inputsSchema = object({
  clusterId: pathId().meta({ description: "Id of the cluster.", change: "replace", wire: "path" }),
  nodePoolId: pathId().meta({
    description: `Id of the node pool, or \`${defaultPool}\` for the nodes that belong to no other pool.`,
    change: "replace",
    wire: "path, `spec.nodePoolID`",
  }),
  maxUnavailable: integerFrom(limits.maxUnavailable.min, limits.maxUnavailable.max).meta({
    description:
      "How many nodes are reset at a time, 1 to 20. Nodes are unavailable while they are reset: leave enough of them for the pods to move to.",
    change: "re-sync",
    wire: "`spec.maxUnavailable`",
  }),
  nodeIds: nodeIds.optional().meta({
    description: "Ids of the nodes to synchronize; their order has no meaning.",
    defaultText: "all nodes of the pool",
    change: "re-sync",
    wire: "`spec.nodeIDs`",
  }),
  nodeTemplate: nodeTemplate.optional().meta({ change: "re-sync", wire: "`spec.nodeTemplate`" }),
  force: flag().optional().meta({
    description:
      "Whether a node is reset even when its pods cannot be evicted. Left to the service when not given. Known from the vendor's SDKs, newer than the API page.",
    change: "re-sync",
    wire: "`spec.force`",
  }),
  retryTimes: integerFrom(0, 2 ** 31 - 1, "must be a whole number, 0 or more")
    .optional()
    .meta({
      description:
        "Sent as `retryTimes`, which the vendor's SDKs know without saying what it does. Left out when not given.",
      change: "re-sync",
      wire: "`spec.retryTimes`",
    }),
  skippedNodes: nodeList().optional().meta({
    description:
      "Sent as `skippedNodes`, which the vendor's SDKs know without saying what it does. Left out when not given.",
    change: "re-sync",
    wire: "`spec.skippedNodes`",
  }),
  validateStorage: flag()
    .optional()
    .meta({
      description: `Whether storage settings are checked before the sync is accepted; at most ${limits.validatedStorageNodes} nodes with it. The service's default is false. Known from the vendor's SDKs, newer than the API page.`,
      change: "re-sync",
      wire: "`spec.validateStorage`",
    }),
  triggers: z
    .union([z.array(z.any()), z.record(z.string(), z.any())], { error: "must be an array or a map" })
    .superRefine(addUnstorableNumbers)
    .optional()
    .meta({
      description:
        "Anything that should cause a new sync when it changes, such as the node pool's own settings; compared by structure, never sent.",
      change: "re-sync",
    }),
  wait: flag().default(true).meta({
    description:
      "Whether to wait until every node is back and up to date. With false, a sync that the service accepted is enough; a later refresh tells how it went.",
    defaultText: "`true`",
    change: "nothing",
  }),
  region: z
    .string({ error: "must be a region such as eu-west-101" })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: "must be a region such as eu-west-101" })
    .optional()
    .meta({
      description: "Region of the cluster.",
      defaultText: "the provider configuration's region",
      change: "replace",
      wire: "host",
    }),
  projectId: pathId().optional().meta({
    description: "Id of the project that holds the cluster.",
    defaultText: "the provider configuration's, or the region's own project",
    change: "replace",
    wire: "path",
  }),
  endpoint: z
    .string({ error: "must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu" })
    .superRefine((value, context) => {
      const fault = endpointFault(value);
      if (fault !== undefined) context.addIssue({ code: "custom", message: fault, input: value });
    })
    .optional()
    .meta({
      description:
        "Address of the CCE service. Plain http is taken for loopback addresses only (the emulator).",
      defaultText: "made from the region",
      change: "replace",
      wire: "host",
    }),
}).check(
  z.refine(storageValidationFits, {
    ...always,
    path: ["nodeIds"],
    error: `must have at most ${limits.validatedStorageNodes} nodes when validateStorage is true`,
  }),
);

/** The inputs as the provider works with them: valid, complete, in plain. */
export interface Inputs extends z.output<typeof inputsSchema> {}

/** The template part of {@link Inputs}. */
export type NodeTemplate = NonNullable<Inputs["nodeTemplate"]>;

/** The inputs of one kind of change, taken from the schema's own notes. */
export function inputsByChange(effect: ChangeEffect): (keyof Inputs)[] {
  const names = Object.keys(inputsSchema.shape) as (keyof Inputs)[];
  return names.filter((name) => inputsSchema.shape[name].meta()?.change === effect);
}
