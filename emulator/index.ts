/**
 * An emulated Huawei Cloud CCE, for tests of stacks without a cloud: `startEmulator()` serves what a node pool sync
 * needs on loopback, and its `environment` leads a program there.
 */

export type { Account, Named } from "./account.ts";
export type { EmulatedCluster } from "./emulatedCluster.ts";
export { type Emulator, startEmulator } from "./emulator.ts";
export type { Effect, Fault, FaultHandle } from "./faults.ts";
export type { JobFailure } from "./jobs.ts";
export type { Limits } from "./limits.ts";
export type {
  EmulatedNode,
  EmulatedPool,
  NodeFailure,
  OthersSync,
  Scaling,
  StartedScaling,
  SyncPace,
} from "./model.ts";
export type { EmulatorOptions, MetadataMode } from "./options.ts";
export { type Profile, type ProfileName, profiles } from "./profiles.ts";
export type { AcceptedSync, CallKind, RequestRecord } from "./requestLog.ts";
export type { NodeReset, ResetCause } from "./resetLog.ts";
export type { Moment, RequestHook } from "./server.ts";
export { type Stage, through } from "./stages.ts";
