import type { Properties } from "../util/wire.ts";

/** A failure after which there is something to record: the engine keeps the resource, and updates it next time. */
export class InitFailure extends Error {
  override readonly name = "InitFailure";
  readonly id: string;
  readonly outputs: Properties;
  /** What a refresh found; of a create or update the engine knows them itself. */
  readonly inputs: Properties | undefined;
  /** At least one: without a reason, the engine takes the resource for a healthy one. They are recorded in plain text. */
  readonly reasons: readonly [string, ...string[]];

  constructor(id: string, outputs: Properties, reasons: InitFailure["reasons"], inputs?: Properties) {
    super(reasons[0]);
    this.id = id;
    this.outputs = outputs;
    this.inputs = inputs;
    this.reasons = reasons;
  }
}
