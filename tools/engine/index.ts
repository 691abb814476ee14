export { findCli } from "./cli/find.ts";
export { embeddedEngine } from "./embedded/engine.ts";
export type {
  Diagnostic,
  Engine,
  Operation,
  Result,
  Stack,
  StackOptions,
  StateResource,
} from "./types.ts";
