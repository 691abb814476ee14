import { isSecret, makeSecret } from "../properties.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { type Control, StoppedError } from "./control.ts";
import { InitFailure } from "./providerErrors.ts";
import type { Report } from "./report.ts";
import type { ResourceState } from "./state.ts";
import type { Step, StepContext } from "./step.ts";

/** Executes steps: reports them, keeps the checkpoint, and stops the operation when one fails. */
export class Executor {
  readonly #context: StepContext;
  readonly #control: Control;
  readonly #report: Report;
  /** Undefined where steps leave no trace in the state: in previews and refreshes. */
  readonly #checkpoint: Checkpoint | undefined;
  readonly #failed: Step[] = [];

  constructor(options: {
    context: StepContext;
    control: Control;
    report: Report;
    checkpoint?: Checkpoint | undefined;
  }) {
    this.#context = options.context;
    this.#control = options.control;
    this.#report = options.report;
    this.#checkpoint = options.checkpoint;
  }

  /** Steps that failed so far. */
  get failed(): readonly Step[] {
    return this.#failed;
  }

  /**
   * Carries out steps one after the other, when there are free slots for them. Rejects with {@link StoppedError} when
   * one fails, which has been reported then, or when the operation is stopped before the last.
   */
  execute(chain: readonly Step[], options: { keepGoing?: boolean } = {}): Promise<void> {
    return this.#control.run(async () => {
      for (const step of chain) {
        if (this.#control.stopped) throw new StoppedError();
        await this.#executeStep(step, options.keepGoing ?? false).catch((error: Error) => {
          if (error instanceof StoppedError) throw error;
          // Not the step but the engine failed, as when the state cannot be written.
          this.#report.error(error.message);
          this.#control.stop("failed");
          throw new StoppedError();
        });
      }
    });
  }

  async #executeStep(step: Step, keepGoing: boolean): Promise<void> {
    this.#report.began(step);
    await this.#checkpoint?.begin(step);
    const failure = await step.apply(this.#context).then(
      () => undefined,
      (error: Error) => error,
    );
    if (this.#control.killed) throw new StoppedError();
    if (step.next !== undefined && !step.marker) hideSecretOutputs(step.next);
    if (failure === undefined) this.#report.succeeded(step);
    else this.#report.failedStep(step, failure);
    await this.#checkpoint?.end(step, failure === undefined || failure instanceof InitFailure);
    if (failure === undefined) return;
    this.#failed.push(step);
    if (!keepGoing) this.#control.stop("failed");
    throw new StoppedError();
  }
}

/** Outputs with the name of a secret input are secrets. */
function hideSecretOutputs(resource: ResourceState): void {
  resource.outputs = Object.fromEntries(
    Object.entries(resource.outputs).map(([key, value]) => [
      key,
      isSecret(resource.inputs[key]) ? makeSecret(value) : value,
    ]),
  );
}
