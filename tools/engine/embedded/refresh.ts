import { isProviderType } from "../urn.ts";
import { diffProperties, sameProperties } from "./diff.ts";
import type { Executor } from "./executor.ts";
import type { ResourceState, Snapshot } from "./state.ts";
import type { Step, StepContext } from "./step.ts";
import { idOf, now } from "./steps.ts";

/**
 * Reads every resource of a state; resolves to the state that was found. A resource that cannot be read stays
 * as it was, and the others are read all the same. Of calls that were interrupted earlier, only creates stay on
 * record: a read shows what became of the others. `counted`: what is found counts in the operation's summary.
 */
export async function refresh(
  base: Snapshot,
  executor: Executor,
  options: { counted: boolean },
): Promise<Snapshot> {
  const steps = base.resources.map((old) => new RefreshStep(old, options.counted));
  await Promise.allSettled(steps.map((step) => executor.execute([step], { keepGoing: true })));
  const found = steps.map((step) => step.found).filter((state) => state !== undefined);
  return {
    resources: withoutDanglingReferences(found),
    pendingOperations: base.pendingOperations.filter(({ type }) => type === "creating"),
  };
}

/** Reads a resource of the state. */
class RefreshStep implements Step {
  readonly op = "refresh";
  readonly urn: string;
  readonly old: ResourceState;
  readonly counted: boolean;
  /** The state that was found, undefined when the resource is gone. */
  found: ResourceState | undefined;
  #drifted = false;

  constructor(old: ResourceState, counted: boolean) {
    this.urn = old.urn;
    this.old = old;
    this.found = old;
    this.counted = counted;
  }

  outcome() {
    if (this.found === undefined) return "delete";
    return this.#drifted ? "update" : "same";
  }

  async apply({ providerOf, readerOf }: StepContext): Promise<void> {
    const { old } = this;
    if (!old.custom || isProviderType(old.type)) return;
    const reader = await readerOf(old);
    const target = { urn: old.urn, id: idOf(old), timeout: old.customTimeouts?.read ?? 0 };
    const read = await reader.read(target, old.inputs, old.outputs);
    if (read === undefined) {
      this.found = undefined;
      return;
    }
    const { initErrors: _, ...rest } = old;
    const found = { ...rest, id: read.id, outputs: read.outputs, inputs: read.inputs ?? old.inputs };
    if (old.external) {
      this.#drifted = diffProperties(old.outputs, found.outputs).length > 0;
    } else {
      // What an update without a change in the program would do; only that counts as drift.
      const provider = await providerOf(old);
      const { changes } = await provider.diff(target, found, old.inputs);
      this.#drifted = changes ?? diffProperties(found.inputs, old.inputs).length > 0;
    }
    const unchanged = sameProperties(old.inputs, found.inputs) && sameProperties(old.outputs, found.outputs);
    this.found = unchanged ? found : { ...found, modified: now() };
  }
}

/** Removes references to resources that are gone. */
function withoutDanglingReferences(resources: readonly ResourceState[]): ResourceState[] {
  const urns = new Set(resources.map(({ urn }) => urn));
  const exists = (urn: string) => urns.has(urn);
  return resources.map((resource) => ({
    ...resource,
    dependencies: (resource.dependencies ?? []).filter(exists),
    propertyDependencies: Object.fromEntries(
      Object.entries(resource.propertyDependencies ?? {})
        .map(([key, references]): [string, string[]] => [key, references.filter(exists)])
        // The CLI drops the properties that depend on nothing here, and only here.
        .filter(([, references]) => references.length > 0),
    ),
  }));
}
