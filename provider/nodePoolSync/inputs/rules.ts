import type { z } from "zod";
import { defaultPool } from "../../cce/model.ts";
import { isUnknown } from "../../util/unknowns.ts";
import { passwordFaults } from "./password.ts";

/**
 * The rules of the inputs that are about more than one value. Each takes whatever stands in its place, since it also
 * runs where other parts of the input are wrong, and passes over what is not known yet.
 */

/** Limits of the API page and of the vendor's SDKs. */
export const limits = {
  maxUnavailable: { min: 1, max: 20 },
  /** Characters of both scripts together, after Base64. */
  scriptCharacters: 10_240,
  /** Nodes in one sync with `validateStorage`. */
  validatedStorageNodes: 200,
} as const;

/** Lets a rule run when other parts of the input are wrong too, so that all problems show at once. */
export const always = { when: () => true };

/** Whether both scripts together are short enough. */
export function scriptsFit(value: unknown): boolean {
  const { preInstall, postInstall } = asRecord(value);
  return knownLength(preInstall) + knownLength(postInstall) <= limits.scriptCharacters;
}

function knownLength(value: unknown): number {
  return typeof value === "string" && !isUnknown(value) ? value.length : 0;
}

/** Whether just one way to log in is given. */
export function exactlyOneLogin(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  const { sshKey, userPassword } = asRecord(value);
  if (isUnknown(sshKey) || isUnknown(userPassword)) return true;
  return (sshKey === undefined) !== (userPassword === undefined);
}

/** Whether no node is named twice. */
export function withoutDuplicates(value: unknown): boolean {
  if (!Array.isArray(value)) return true;
  const known = value.filter((id) => typeof id === "string" && !isUnknown(id));
  return new Set(known).size === known.length;
}

/** Whether storage is validated for no more nodes than the service takes. */
export function storageValidationFits(value: unknown): boolean {
  const { validateStorage, nodeIds } = asRecord(value);
  return (
    validateStorage !== true || !Array.isArray(nodeIds) || nodeIds.length <= limits.validatedStorageNodes
  );
}

/** Whether the default pool, which has no settings of its own, gets a template. */
export function defaultPoolHasTemplate(value: unknown): boolean {
  const { nodePoolId, nodeTemplate } = asRecord(value);
  return nodePoolId !== defaultPool || nodeTemplate !== undefined;
}

/** Whether nodes are either named or excluded. */
export function oneSelection(value: unknown): boolean {
  const { nodeIds, excludeNodeIds } = asRecord(value);
  if (isUnknown(nodeIds) || isUnknown(excludeNodeIds)) return true;
  return nodeIds === undefined || !Array.isArray(excludeNodeIds) || excludeNodeIds.length === 0;
}

/** Whether a sync in waves waits: what the next wave is depends on the one before. */
export function rolloutWaits(value: unknown): boolean {
  const { rollout, wait } = asRecord(value);
  return rollout === undefined || wait !== false;
}

/** Adds what is wrong with the parts of a rollout together. */
export function addRolloutFaults(value: unknown, context: z.RefinementCtx): void {
  if (typeof value !== "object" || value === null) return;
  const { canary, waveSize, zoneByZone } = asRecord(value);
  const makesWaves = canary !== undefined || waveSize !== undefined || (zoneByZone ?? false) !== false;
  if (makesWaves) return;
  const message = "must have canary, waveSize or zoneByZone: without them there is a single wave";
  context.addIssue({ code: "custom", message, input: value });
}

/** Adds what is wrong with a login's password. */
export function addPasswordFaults(value: unknown, context: z.RefinementCtx): void {
  const { username, password } = asRecord(value);
  if (typeof password !== "string") return;
  const name = typeof username !== "string" || isUnknown(username) ? "" : username;
  for (const fault of passwordFaults(password, name)) {
    context.addIssue({ code: "custom", path: ["password"], message: `must ${fault}`, input: password });
  }
}

/**
 * Adds every number in the value that is none (NaN, Infinity): Pulumi keeps state as JSON, which cannot hold it, and
 * would fail to save it after the sync.
 */
export function addUnstorableNumbers(value: unknown, context: z.RefinementCtx): void {
  const visit = (part: unknown, path: readonly PropertyKey[]): void => {
    if (typeof part === "number" && !Number.isFinite(part)) {
      context.addIssue({ code: "custom", path: [...path], message: "must be a finite number", input: part });
    }
    if (typeof part !== "object" || part === null) return;
    for (const [key, inner] of Object.entries(part))
      visit(inner, [...path, Array.isArray(part) ? Number(key) : key]);
  };
  visit(value, []);
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
