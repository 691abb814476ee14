import "../provider/util/nodeVersion.ts";

export { type ErrorCode, errorCodes } from "../provider/errors/codes.ts";
export type {
  FailedNode,
  LifeCycle,
  LifeCycleArgs,
  Login,
  LoginArgs,
  LoginWithSshKeyArgs,
  LoginWithUserPasswordArgs,
  NodePoolSyncArgs,
  NodePoolSyncOutputs,
  NodeTemplate,
  NodeTemplateArgs,
  Rollout,
  RolloutArgs,
  RolloutWithCanaryArgs,
  RolloutWithWaveSizeArgs,
  RolloutWithZoneByZoneArgs,
  UserPassword,
  UserPasswordArgs,
  VolumeConfig,
  VolumeConfigArgs,
} from "./args.ts";
export { encodeScript } from "./encodeScript.ts";
export { getNodePool, getNodePoolOutput } from "./getNodePool.ts";
export type {
  GetNodePoolArgs,
  GetNodePoolOutputArgs,
  GetNodePoolResult,
  PoolNode,
} from "./getNodePoolArgs.ts";
export { NodePoolSync } from "./nodePoolSync.ts";
export { Provider } from "./provider.ts";
export type { ProviderArgs } from "./providerArgs.ts";
