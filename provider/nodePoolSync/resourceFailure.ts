import type { State } from "./state.ts";

/** What went wrong, with the state to record. Its message is public: secrets are redacted. */
export class ResourceFailure extends Error {
  override readonly name = "ResourceFailure";
  readonly state: State;

  constructor(message: string, state: State) {
    super(message);
    this.state = state;
  }
}
