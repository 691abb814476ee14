import type { PropertyChange } from "./diff.ts";
import type { ProviderClient } from "./provider.ts";
import type { ResourceState } from "./state.ts";

/** The CLI's words for what is done to a resource (its apitype.OpType), as far as the embedded engine does it. */
export type StepOp =
  | "same"
  | "create"
  | "update"
  | "delete"
  | "replace"
  | "create-replacement"
  | "delete-replaced"
  | "read"
  | "discard"
  | "refresh";

/** One thing to do to one resource (pkg/resource/deploy, step.go). */
export interface Step {
  readonly op: StepOp;
  readonly urn: string;
  /** The state before; it is the very object of the snapshot, and some steps mark it. */
  readonly old?: ResourceState;
  /** The state afterwards; the step fills in what the provider answers. */
  readonly next?: ResourceState;
  /** What leads to the step, for people. */
  readonly changes?: PropertyChange[];
  /** Counts in the summary: of a replacement's steps, one does. */
  readonly counted: boolean;
  /** Only reports other steps; nothing happens, and the state does not change. */
  readonly marker?: boolean;
  /** The word the step counts under, once it has run; the step's own if absent. */
  outcome?(): StepOp;
  /** Rejects with what the provider answers; after an InitFailure `next` holds all the same. */
  apply(context: StepContext): Promise<void>;
}

/** What steps need of the operation they belong to. */
export interface StepContext {
  readonly dryRun: boolean;
  /** The provider that a resource's state refers to. */
  providerOf(resource: ResourceState): Promise<ProviderClient>;
  /** Who can read a resource: its provider, or the engine itself for what needs none. */
  readerOf(resource: ResourceState): Promise<Pick<ProviderClient, "read">>;
  /** A provider resource has its id and config now. */
  configureProvider(provider: ResourceState): void;
}
