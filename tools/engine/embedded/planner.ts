import { compare, type Difference, followsReplacement } from "./comparison.ts";
import { dependentsOf } from "./dependencies.ts";
import { type Goal, goalState } from "./goal.ts";
import { PlanError } from "./planError.ts";
import { keepOldValues } from "./propertyPath.ts";
import type { ProviderClient } from "./provider.ts";
import { checkFailureText } from "./render.ts";
import type { ResourceState } from "./state.ts";
import type { Step } from "./step.ts";
import {
  createReplacementStep,
  createStep,
  deleteReplacedStep,
  deleteStep,
  readStep,
  removePendingReplaceStep,
  replaceStep,
  sameStep,
  updateStep,
} from "./steps.ts";
import { UrnBook, type UrnBookOptions } from "./urnBook.ts";

/** What a registration leads to: steps to carry out in order, and the state to answer with afterwards. */
export interface Plan {
  steps: Step[];
  state: ResourceState;
}

/** What a planner knows, and whom it tells. */
export interface PlannerOptions extends UrnBookOptions {
  dryRun: boolean;
  providerOf(resource: ResourceState): Promise<ProviderClient>;
  /** Tells something about a resource; an error told like this does not end the planning. */
  tell(severity: "info" | "error", message: string, urn: string): void;
}

/**
 * Decides what has to be done to bring each resource from its old state to what the program wants, and what to
 * delete in the end (pkg/resource/deploy, step_generator.go). One registration at a time.
 */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #urns: UrnBook;
  /** URNs of resources that the program has registered or read. */
  readonly #kept = new Set<string>();
  /** URNs of resources that are deleted in this operation; delete steps look at it when they run. */
  readonly #deleted = new Set<string>();
  /** Old states that have their delete step already. */
  readonly #condemned = new Set<ResourceState>();

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#urns = new UrnBook(options);
  }

  /** Plans a RegisterResource. */
  async register(goal: Goal): Promise<Plan> {
    const urn = this.#urns.claim(goal);
    const old = this.#urns.findOld(urn, goal.aliases);
    const next = goalState(urn, goal, old);
    const steps = await this.#plan(goal, old, next).catch((error: Error) => {
      throw error instanceof PlanError ? error : new PlanError(error.message, urn);
    });
    this.#kept.add(urn);
    return { steps, state: next };
  }

  /** Plans a ReadResource. */
  read(goal: Goal & { id: string }): Plan {
    const urn = this.#urns.claim(goal);
    const old = this.#urns.findOld(urn, []);
    const next = { ...goalState(urn, goal, undefined), id: goal.id, external: true };
    this.#kept.add(urn);
    const relinquished = old !== undefined && !old.external && old.id !== goal.id;
    const steps = relinquished
      ? [readStep(old, next, { replaces: true }), replaceStep(old, next)]
      : [readStep(old, next, { replaces: false })];
    return { steps, state: next };
  }

  /** Plans the deletion of everything that the program has not registered. */
  deletions(): Step[] {
    return this.#options.olds.flatMap((old) => {
      if (old.delete) {
        return this.#condemned.has(old) ? [] : [this.#condemn(old, { recreated: false })];
      }
      if (this.#kept.has(this.#urns.current(old.urn))) return [];
      this.#deleted.add(old.urn);
      return [old.pendingReplacement ? removePendingReplaceStep(old) : deleteStep(old, this.#deleted)];
    });
  }

  async #plan(goal: Goal, old: ResourceState | undefined, next: ResourceState): Promise<Step[]> {
    const recreated = this.#deleted.has(next.urn);
    const managed = old !== undefined && !old.external && !recreated;
    if (next.provider !== undefined) await this.#check(goal, managed ? old : undefined, next);
    if (old === undefined) return [createStep(next)];
    if (recreated) {
      return [replaceStep(old, next), createReplacementStep(old, next, { deleteLater: false })];
    }
    if (old.external) {
      return [createReplacementStep(old, next, { deleteLater: true }), replaceStep(old, next)];
    }
    const difference = await compare(old, next, this.#options.providerOf);
    if (difference.replace || old.pendingReplacement) return this.#replace(goal, old, next, difference);
    const unhealthy = (old.initErrors?.length ?? 0) > 0;
    if (difference.changed || unhealthy) return [updateStep(old, next, difference.changes)];
    return [sameStep(old, next)];
  }

  /** Has the provider check the inputs, and takes over the inputs it answers with. */
  async #check(goal: Goal, old: ResourceState | undefined, next: ResourceState): Promise<void> {
    const { inputs, unusable } = keepOldValues(goal.inputs, old?.inputs ?? {}, old ? goal.ignoreChanges : []);
    if (unusable.length > 0) {
      const paths = unusable.join(", ");
      const message = `cannot ignore changes in added or removed elements of the path: "${paths}"`;
      this.#options.tell("info", message, next.urn);
    }
    const provider = await this.#options.providerOf(next);
    const checked = await provider.check(next.urn, old?.inputs ?? {}, inputs, this.#options.dryRun);
    for (const failure of checked.failures) {
      this.#options.tell("error", checkFailureText(next.urn, failure, goal.inputs), next.urn);
    }
    if (checked.failures.length > 0) throw new PlanError("", next.urn);
    next.inputs = checked.inputs;
  }

  async #replace(
    goal: Goal,
    old: ResourceState,
    next: ResourceState,
    difference: Difference,
  ): Promise<Step[]> {
    if (next.protect && old.protect) this.#refuseReplacement(next.urn);
    // The first check started from the old inputs; a new resource must not take over what they defaulted to.
    if (next.provider !== undefined) await this.#check(goal, undefined, next);
    const { changes } = difference;
    if (goal.deleteBeforeReplace ?? difference.deleteBeforeReplace) {
      return [
        ...(await this.#deleteWithDependents(old)),
        replaceStep(old, next, changes),
        createReplacementStep(old, next, { deleteLater: false, changes }),
      ];
    }
    return [
      createReplacementStep(old, next, { deleteLater: true, changes }),
      replaceStep(old, next, changes),
    ];
  }

  #refuseReplacement(urn: string): void {
    const message =
      `unable to replace resource "${urn}"\nas it is currently marked for protection. ` +
      "To unprotect the resource, remove the `protect` flag from the resource in your Pulumi " +
      "program and run `pulumi up`";
    if (!this.#options.dryRun) throw new PlanError(message, urn);
    this.#options.tell("error", message, urn);
  }

  /** Deletes a resource before its replacement exists, and first every dependent that has to be replaced, too. */
  async #deleteWithDependents(old: ResourceState): Promise<Step[]> {
    const replaced = new Set([old.urn]);
    const condemned = old.pendingReplacement ? [] : [old];
    const isDealtWith = (urn: string) => this.#kept.has(urn) || this.#deleted.has(urn);
    for (const dependent of dependentsOf(old, this.#options.olds, isDealtWith)) {
      if (!(await followsReplacement(dependent, replaced, this.#options.providerOf))) continue;
      if (dependent.protect) {
        throw new PlanError(
          `unable to replace resource "${dependent.urn}" as part of replacing "${old.urn}" as it is currently ` +
            "marked for protection. To unprotect the resource, remove the `protect` flag from the resource in " +
            "your Pulumi program and run `pulumi up`",
          old.urn,
        );
      }
      replaced.add(dependent.urn);
      condemned.push(dependent);
    }
    return condemned.reverse().map((state) => this.#condemn(state, { recreated: !state.delete }));
  }

  #condemn(old: ResourceState, options: { recreated: boolean }): Step {
    this.#deleted.add(old.urn);
    this.#condemned.add(old);
    return deleteReplacedStep(old, this.#deleted, options);
  }
}
