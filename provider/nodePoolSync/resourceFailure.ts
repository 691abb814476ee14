import type { ErrorCode } from "../errors/codes.ts";
import type { State } from "./state/state.ts";

/** What went wrong, with nothing to record. Its message is public: secrets are redacted. */
export class ResourceRefusal extends Error {
  override readonly name = "Error";
  /** Undefined for a fault of this package. */
  readonly errorCode: ErrorCode | undefined;

  constructor(message: string, errorCode: ErrorCode | undefined) {
    super(message);
    this.errorCode = errorCode;
  }
}

/** What went wrong, with the state to record. Its message is public: secrets are redacted. */
export class ResourceFailure extends Error {
  override readonly name = "ResourceFailure";
  readonly state: State;

  constructor(message: string, state: State) {
    super(message);
    this.state = state;
  }
}
