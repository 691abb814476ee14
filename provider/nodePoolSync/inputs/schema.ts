import { z } from "zod";
import { defaultPool } from "../../cce/model.ts";
import { endpointFault } from "../../util/address.ts";
import { flag, type InputClass, object, pathId, text } from "./fields.ts";
import { nodeTemplate } from "./nodeTemplate.ts";
import { amount, rollout } from "./rollout.ts";
import {
  addUnstorableNumbers,
  always,
  defaultPoolHasTemplate,
  limits,
  oneSelection,
  rolloutWaits,
  storageValidationFits,
  withoutDuplicates,
} from "./rules.ts";

/**
 * The inputs of a NodePoolSync: the single source of their types, their validation and their documentation
 * (sdk/args.ts and docs/inputs-and-outputs.md are generated from here). Names are the API's in Pulumi's spelling;
 * rules are those of the API page "Synchronizing Node Configurations in a Node Pool" unless a text says
 * otherwise. The texts complete the sentence that a user reads: `<path>: must be …`.
 */

const nodeList = () =>
  z.array(text("must be a non-empty node ID"), { error: "must be an array of node IDs" });

const nodeIds = nodeList()
  .min(1, { error: "must not be empty; leave it out to select all nodes of the pool" })
  .check(z.refine(withoutDuplicates, { ...always, error: "must not name a node twice" }));

const choice = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(", ")} or ${values.at(-1)}` });

/** Which pool: another one is another resource. */
const identity = {
  clusterId: pathId().meta({ description: "ID of the cluster.", class: "identity", wire: "path" }),
  nodePoolId: pathId().meta({
    description: `ID of the node pool, or \`${defaultPool}\` for the nodes that belong to no other pool, which requires \`nodeTemplate\`.`,
    class: "identity",
    wire: "path, `spec.nodePoolID`",
  }),
};

/** Which of the pool's nodes. */
const selection = {
  nodeIds: nodeIds.optional().meta({
    description:
      "IDs of the nodes to synchronize, in any order; each must be in the pool. Not together with `excludeNodeIds`.",
    defaultText: "all nodes of the pool",
    class: "selection",
    wire: "`spec.nodeIDs`",
  }),
  excludeNodeIds: nodeList().optional().meta({
    description:
      "IDs of nodes to leave out, in any order; IDs that are not in the pool are ignored. Not together with `nodeIds`.",
    defaultText: "no node",
    class: "selection",
    wire: "never; the nodes are left out of `spec.nodeIDs`",
  }),
};

/** What the nodes get, or stands for it. */
const content = {
  nodeTemplate: nodeTemplate.optional().meta({ class: "content", wire: "`spec.nodeTemplate`" }),
  triggers: z
    .union([z.array(z.any()), z.record(z.string(), z.any())], { error: "must be an array or a map" })
    .superRefine(addUnstorableNumbers)
    .optional()
    .meta({
      description:
        "An array or map of anything that should cause a new sync when it changes, such as the pool's own settings. Compared by structure, assets and archives by their hash. Put no secrets in it: the state keeps a digest of it that is not encrypted.",
      defaultText: "none",
      class: "content",
    }),
};

const maxUnavailable = amount(limits.maxUnavailable.min, limits.maxUnavailable.max).meta({
  description:
    'How many nodes are reset at a time: 1 to 20, or a percentage such as `"20%"` of the selected nodes that exist when the request is sent, rounded down, at least 1 and at most 20. A node is unavailable while it is reset: leave enough of them for the pods to move to.',
  class: "manner",
  wire: "`spec.maxUnavailable`",
});

/** How it is done. */
const manner = {
  force: flag().optional().meta({
    description:
      "Whether a node is reset even when its pods cannot be evicted. From the vendor's SDKs; not on the API page.",
    defaultText: "not sent",
    class: "manner",
    wire: "`spec.force`",
  }),
  validateStorage: flag()
    .optional()
    .meta({
      description: `Whether the service checks storage settings before it accepts a sync, which may then have at most ${limits.validatedStorageNodes} nodes. From the vendor's SDKs; not on the API page.`,
      defaultText: "not sent; the service uses false",
      class: "manner",
      wire: "`spec.validateStorage`",
    }),
  onCreate: choice(["outdated", "all", "nothing"]).default("outdated").meta({
    description:
      "Which nodes to reset when the resource is created, and when a node is newly selected: `outdated` (those that do not report being up to date), `all`, or `nothing` (adopt the pool as it is). CCE reports about OS and container engine only; with a `nodeTemplate`, `outdated` means `all`.",
    defaultText: "`outdated`",
    class: "manner",
  }),
  onChange: choice(["all", "outdated"]).default("all").meta({
    description:
      "Which nodes to reset when `nodeTemplate` or `triggers` change: `all`, or `outdated` (those that do not report being up to date). With a `nodeTemplate`, `outdated` means `all`.",
    defaultText: "`all`",
    class: "manner",
  }),
  wait: flag().default(true).meta({
    description:
      "Whether to wait until every node is proven to have been reset. With false, the run ends when the service has accepted the sync; a later `pulumi refresh` says how it went.",
    defaultText: "`true`",
    class: "manner",
  }),
  rollout: rollout.optional().meta({
    defaultText: "one request for all nodes",
    class: "manner",
  }),
};

/** Where the pool is found. */
const address = {
  region: z
    .string({ error: "must be a region such as eu-west-101" })
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, { error: "must be a region such as eu-west-101" })
    .optional()
    .meta({
      description: "Region of the cluster.",
      defaultText: "the provider configuration's region",
      class: "address",
      wire: "host",
    }),
  projectId: pathId().optional().meta({
    description: "ID of the project that holds the cluster.",
    defaultText: "the provider configuration's, or the region's own project",
    class: "address",
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
        "URL of the CCE service. Plain http is accepted for loopback addresses only (the emulator).",
      defaultText: "made from the region",
      class: "address",
      wire: "host",
    }),
};

/** The inputs of the resource as one schema. */
export const inputsSchema = object({
  ...identity,
  maxUnavailable,
  ...selection,
  ...content,
  ...manner,
  ...address,
})
  .check(
    z.refine(defaultPoolHasTemplate, {
      ...always,
      path: ["nodeTemplate"],
      error: `is required for ${defaultPool}, which has no settings of its own`,
    }),
  )
  .check(
    z.refine(oneSelection, {
      ...always,
      path: ["excludeNodeIds"],
      error: "must not be given together with nodeIds; name in nodeIds only the nodes to synchronize",
    }),
  )
  .check(
    z.refine(rolloutWaits, {
      ...always,
      path: ["rollout"],
      error: "requires wait to be true: the next wave depends on how the one before went",
    }),
  )
  .check(
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

/** The names of all inputs. */
export const inputNames = Object.keys(inputsSchema.shape) as (keyof Inputs)[];

/** The inputs of one class, taken from the schema's own notes. */
export function inputsOfClass(wanted: InputClass): (keyof Inputs)[] {
  return inputNames.filter((name) => inputsSchema.shape[name].meta()?.class === wanted);
}
