import type { PropertyMap } from "../properties.ts";
import { isProviderType, packageOf, ROOT_STACK_TYPE, typeOf } from "../urn.ts";
import { type Control, StoppedError } from "./control.ts";
import type { Executor } from "./executor.ts";
import type { Goal } from "./goal.ts";
import type { MonitorHost } from "./monitor.ts";
import { PlanError } from "./planError.ts";
import type { Plan, Planner } from "./planner.ts";
import type { Report } from "./report.ts";
import { STACK_REFERENCE_TYPE } from "./stackReference.ts";
import type { ResourceState } from "./state.ts";

/** The package whose provider serves dynamic resources of Node.js programs. */
const DYNAMIC_PACKAGE = "pulumi-nodejs";
/** The package of what the engine itself provides. */
const ENGINE_PACKAGE = "pulumi";

/** Who plans and carries out registrations. */
export interface RegistrarOptions {
  planner: Planner;
  executor: Executor;
  control: Control;
  report: Report;
  /** Config as inputs of the default provider, secrets wrapped. */
  providerConfig: PropertyMap;
  /** Outputs of a component were recorded. */
  onOutputs(): Promise<void>;
}

/**
 * Takes a program's registrations: has each planned when it is its turn, since providers check and compare one
 * resource at a time, and carried out as soon as a slot is free.
 */
export class Registrar implements Pick<MonitorHost, "register" | "read" | "registerOutputs"> {
  readonly #options: RegistrarOptions;
  readonly #registered = new Map<string, ResourceState>();
  #turn: Promise<unknown> = Promise.resolve();
  /** References to default providers, by package. */
  readonly #defaultProviders = new Map<string, Promise<string>>();
  #stackOutputs: { state: ResourceState; outputs: PropertyMap } | undefined;

  constructor(options: RegistrarOptions) {
    this.#options = options;
  }

  register(goalOf: () => Goal): Promise<ResourceState> {
    return this.#execute(async () => {
      const goal = goalOf();
      const isManaged = goal.custom && goal.type !== `pulumi:providers:${DYNAMIC_PACKAGE}`;
      const withProvider = isManaged ? { ...goal, provider: await this.#providerFor(goal) } : goal;
      return this.#options.planner.register(withProvider);
    });
  }

  read(goal: Goal & { id: string }): Promise<ResourceState> {
    return this.#execute(async () => {
      const provider = await (goal.type === STACK_REFERENCE_TYPE
        ? this.#defaultProvider(ENGINE_PACKAGE, {})
        : this.#providerFor(goal));
      return this.#options.planner.read({ ...goal, provider });
    });
  }

  async registerOutputs(urn: string, outputs: PropertyMap): Promise<void> {
    const { control, report, onOutputs } = this.#options;
    if (control.stopped) throw new StoppedError();
    const state = this.#registered.get(urn);
    if (state === undefined) {
      report.error(`cannot complete a resource '${urn}' whose registration isn't pending`);
      control.stop("failed");
      throw new StoppedError();
    }
    if (typeOf(urn) === ROOT_STACK_TYPE) {
      // They count only once it is known how the operation went.
      this.#stackOutputs = { state, outputs };
      return;
    }
    state.outputs = outputs;
    await onOutputs();
  }

  /** Resolves when nothing is being planned any more. */
  async planned(): Promise<void> {
    await this.#turn;
  }

  /**
   * Records the stack's outputs. After a failure the program may not have come to all of them, so those of
   * before stay unless there are new ones. Returns what the program gave.
   */
  finishStack(failed: boolean): PropertyMap {
    if (this.#stackOutputs === undefined) return {};
    const { state, outputs } = this.#stackOutputs;
    state.outputs = failed ? { ...state.outputs, ...outputs } : outputs;
    return outputs;
  }

  async #execute(plan: () => Promise<Plan>): Promise<ResourceState> {
    const { control, report, executor } = this.#options;
    try {
      const { steps, state } = await this.#inTurn(plan);
      await executor.execute(steps);
      this.#registered.set(state.urn, state);
      return state;
    } catch (error) {
      if (!(error instanceof StoppedError) && !control.stopped) {
        const { message } = error as Error;
        if (message !== "") report.error(message, error instanceof PlanError ? error.urn : undefined);
        control.stop("failed");
      }
      throw error;
    }
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    const result = this.#turn.then(() => {
      if (this.#options.control.stopped) throw new StoppedError();
      return work();
    });
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #providerFor(goal: Goal): Promise<string> {
    if (isProviderType(goal.type) || packageOf(goal.type) !== DYNAMIC_PACKAGE) {
      throw new PlanError(
        `resource '${goal.name}' is of type ${goal.type}: the embedded engine runs dynamic resources only ` +
          `(types that begin with "${DYNAMIC_PACKAGE}:") and reads stack references; run this program with a Pulumi CLI`,
      );
    }
    if (goal.provider !== undefined) return Promise.resolve(goal.provider);
    return this.#defaultProvider(DYNAMIC_PACKAGE, this.#options.providerConfig);
  }

  /** The reference to a default provider, which is registered before the first resource that needs it. */
  #defaultProvider(name: string, inputs: PropertyMap): Promise<string> {
    let reference = this.#defaultProviders.get(name);
    if (reference === undefined) {
      reference = this.#registerDefaultProvider(name, inputs);
      this.#defaultProviders.set(name, reference);
    }
    return reference;
  }

  async #registerDefaultProvider(name: string, inputs: PropertyMap): Promise<string> {
    const { planner, executor } = this.#options;
    const { steps, state } = await planner.register({
      type: `pulumi:providers:${name}`,
      name: "default",
      custom: true,
      inputs,
    });
    await executor.execute(steps);
    return `${state.urn}::${state.id}`;
  }
}
