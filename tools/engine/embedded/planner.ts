import { createUrn } from "../urn.ts";
import { compare, type Difference } from "./comparison.ts";
import { type Goal, goalState } from "./goal.ts";
import { PlanError } from "./planError.ts";
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
  replaceStep,
  sameStep,
  updateStep,
} from "./steps.ts";

/** What a registration leads to: steps to carry out in order, and the state to answer with afterwards. */
export interface Plan {
  steps: Step[];
  state: ResourceState;
}

/** What a planner works with. */
export interface PlannerOptions {
  stack: string;
  project: string;
  dryRun: boolean;
  /** The state before, in its order. */
  olds: readonly ResourceState[];
  providerOf(resource: ResourceState): Promise<ProviderClient>;
  /** Reports what is wrong with a resource; the planning of it goes on. */
  report(error: string, urn: string): void;
}

/**
 * Decides what has to be done to bring each resource from its old state to what the program wants, and what to
 * delete in the end (pkg/resource/deploy, step_generator.go). One registration at a time.
 */
export class Planner {
  readonly #options: PlannerOptions;
  /** The latest state by URN, without what only waits to be deleted. */
  readonly #olds: ReadonlyMap<string, ResourceState>;
  /** URNs of resources that the program has registered or read. */
  readonly #claimed = new Set<string>();

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#olds = new Map(options.olds.filter((old) => !old.delete).map((old) => [old.urn, old]));
  }

  /** Plans a RegisterResource. */
  async register(goal: Goal): Promise<Plan> {
    const { urn, old } = this.#claim(goal, { external: false });
    const next = goalState(urn, goal, old);
    const steps = await this.#plan(goal, old, next).catch((error: Error) => {
      throw error instanceof PlanError ? error : new PlanError(error.message, urn);
    });
    return { steps, state: next };
  }

  /** Plans a ReadResource. */
  read(goal: Goal & { id: string }): Plan {
    const { urn, old } = this.#claim(goal, { external: true });
    const next = { ...goalState(urn, goal, undefined), external: true };
    return { steps: [readStep(old, next)], state: next };
  }

  /** Plans the deletion of everything that the program has not registered: what came last goes first. */
  deletions(): Step[] {
    return this.#options.olds.toReversed().flatMap((old) => {
      if (old.delete) return [deleteReplacedStep(old)];
      return this.#claimed.has(old.urn) ? [] : [deleteStep(old)];
    });
  }

  /** The URN of a resource that the program declares, and its state so far. */
  #claim({ type, name, parent }: Goal, { external }: { external: boolean }) {
    const { stack, project } = this.#options;
    if (parent !== undefined && !this.#claimed.has(parent)) {
      throw new PlanError(`could not find parent resource ${parent}`);
    }
    const urn = createUrn({ stack, project, type, name }, parent);
    if (this.#claimed.has(urn)) {
      throw new PlanError(`Duplicate resource URN '${urn}'; try giving it a unique name`, urn);
    }
    const old = this.#olds.get(urn);
    if (old !== undefined && (old.external ?? false) !== external) {
      throw new PlanError(
        "the embedded engine cannot take over a resource that was looked up, nor look up one that it manages; " +
          "run this program with a Pulumi CLI",
        urn,
      );
    }
    this.#claimed.add(urn);
    return { urn, old };
  }

  async #plan(goal: Goal, old: ResourceState | undefined, next: ResourceState): Promise<Step[]> {
    if (next.provider !== undefined) await this.#check(goal, old, next);
    if (old === undefined) return [createStep(next)];
    const difference = await compare(old, next, this.#options.providerOf);
    if (difference.replace) return this.#replace(goal, old, next, difference);
    const unhealthy = (old.initErrors?.length ?? 0) > 0;
    if (difference.changed || unhealthy) return [updateStep(old, next, difference.changes)];
    return [sameStep(old, next)];
  }

  /** Has the provider check the inputs, and takes over the inputs it answers with. */
  async #check(goal: Goal, old: ResourceState | undefined, next: ResourceState): Promise<void> {
    const provider = await this.#options.providerOf(next);
    const checked = await provider.check(next.urn, old?.inputs ?? {}, goal.inputs, this.#options.dryRun);
    for (const failure of checked.failures) {
      this.#options.report(checkFailureText(next.urn, failure, goal.inputs), next.urn);
    }
    if (checked.failures.length > 0) throw new PlanError("", next.urn);
    next.inputs = checked.inputs;
  }

  async #replace(
    goal: Goal,
    old: ResourceState,
    next: ResourceState,
    { changes }: Difference,
  ): Promise<Step[]> {
    // The first check started from the old inputs; a new resource must not take over what they defaulted to.
    await this.#check(goal, undefined, next);
    return [createReplacementStep(old, next, changes), replaceStep(old, next, changes)];
  }
}
