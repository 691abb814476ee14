import type { StepOp } from "../types.ts";
import type { PropertyChange } from "./diff.ts";
import type { ProviderClient } from "./provider.ts";
import type { ResourceState } from "./state.ts";

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
  /** Only tells of other steps; nothing happens, and the state does not change. */
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

/** A protected resource was to be deleted. Other deletions go on, so that all such resources are told at once. */
export class ProtectedError extends Error {
  constructor(urn: string) {
    super(
      `resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, ` +
        "either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, " +
        `or use the command:\n\`pulumi state unprotect '${urn}'\``,
    );
  }
}
