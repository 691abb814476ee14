import { z } from "zod";
import { unwrapSecret } from "../dynamic/secrets.ts";
import { errorCodes } from "../errors/codes.ts";
import { UserError } from "../errors/errors.ts";
import { type Inputs, inputsSchema } from "./schema.ts";

/** The version that this package writes. The package reads it and every older one. */
export const stateVersion = 1;

/** What the service is known to have done for a resource. */
export type Progress = Readonly<z.output<typeof progressSchema>>;

/** A node that the sync did not bring up to date. */
export type FailedNode = Readonly<z.output<typeof failedNodeSchema>>;

/** What only the provider needs of a sync; kept under a name that the engine does not show. */
export interface Bookkeeping {
  readonly version: number;
  /** The service's address and project that the sync was sent to; a refresh looks there. */
  readonly endpoint: string;
  readonly projectId: string;
  /**
   * The newest update time that any target node showed before the request, in the service's own clock: a node
   * with a later one has been touched since.
   */
  readonly watermark?: string;
  /** The nodes that the latest request named in place of the inputs' own: those that were left to do. */
  readonly narrowedTo?: readonly string[];
}

/** A resource's outputs as plain data. */
export interface State {
  readonly inputs: Inputs;
  readonly progress: Progress;
  readonly bookkeeping: Bookkeeping;
}

const failedNodeSchema = z
  .object({
    id: z.string().meta({ description: "The node's id." }),
    name: z.string().meta({ description: "The node's name." }),
    reason: z.string().meta({ description: "What the service says of it, or its phase." }),
  })
  .meta({ typeName: "FailedNode" });

/** What a resource has besides its inputs, as the engine records it; the texts become the outputs' documentation. */
export const progressSchema = z.object({
  status: z.enum(["accepted", "inProgress", "synced", "failed"]).meta({
    description:
      "Where the sync stands: `accepted` (the service took it, and nobody waited), `inProgress` (it runs, or its end was not seen), `synced` (every target was seen up to date) or `failed`.",
  }),
  jobId: z.string().optional().meta({ description: "Id of the service's job, when it gave one." }),
  acceptedAt: z.string().optional().meta({ description: "When the service accepted the sync, ISO 8601." }),
  finishedAt: z.string().optional().meta({ description: "When the sync was seen finished, ISO 8601." }),
  targetNodeCount: z.number().optional().meta({ description: "How many nodes the sync is about." }),
  syncedNodeCount: z.number().optional().meta({ description: "How many of them were seen up to date." }),
  failedNodes: z
    .array(failedNodeSchema)
    .default([])
    .meta({ description: "The nodes that the sync did not bring up to date, and why." }),
  outdatedNodeIds: z.array(z.string()).default([]).meta({
    description:
      "Ids of nodes that a refresh found behind their pool's configuration; the next `up` synchronizes them.",
  }),
});

const bookkeepingSchema = z.object({
  version: z.number(),
  endpoint: z.string(),
  projectId: z.string(),
  watermark: z.string().optional(),
  narrowedTo: z.array(z.string()).optional(),
});

/** What every version of the state has: a newer one may differ in all the rest. */
const writtenBy = z.object({ version: z.number() });

/** The output that holds the {@link Bookkeeping}. */
export const bookkeepingKey = "__sync";

const inputNames = Object.keys(inputsSchema.shape) as (keyof Inputs)[];

/**
 * The outputs to record, in plain; the caller marks what is secret. Nothing in them is undefined: Pulumi's dynamic
 * server fails on such a value while it answers with a failure, and the engine would wait for that answer for ever.
 */
export function writeState({ inputs, progress, bookkeeping }: State): Record<string, unknown> {
  return JSON.parse(JSON.stringify({ ...inputs, ...progress, [bookkeepingKey]: bookkeeping }));
}

/**
 * Reads recorded outputs. They are taken as they are: inputs that a newer package would refuse must still be
 * refreshed and destroyed.
 * @throws UserError when the state was written by a newer package, or is none.
 */
export function readState(outputs: Record<string, unknown>): State {
  const written = writtenBy.safeParse(outputs[bookkeepingKey]).data?.version ?? 0;
  if (written > stateVersion) {
    throw new UserError(
      `the state was written by a newer version of pulumi-cce-nodepool-sync (state version ${written}; this one reads up to ${stateVersion})`,
      errorCodes.unreadableState,
    );
  }
  const bookkeeping = bookkeepingSchema.safeParse(outputs[bookkeepingKey]);
  const progress = progressSchema.safeParse(outputs);
  if (!bookkeeping.success || !progress.success) {
    throw new UserError("the recorded state cannot be read", errorCodes.unreadableState);
  }
  const inputs = Object.fromEntries(
    inputNames.filter((name) => outputs[name] !== undefined).map((name) => [name, plain(outputs[name])]),
  );
  return { inputs: inputs as Inputs, progress: progress.data, bookkeeping: bookkeeping.data };
}

function plain(value: unknown): unknown {
  const inner = unwrapSecret(value);
  if (Array.isArray(inner)) return inner.map(plain);
  if (typeof inner !== "object" || inner === null) return inner;
  return Object.fromEntries(Object.entries(inner).map(([key, nested]) => [key, plain(nested)]));
}
