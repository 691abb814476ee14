import { randomUUID } from "node:crypto";
import { UNKNOWN } from "../properties.ts";
import { isProviderType } from "../urn.ts";
import type { PropertyChange } from "./diff.ts";
import { InitFailure, ProviderError } from "./providerErrors.ts";
import type { ResourceState } from "./state.ts";
import type { Step, StepContext } from "./step.ts";

/** Nothing to do for the provider; what the program says besides the inputs is taken over. */
export function sameStep(old: ResourceState, next: ResourceState): Step {
  return {
    op: "same",
    urn: next.urn,
    old,
    next,
    counted: true,
    async apply({ configureProvider }) {
      if (old.id !== undefined) next.id = old.id;
      next.outputs = old.outputs;
      if (isProviderType(next.type)) configureProvider(next);
    },
  };
}

/** Creates a resource. */
export function createStep(next: ResourceState): Step {
  return {
    op: "create",
    urn: next.urn,
    next,
    counted: true,
    apply: (context) => create(next, context),
  };
}

/** Creates the new one of two. The old resource is deleted after everything else, and marked so until then. */
export function createReplacementStep(
  old: ResourceState,
  next: ResourceState,
  changes: PropertyChange[],
): Step {
  return {
    op: "create-replacement",
    urn: next.urn,
    old,
    next,
    counted: false,
    changes,
    async apply(context) {
      const failure = await create(next, context).catch((error: Error) => error);
      if (failure !== undefined && !(failure instanceof InitFailure)) throw failure;
      old.delete = true;
      if (failure !== undefined) throw failure;
    },
  };
}

/** Reports that a create and a delete are one replacement. */
export function replaceStep(old: ResourceState, next: ResourceState, changes: PropertyChange[]): Step {
  return {
    op: "replace",
    urn: next.urn,
    old,
    next,
    counted: true,
    marker: true,
    changes,
    apply: async () => undefined,
  };
}

/** Brings a resource from its old inputs to new ones. */
export function updateStep(old: ResourceState, next: ResourceState, changes: PropertyChange[]): Step {
  return {
    op: "update",
    urn: next.urn,
    old,
    next,
    changes,
    counted: true,
    async apply(context) {
      if (old.id !== undefined) next.id = old.id;
      if (isProviderType(next.type)) {
        next.outputs = next.inputs;
        return context.configureProvider(next);
      }
      if (!next.custom) return;
      if (context.dryRun) {
        next.outputs = next.inputs;
        return;
      }
      const provider = await context.providerOf(next);
      const target = { urn: next.urn, id: idOf(old), timeout: next.customTimeouts?.update ?? 0 };
      try {
        next.outputs = await provider.update(target, old, next.inputs);
        next.modified = now();
      } catch (error) {
        if (error instanceof InitFailure) {
          next.outputs = error.properties;
          next.initErrors = error.reasons;
          next.modified = now();
          // What exists was not brought to the new inputs, so the old ones stay on record.
          next.inputs = old.inputs;
        }
        throw error;
      }
    },
  };
}

/** Deletes a resource. */
export function deleteStep(old: ResourceState): Step {
  return {
    op: old.external ? "discard" : "delete",
    urn: old.urn,
    old,
    counted: true,
    apply: (context) => remove(old, context),
  };
}

/** Deletes the old one of two. */
export function deleteReplacedStep(old: ResourceState): Step {
  return {
    op: "delete-replaced",
    urn: old.urn,
    old,
    counted: false,
    apply: (context) => remove(old, context),
  };
}

/** Reads a resource that the program does not manage. */
export function readStep(old: ResourceState | undefined, next: ResourceState): Step {
  return {
    op: "read",
    urn: next.urn,
    next,
    counted: false,
    ...(old && { old }),
    async apply(context) {
      const id = idOf(next);
      if (id === UNKNOWN) return;
      const reader = await context.readerOf(next);
      const target = { urn: next.urn, id, timeout: 0 };
      const found = await reader.read(target, next.inputs, next.inputs);
      if (found === undefined) throw new ProviderError(`resource '${id}' does not exist`);
      next.id = found.id;
      next.outputs = found.outputs;
    },
  };
}

async function create(next: ResourceState, context: StepContext): Promise<void> {
  if (isProviderType(next.type)) {
    next.id = context.dryRun ? UNKNOWN : randomUUID();
    next.outputs = next.inputs;
    context.configureProvider(next);
  } else if (next.custom && context.dryRun) {
    // Dynamic providers cannot preview: the program gets its inputs back, and what else it asks for is unknown.
    next.outputs = next.inputs;
  } else if (next.custom) {
    const provider = await context.providerOf(next);
    const target = { urn: next.urn, timeout: next.customTimeouts?.create ?? 0 };
    try {
      Object.assign(next, await provider.create(target, next.inputs));
    } catch (error) {
      if (!(error instanceof InitFailure)) throw error;
      Object.assign(next, { id: error.id, outputs: error.properties, initErrors: error.reasons });
      next.created = next.modified = now();
      throw error;
    }
  }
  next.created = next.modified = now();
}

async function remove(old: ResourceState, context: StepContext): Promise<void> {
  if (context.dryRun || !old.custom || old.external || isProviderType(old.type)) return;
  const provider = await context.providerOf(old);
  await provider.delete({ urn: old.urn, id: idOf(old), timeout: old.customTimeouts?.delete ?? 0 }, old);
}

/** The id by which the provider knows the resource; empty while there is none. */
export function idOf(resource: ResourceState): string {
  return resource.id ?? "";
}

/** The time, as states have it. */
export function now(): string {
  return new Date().toISOString();
}
