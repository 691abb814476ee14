export { findCli } from "./cli/find.ts";
export { embeddedEngine } from "./embedded/engine.ts";
export type {
  Deployment,
  Diagnostic,
  Engine,
  Operation,
  Result,
  ResultStep,
  Stack,
  StackConfig,
  StackOptions,
  StateResource,
  StepOp,
} from "./types.ts";
export { LOCAL_PASSPHRASE } from "./types.ts";
