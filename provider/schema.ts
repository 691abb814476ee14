import { z } from "zod";
import { endpointFault } from "./cce/endpoint.ts";
import {
  addPasswordFaults,
  addUnstorableNumbers,
  always,
  exactlyOneLogin,
  limits,
  scriptsFit,
  storageValidationFits,
  withoutDuplicates,
} from "./rules.ts";

/**
 * The inputs of a NodePoolSync: the single source of their types, their validation and their documentation
 * (sdk/args.ts and docs/inputs-and-outputs.md are generated from here). Names are the API's in Pulumi's spelling;
 * rules are those of the API page "Synchronizing Node Configurations in a Node Pool" unless a text says
 * otherwise. The texts complete the sentence that a user reads: `<path>: must be …`.
 */

/** What a change of an input means for the resource. */
export type ChangeEffect = "replace" | "re-sync" | "nothing";

declare module "zod" {
  interface GlobalMeta {
    /** What a change of this input means; nested inputs have the effect of the one that holds them. */
    change?: ChangeEffect;
    /** The path of the value in the request; absent for what is never sent. */
    wire?: string;
    /** The value used when the input is left out, as the documentation prints it. */
    defaultText?: string;
    /** Whether the value is kept secret whatever the program says of it. */
    secret?: boolean;
    /** The name of the generated TypeScript interface for this object. */
    typeName?: string;
    /** Exactly one of the object's properties may be given. */
    exactlyOne?: boolean;
  }
}

/** The node pool that every cluster has, and that is none: the nodes that belong to no other pool. */
export const defaultPool = "DefaultPool";

const text = (error = "must be a non-empty string") => z.string({ error }).min(1, { error });
const flag = () => z.boolean({ error: "must be true or false" });

/** An id that becomes a part of the request's path; it is escaped there, so only what cannot be is refused. */
const pathId = () => {
  const error = "must be a non-empty id without white space or control characters";
  return z
    .string({ error })
    .regex(/^[^\s\p{Cc}\p{Cs}]+$/u, { error })
    .refine((id) => id !== "." && id !== "..", { error: 'must not be "." or ".."' });
};

const script = () => {
  const error = "must be Base64 (encodeScript makes it from plain text)";
  return z.base64({ error }).min(1, { error });
};

const lifeCycle = z
  .strictObject(
    {
      preInstall: script()
        .optional()
        .meta({
          description: `Script that runs before the node is installed, Base64. Both scripts together may have at most ${limits.scriptCharacters} characters, counted after encoding. \`encodeScript\` makes it from plain text.`,
        }),
      postInstall: script()
        .optional()
        .meta({
          description: `Script that runs after the node is installed, Base64. Both scripts together may have at most ${limits.scriptCharacters} characters, counted after encoding. A script that does not end in time makes the installation of the node fail; use \`shutdown -r 1\` in it, never \`reboot\`.`,
        }),
      waitPostInstallFinish: flag().optional().meta({
        description:
          "Whether pods are scheduled on the node only after the post-installation script has finished. Left to the service when not given. Known from the vendor's SDKs, newer than the API page.",
      }),
    },
    { error: "must be an object" },
  )
  .check(
    z.refine(scriptsFit, {
      ...always,
      error: `preInstall and postInstall together must have at most ${limits.scriptCharacters} characters (after Base64)`,
    }),
  )
  .meta({ description: "What runs on a node when it is installed anew.", typeName: "LifeCycleArgs" });

const userPassword = z
  .strictObject(
    {
      username: text().default("root").meta({ description: "Login account.", defaultText: "`root`" }),
      password: z.string({ error: "must be a string" }).meta({
        description:
          "Login password, always kept as a secret: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted (SHA-512 crypt with a fresh random salt, Base64). A password that is salted already passes through.",
        secret: true,
      }),
    },
    { error: "must be an object" },
  )
  .superRefine(addPasswordFaults, always)
  .meta({ description: "Login with a password.", typeName: "UserPasswordArgs" });

const login = z
  .strictObject(
    {
      sshKey: text().optional().meta({ description: "Name of the key pair used for login." }),
      userPassword: userPassword.optional(),
    },
    { error: "must be an object" },
  )
  .check(z.refine(exactlyOneLogin, { ...always, error: "must have exactly one of sshKey and userPassword" }))
  .meta({
    description: "How to log in to a node: exactly one of a key pair and a password.",
    typeName: "LoginArgs",
    exactlyOne: true,
  });

const nodeTemplate = z
  .strictObject(
    {
      lifeCycle,
      login,
      volumeConfig: z
        .strictObject(
          {
            volumeResetPolicy: z
              .enum(["reset_managed_volumes", "retain_custom_volumes"], {
                error: "must be reset_managed_volumes or retain_custom_volumes",
              })
              .optional()
              .meta({
                description:
                  "What becomes of data disks: `reset_managed_volumes` (the service's default) clears those that CCE manages, `retain_custom_volumes` keeps custom ones and needs a recent cluster version. Known from the vendor's SDKs, newer than the API page.",
              }),
          },
          { error: "must be an object" },
        )
        .optional()
        .meta({ description: "How disks are treated.", typeName: "VolumeConfigArgs" }),
    },
    { error: "must be an object" },
  )
  .meta({
    description:
      "Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own.",
    typeName: "NodeTemplateArgs",
  });

const nodeIds = z
  .array(text("must be a non-empty node id"), { error: "must be an array of node ids" })
  .min(1, { error: "must not be empty; leave it out to take all nodes of the pool" })
  .check(z.refine(withoutDuplicates, { ...always, error: "must not name a node twice" }));

/** The inputs of the resource as one schema. */
export const inputsSchema = z
  .strictObject(
    {
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
      skippedNodes: z
        .array(text("must be a non-empty node id"), { error: "must be an array of node ids" })
        .optional()
        .meta({
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
    },
    { error: "must be an object" },
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

/** The inputs of one kind of change, taken from the schema's own notes. */
export function inputsByChange(effect: ChangeEffect): (keyof Inputs)[] {
  const names = Object.keys(inputsSchema.shape) as (keyof Inputs)[];
  return names.filter((name) => inputsSchema.shape[name].meta()?.change === effect);
}

function integerFrom(min: number, max: number, error = `must be an integer from ${min} to ${max}`) {
  return z.int({ error }).min(min, { error }).max(max, { error });
}
