import { z } from "zod";
import { errorCodes } from "../../errors/codes.ts";
import { UserError } from "../../errors/errors.ts";
import type { SyncRecord } from "../../sync/record/record.ts";
import type { Progress } from "../../sync/record/standing.ts";
import { unknownValue } from "../../util/unknowns.ts";
import { digestPassword } from "../inputs/password.ts";
import { type Inputs, inputNames, type NodeTemplate } from "../inputs/schema.ts";
import { canonical } from "./content.ts";
import { progressSchema } from "./outputs.ts";
import { recordSchema, writeRecord } from "./recordSchema.ts";
import { bookkeepingSchema, recordOfVersion1 } from "./stateVersion1.ts";

/** The version that this package writes. The package reads it and every older one. */
export const stateVersion = 2;

type Login = NodeTemplate["login"];

/** The inputs as they are recorded: without the password. Inputs with one can stand in their place. */
export interface RecordedInputs extends Omit<Inputs, "nodeTemplate"> {
  readonly nodeTemplate?: Omit<NodeTemplate, "login"> & {
    login: Omit<Login, "userPassword"> & {
      userPassword?: Omit<NonNullable<Login["userPassword"]>, "password"> | undefined;
    };
  };
}

/** A resource's outputs as plain data. */
export interface State {
  readonly inputs: RecordedInputs;
  readonly progress: Progress;
  readonly record: SyncRecord;
}

/** What every version of the state has: a newer one may differ in all the rest. */
const writtenBy = z.object({ version: z.number() });

/** What a refresh needs of the inputs, whatever else a newer package would refuse of them. */
const selectionSchema = z.object({
  clusterId: z.string(),
  nodePoolId: z.string(),
  nodeIds: z.array(z.string()).optional(),
  excludeNodeIds: z.array(z.string()).optional(),
});

/** The output that holds the {@link SyncRecord}. */
export const recordKey = "__sync";

/**
 * The outputs to record. The password is not among them, not even as a secret: Pulumi prints a resource's outputs in
 * debug events. Of a password in the inputs, a digest is kept in the record. Nothing in them is undefined: Pulumi's
 * dynamic server fails on such a value while it answers with a failure, and the engine would wait for that answer for
 * ever. Assets and archives are kept as their hash, for the engine does not send their content with every call.
 */
export function writeState({ inputs, progress, record }: State): Record<string, unknown> {
  const { inputs: recorded, password } = splitPassword(inputs);
  const hasPassword = inputs.nodeTemplate?.login?.userPassword !== undefined;
  const digest = password === undefined ? record.password : digestPassword(password, record.password);
  const known = { ...recorded, triggers: canonical(inputs.triggers) };
  return JSON.parse(
    JSON.stringify({
      ...known,
      ...progress,
      [recordKey]: writeRecord({ ...record, password: hasPassword ? digest : undefined }),
    }),
  );
}

/**
 * The outputs as far as a preview knows them: the inputs, without the password; all others are known after the sync.
 * @param inputs with unknown values in them, as a preview has them.
 * @param earlier what is recorded of the sync, where the update will leave it as it is.
 */
export function foreseenOutputs(inputs: Inputs, earlier?: State): Record<string, unknown> {
  const later = Object.keys(progressSchema.shape).map((name) => [name, unknownValue]);
  const known = { ...withoutPassword(inputs), triggers: canonical(inputs.triggers) };
  return JSON.parse(JSON.stringify({ ...known, ...(earlier?.progress ?? Object.fromEntries(later)) }));
}

/**
 * Reads recorded outputs. They are taken as they are: inputs that a newer package would refuse must still be
 * refreshed and destroyed.
 * @throws UserError when the state was written by a newer package, is damaged, or is none.
 */
export function readState(outputs: Record<string, unknown>): State {
  const written = writtenBy.safeParse(outputs[recordKey]).data?.version;
  if (written !== undefined && written > stateVersion) {
    throw new UserError(
      `the state was written by a newer version of pulumi-cce-nodepool-sync (state version ${written}; this one reads up to ${stateVersion})`,
      errorCodes.unreadableState,
    );
  }
  const progress = progressSchema.safeParse(outputs);
  if (!progress.success) throw unreadable();
  const entries = inputNames.map((name) => [name, canonical(outputs[name])] as const);
  const given = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
  if (!selectionSchema.safeParse(given).success) throw unreadable();
  const { inputs, password } = splitPassword(given as unknown as Inputs);
  if (written === 1) {
    const bookkeeping = bookkeepingSchema.safeParse(outputs[recordKey]);
    if (!bookkeeping.success) throw unreadable();
    const digest = password === undefined ? undefined : digestPassword(password);
    const record = recordOfVersion1(bookkeeping.data, inputs, progress.data, digest);
    return { inputs, progress: progress.data, record };
  }
  const record = recordSchema.safeParse(outputs[recordKey]);
  if (!record.success) throw unreadable();
  return { inputs, progress: progress.data, record: record.data };
}

function unreadable(): UserError {
  return new UserError("the recorded state cannot be read", errorCodes.unreadableState);
}

/** The inputs as they are recorded. */
export function withoutPassword(inputs: RecordedInputs): RecordedInputs {
  return splitPassword(inputs).inputs;
}

/** The inputs without their password, and the password. */
function splitPassword(inputs: RecordedInputs): { inputs: RecordedInputs; password: string | undefined } {
  const { nodeTemplate } = inputs;
  const userPassword: unknown = nodeTemplate?.login?.userPassword;
  if (nodeTemplate === undefined || typeof userPassword !== "object" || userPassword === null) {
    return { inputs, password: undefined };
  }
  const { password, ...rest } = userPassword as NonNullable<Login["userPassword"]>;
  return {
    inputs: {
      ...inputs,
      nodeTemplate: { ...nodeTemplate, login: { ...nodeTemplate.login, userPassword: rest } },
    },
    password: typeof password === "string" ? password : undefined,
  };
}
