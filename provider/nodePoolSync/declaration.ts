import type { Declaration, Rollout, Selection } from "../sync/record/declaration.ts";
import type { Recorded } from "../sync/record/outcome.ts";
import type { SyncRecord } from "../sync/record/record.ts";
import { digestPassword } from "./inputs/password.ts";
import { milliseconds } from "./inputs/rollout.ts";
import { limits } from "./inputs/rules.ts";
import type { Inputs } from "./inputs/schema.ts";
import { requestBody } from "./request.ts";
import { contentDigest, templateDigest } from "./state/content.ts";
import type { RecordedInputs, State } from "./state/state.ts";

/** What the inputs ask of the sync, with the digest of their password for the record. */
export interface DeclarationWithPassword extends Declaration {
  readonly password?: string;
}

/**
 * What the inputs ask of the sync.
 * @param record the earlier one, where there is one: its password's salt makes the digests comparable with it.
 */
export function declarationOf(inputs: Inputs, record?: SyncRecord): DeclarationWithPassword {
  const { nodeTemplate, maxUnavailable, wait, onCreate, onChange, rollout } = inputs;
  const password = passwordDigest(inputs, record);
  return {
    ...selectionOf(inputs),
    maxUnavailable,
    wait,
    onCreate,
    onChange,
    hasTemplate: nodeTemplate !== undefined,
    // Not recorded, but compared with other declarations of this process: salted alike in all of them.
    template: templateDigest(nodeTemplate, passwordDigest(inputs)),
    content: contentDigest(inputs, password),
    ...(password !== undefined && { password }),
    ...(inputs.validateStorage && { mostNodes: limits.validatedStorageNodes }),
    ...(rollout !== undefined && { rollout: rolloutOf(rollout) }),
    body: (nodeIds, at) => requestBody(inputs, nodeIds, at),
  };
}

function rolloutOf({ soak = "", ...rollout }: NonNullable<Inputs["rollout"]>): Rollout {
  return { zoneByZone: false, maxFailures: 0, ...rollout, soak: milliseconds(soak) ?? 0 };
}

/** What the state says of an earlier run. */
export function recordedOf({ inputs, record, progress }: State): Recorded {
  return {
    selection: selectionOf(inputs),
    content: contentDigest(inputs, record.password),
    record,
    progress,
  };
}

/** The digest of the inputs' password; undefined where none is given. */
export function passwordDigest({ nodeTemplate }: Inputs, record?: SyncRecord): string | undefined {
  const password: unknown = nodeTemplate?.login?.userPassword?.password;
  return typeof password === "string" ? digestPassword(password, record?.password) : undefined;
}

function selectionOf({ clusterId, nodePoolId, nodeIds, excludeNodeIds }: RecordedInputs): Selection {
  return { clusterId, nodePoolId, nodeIds, excludeNodeIds };
}
