/**
 * An emulated Huawei Cloud CCE, for tests of stacks without a cloud: `startEmulator()` serves what a node pool sync
 * needs on loopback, and its `environment` leads a program there.
 */

export type { EmulatedCluster } from "./cluster/emulatedCluster.ts";
export type { JobFailure } from "./cluster/jobs.ts";
export type {
  EmulatedNode,
  EmulatedPool,
  NodeFailure,
  OthersSync,
  Scaling,
  StartedScaling,
  SyncPace,
} from "./cluster/model.ts";
export { type Profile, type ProfileName, profiles } from "./cluster/profiles.ts";
export type { AcceptedSync, CallKind, RequestRecord } from "./cluster/requestLog.ts";
export type { NodeReset, ResetCause } from "./cluster/resetLog.ts";
export { type Stage, through } from "./cluster/stages.ts";
export { type Emulator, startEmulator } from "./emulator.ts";
export type { Account, Named } from "./http/account.ts";
export type { Effect, Fault, FaultHandle } from "./http/faults.ts";
export type { Limits } from "./http/limits.ts";
export type { Moment, RequestHook } from "./http/server.ts";
export type { MetadataMode } from "./http/serviceContext.ts";
export type { EmulatorOptions } from "./options.ts";
