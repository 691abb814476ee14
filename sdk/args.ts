// Generated from provider/nodePoolSync/ by `npm run generate`; do not edit.

import type { Input, Output } from "@pulumi/pulumi";

/** The inputs of a NodePoolSync. */
export interface NodePoolSyncArgs {
  /** ID of the cluster. A change replaces the resource. */
  clusterId: Input<string>;
  /** ID of the node pool, or `DefaultPool` for the nodes that belong to no other pool, which requires `nodeTemplate`. A change replaces the resource. */
  nodePoolId: Input<string>;
  /** How many nodes are reset at a time: 1 to 20, or a percentage such as `"20%"` of the selected nodes that exist when the request is sent, rounded down, at least 1 and at most 20. A node is unavailable while it is reset: leave enough of them for the pods to move to. A change resets nothing; later resets follow it. */
  maxUnavailable: Input<number | string>;
  /** IDs of the nodes to synchronize, in any order; each must be in the pool. Not together with `excludeNodeIds`. Default: all nodes of the pool. A change resets nothing but newly selected nodes that need it (see `onCreate`). */
  nodeIds?: Input<Input<string>[]>;
  /** IDs of nodes to leave out, in any order; IDs that are not in the pool are ignored. Not together with `nodeIds`. Default: no node. A change resets nothing but newly selected nodes that need it (see `onCreate`). */
  excludeNodeIds?: Input<Input<string>[]>;
  /** Settings for the nodes that are reset. Required for `DefaultPool`, which has no settings of its own; other pools bring their own. No answer of the service shows whether a node has them. A change resets nodes (see `onChange`). */
  nodeTemplate?: Input<NodeTemplateArgs>;
  /** An array or map of anything that should cause a new sync when it changes, such as the pool's own settings. Compared by structure, assets and archives by their hash. Put no secrets in it: the state keeps a digest of it that is not encrypted. Default: none. A change resets nodes (see `onChange`). */
  triggers?: Input<Input<unknown>[] | Record<string, Input<unknown>>>;
  /** Whether a node is reset even when its pods cannot be evicted. From the vendor's SDKs; not on the API page. Default: not sent. A change resets nothing; later resets follow it. */
  force?: Input<boolean>;
  /** Whether the service checks storage settings before it accepts a sync, which may then have at most 200 nodes. From the vendor's SDKs; not on the API page. Default: not sent; the service uses false. A change resets nothing; later resets follow it. */
  validateStorage?: Input<boolean>;
  /** Which nodes to reset when the resource is created, and when a node is newly selected: `outdated` (those that do not report being up to date), `all`, or `nothing` (adopt the pool as it is). CCE reports about OS and container engine only; with a `nodeTemplate`, `outdated` means `all`. Default: `outdated`. A change resets nothing; later resets follow it. */
  onCreate?: Input<"outdated" | "all" | "nothing">;
  /** Which nodes to reset when `nodeTemplate` or `triggers` change: `all`, or `outdated` (those that do not report being up to date). With a `nodeTemplate`, `outdated` means `all`. Default: `all`. A change resets nothing; later resets follow it. */
  onChange?: Input<"all" | "outdated">;
  /** Whether to wait until every node is proven to have been reset. With false, the run ends when the service has accepted the sync; a later `pulumi refresh` says how it went. Default: `true`. A change resets nothing; later resets follow it. */
  wait?: Input<boolean>;
  /** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. Default: one request for all nodes. A change resets nothing; later resets follow it. */
  rollout?: Input<RolloutArgs>;
  /** Region of the cluster. Default: the provider configuration's region. A change resets nothing; it says where to look for the pool. */
  region?: Input<string>;
  /** ID of the project that holds the cluster. Default: the provider configuration's, or the region's own project. A change resets nothing; it says where to look for the pool. */
  projectId?: Input<string>;
  /** URL of the CCE service. Plain http is accepted for loopback addresses only (the emulator). Default: made from the region. A change resets nothing; it says where to look for the pool. */
  endpoint?: Input<string>;
}

/** Settings for the nodes that are reset. Required for `DefaultPool`, which has no settings of its own; other pools bring their own. No answer of the service shows whether a node has them. */
export interface NodeTemplateArgs {
  /** Scripts that run when the node is reinstalled. */
  lifeCycle: Input<LifeCycleArgs>;
  /** How to log in to the node: exactly one of a key pair and a password. */
  login: Input<LoginArgs>;
  /** How disks are treated. */
  volumeConfig?: Input<VolumeConfigArgs>;
}

/** Settings for the nodes that are reset. Required for `DefaultPool`, which has no settings of its own; other pools bring their own. No answer of the service shows whether a node has them. */
export interface NodeTemplate {
  /** Scripts that run when the node is reinstalled. */
  lifeCycle: LifeCycle;
  /** How to log in to the node: exactly one of a key pair and a password. */
  login: Login;
  /** How disks are treated. */
  volumeConfig?: VolumeConfig;
}

/** Scripts that run when the node is reinstalled. */
export interface LifeCycleArgs {
  /** Script that runs before the node is installed, as Base64 (`encodeScript` makes it from plain text). Both scripts together may have at most 10240 characters of Base64. */
  preInstall?: Input<string>;
  /** Script that runs after the node is installed, as Base64 (`encodeScript` makes it from plain text). Both scripts together may have at most 10240 characters of Base64. If it does not finish in time, the node's installation fails. To restart the node, use `shutdown -r 1`, never `reboot`. */
  postInstall?: Input<string>;
  /** Whether pods are scheduled on the node only after the post-installation script has finished. For the nodes of a pool with settings of its own, the pool's setting wins. From the vendor's SDKs; not on the API page. Default: not sent; the service uses false. */
  waitPostInstallFinish?: Input<boolean>;
}

/** Scripts that run when the node is reinstalled. */
export interface LifeCycle {
  /** Script that runs before the node is installed, as Base64 (`encodeScript` makes it from plain text). Both scripts together may have at most 10240 characters of Base64. */
  preInstall?: string;
  /** Script that runs after the node is installed, as Base64 (`encodeScript` makes it from plain text). Both scripts together may have at most 10240 characters of Base64. If it does not finish in time, the node's installation fails. To restart the node, use `shutdown -r 1`, never `reboot`. */
  postInstall?: string;
  /** Whether pods are scheduled on the node only after the post-installation script has finished. For the nodes of a pool with settings of its own, the pool's setting wins. From the vendor's SDKs; not on the API page. Default: not sent; the service uses false. */
  waitPostInstallFinish?: boolean;
}

/** How to log in to the node: exactly one of a key pair and a password. */
export type LoginArgs = LoginWithSshKeyArgs | LoginWithUserPasswordArgs;

/** How to log in to the node: exactly one of a key pair and a password. This one has `sshKey`. */
export interface LoginWithSshKeyArgs {
  /** Name of the key pair for login. */
  sshKey: Input<string>;
  /** Not together with `sshKey`. */
  userPassword?: undefined;
}

/** How to log in to the node: exactly one of a key pair and a password. This one has `userPassword`. */
export interface LoginWithUserPasswordArgs {
  /** Login with a password. */
  userPassword: Input<UserPasswordArgs>;
}

/** How to log in to the node: exactly one of a key pair and a password. */
export interface Login {
  /** Name of the key pair for login. */
  sshKey?: string;
  /** Login with a password. */
  userPassword?: UserPassword;
}

/** Login with a password. */
export interface UserPasswordArgs {
  /** Login account. Default: `root`. */
  username?: Input<string>;
  /** Login password: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted, with a new random salt for each request. A password that is salted already (Base64 of a SHA-512 crypt text, as `openssl passwd -6 | base64` prints) is sent as it is. It is an encrypted secret among the resource's inputs and not among its outputs; the state keeps a digest to see whether it has changed. */
  password: Input<string>;
}

/** Login with a password. */
export interface UserPassword {
  /** Login account. Default: `root`. */
  username: string;
}

/** How disks are treated. */
export interface VolumeConfigArgs {
  /** What happens to data disks: `reset_managed_volumes` clears those that CCE manages; `retain_custom_volumes` keeps custom ones and needs a recent cluster version. From the vendor's SDKs; not on the API page. Default: not sent; the service uses `reset_managed_volumes`. */
  volumeResetPolicy?: Input<"reset_managed_volumes" | "retain_custom_volumes">;
}

/** How disks are treated. */
export interface VolumeConfig {
  /** What happens to data disks: `reset_managed_volumes` clears those that CCE manages; `retain_custom_volumes` keeps custom ones and needs a recent cluster version. From the vendor's SDKs; not on the API page. Default: not sent; the service uses `reset_managed_volumes`. */
  volumeResetPolicy?: "reset_managed_volumes" | "retain_custom_volumes";
}

/** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. */
export type RolloutArgs = RolloutWithCanaryArgs | RolloutWithWaveSizeArgs | RolloutWithZoneByZoneArgs;

/** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. This one has `canary`. */
export interface RolloutWithCanaryArgs {
  /** How many nodes the first wave of each run has, such as `1` or `"10%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Nodes that failed in the run before come first. Default: as many as `waveSize`. */
  canary: Input<number | string>;
  /** How many nodes each wave after the canary has, such as `5` or `"25%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Default: all nodes that are left. */
  waveSize?: Input<number | string>;
  /** Whether no wave may span two availability zones. One zone is finished before the next begins; nodes that do not say which zone they are in come last. Default: false. */
  zoneByZone?: Input<boolean>;
  /** How long the nodes of a wave must stay healthy before the next wave begins, such as `"90s"`, `"10m"` or `"1h30m"`, at most 24 hours. A node that leaves the phase `Active`, reports being outdated or disappears has failed. There is no soak after the last wave. Default: no soak. */
  soak?: Input<string>;
  /** How many nodes may fail in one run before no further wave begins, soaks included. Even within this number, the run ends as `failed`. Default: 0. */
  maxFailures?: Input<number>;
}

/** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. This one has `waveSize`. */
export interface RolloutWithWaveSizeArgs {
  /** How many nodes the first wave of each run has, such as `1` or `"10%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Nodes that failed in the run before come first. Default: as many as `waveSize`. */
  canary?: Input<number | string>;
  /** How many nodes each wave after the canary has, such as `5` or `"25%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Default: all nodes that are left. */
  waveSize: Input<number | string>;
  /** Whether no wave may span two availability zones. One zone is finished before the next begins; nodes that do not say which zone they are in come last. Default: false. */
  zoneByZone?: Input<boolean>;
  /** How long the nodes of a wave must stay healthy before the next wave begins, such as `"90s"`, `"10m"` or `"1h30m"`, at most 24 hours. A node that leaves the phase `Active`, reports being outdated or disappears has failed. There is no soak after the last wave. Default: no soak. */
  soak?: Input<string>;
  /** How many nodes may fail in one run before no further wave begins, soaks included. Even within this number, the run ends as `failed`. Default: 0. */
  maxFailures?: Input<number>;
}

/** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. This one has `zoneByZone`. */
export interface RolloutWithZoneByZoneArgs {
  /** How many nodes the first wave of each run has, such as `1` or `"10%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Nodes that failed in the run before come first. Default: as many as `waveSize`. */
  canary?: Input<number | string>;
  /** How many nodes each wave after the canary has, such as `5` or `"25%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Default: all nodes that are left. */
  waveSize?: Input<number | string>;
  /** Whether no wave may span two availability zones. One zone is finished before the next begins; nodes that do not say which zone they are in come last. Default: false. */
  zoneByZone: Input<boolean>;
  /** How long the nodes of a wave must stay healthy before the next wave begins, such as `"90s"`, `"10m"` or `"1h30m"`, at most 24 hours. A node that leaves the phase `Active`, reports being outdated or disappears has failed. There is no soak after the last wave. Default: no soak. */
  soak?: Input<string>;
  /** How many nodes may fail in one run before no further wave begins, soaks included. Even within this number, the run ends as `failed`. Default: 0. */
  maxFailures?: Input<number>;
}

/** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. */
export interface Rollout {
  /** How many nodes the first wave of each run has, such as `1` or `"10%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Nodes that failed in the run before come first. Default: as many as `waveSize`. */
  canary?: number | string;
  /** How many nodes each wave after the canary has, such as `5` or `"25%"`. A percentage is of the selected nodes that exist when the wave begins, rounded down, at least 1. Default: all nodes that are left. */
  waveSize?: number | string;
  /** Whether no wave may span two availability zones. One zone is finished before the next begins; nodes that do not say which zone they are in come last. Default: false. */
  zoneByZone?: boolean;
  /** How long the nodes of a wave must stay healthy before the next wave begins, such as `"90s"`, `"10m"` or `"1h30m"`, at most 24 hours. A node that leaves the phase `Active`, reports being outdated or disappears has failed. There is no soak after the last wave. Default: no soak. */
  soak?: string;
  /** How many nodes may fail in one run before no further wave begins, soaks included. Even within this number, the run ends as `failed`. Default: 0. */
  maxFailures?: number;
}

/** A node that the sync did not bring up to date. */
export interface FailedNode {
  /** The node's ID. */
  id: string;
  /** The node's name. */
  name: string;
  /** What the service says about it, or its phase. */
  reason: string;
}

/** The outputs of a NodePoolSync. */
export interface NodePoolSyncOutputs {
  /** ID of the cluster. A change replaces the resource. */
  readonly clusterId: Output<string>;
  /** ID of the node pool, or `DefaultPool` for the nodes that belong to no other pool, which requires `nodeTemplate`. A change replaces the resource. */
  readonly nodePoolId: Output<string>;
  /** How many nodes are reset at a time: 1 to 20, or a percentage such as `"20%"` of the selected nodes that exist when the request is sent, rounded down, at least 1 and at most 20. A node is unavailable while it is reset: leave enough of them for the pods to move to. A change resets nothing; later resets follow it. */
  readonly maxUnavailable: Output<number | string>;
  /** IDs of the nodes to synchronize, in any order; each must be in the pool. Not together with `excludeNodeIds`. Default: all nodes of the pool. A change resets nothing but newly selected nodes that need it (see `onCreate`). */
  readonly nodeIds: Output<string[] | undefined>;
  /** IDs of nodes to leave out, in any order; IDs that are not in the pool are ignored. Not together with `nodeIds`. Default: no node. A change resets nothing but newly selected nodes that need it (see `onCreate`). */
  readonly excludeNodeIds: Output<string[] | undefined>;
  /** Settings for the nodes that are reset. Required for `DefaultPool`, which has no settings of its own; other pools bring their own. No answer of the service shows whether a node has them. A change resets nodes (see `onChange`). */
  readonly nodeTemplate: Output<NodeTemplate | undefined>;
  /** An array or map of anything that should cause a new sync when it changes, such as the pool's own settings. Compared by structure, assets and archives by their hash. Put no secrets in it: the state keeps a digest of it that is not encrypted. Default: none. A change resets nodes (see `onChange`). */
  readonly triggers: Output<unknown[] | Record<string, unknown> | undefined>;
  /** Whether a node is reset even when its pods cannot be evicted. From the vendor's SDKs; not on the API page. Default: not sent. A change resets nothing; later resets follow it. */
  readonly force: Output<boolean | undefined>;
  /** Whether the service checks storage settings before it accepts a sync, which may then have at most 200 nodes. From the vendor's SDKs; not on the API page. Default: not sent; the service uses false. A change resets nothing; later resets follow it. */
  readonly validateStorage: Output<boolean | undefined>;
  /** Which nodes to reset when the resource is created, and when a node is newly selected: `outdated` (those that do not report being up to date), `all`, or `nothing` (adopt the pool as it is). CCE reports about OS and container engine only; with a `nodeTemplate`, `outdated` means `all`. Default: `outdated`. A change resets nothing; later resets follow it. */
  readonly onCreate: Output<"outdated" | "all" | "nothing">;
  /** Which nodes to reset when `nodeTemplate` or `triggers` change: `all`, or `outdated` (those that do not report being up to date). With a `nodeTemplate`, `outdated` means `all`. Default: `all`. A change resets nothing; later resets follow it. */
  readonly onChange: Output<"all" | "outdated">;
  /** Whether to wait until every node is proven to have been reset. With false, the run ends when the service has accepted the sync; a later `pulumi refresh` says how it went. Default: `true`. A change resets nothing; later resets follow it. */
  readonly wait: Output<boolean>;
  /** Resets the nodes in waves, each one request: a wave begins when all nodes of the one before are proven to have been reset and have stayed healthy. At least one of `canary`, `waveSize` and `zoneByZone` makes the waves. Requires `wait`. Default: one request for all nodes. A change resets nothing; later resets follow it. */
  readonly rollout: Output<Rollout | undefined>;
  /** Region of the cluster. Default: the provider configuration's region. A change resets nothing; it says where to look for the pool. */
  readonly region: Output<string | undefined>;
  /** ID of the project that holds the cluster. Default: the provider configuration's, or the region's own project. A change resets nothing; it says where to look for the pool. */
  readonly projectId: Output<string | undefined>;
  /** URL of the CCE service. Plain http is accepted for loopback addresses only (the emulator). Default: made from the region. A change resets nothing; it says where to look for the pool. */
  readonly endpoint: Output<string | undefined>;
  /** State of the sync: `accepted` (the service accepted it, and the run did not wait), `inProgress` (it is running, or its end was not seen), `synced` (every node that needed a reset when the run began is proven to have been reset) or `failed`. */
  readonly status: Output<"accepted" | "inProgress" | "synced" | "failed">;
  /** ID of the service's job, if it gave one. */
  readonly jobId: Output<string | undefined>;
  /** When the service accepted the sync, ISO 8601. */
  readonly acceptedAt: Output<string | undefined>;
  /** When the sync was seen finished, ISO 8601. */
  readonly finishedAt: Output<string | undefined>;
  /** How many nodes needed a reset. */
  readonly targetNodeCount: Output<number | undefined>;
  /** How many of them are proven to have been reset. */
  readonly syncedNodeCount: Output<number | undefined>;
  /** How many selected nodes were not reset because they reported being up to date. Left out from the first change of `triggers` or `nodeTemplate` on. */
  readonly skippedNodeCount: Output<number | undefined>;
  /** The nodes that the sync did not bring up to date, and why. */
  readonly failedNodes: Output<FailedNode[]>;
  /** IDs of selected nodes that report being outdated, apart from those that a sync has yet to reset. The next `up` resets them, except those that are left as they are: adopted with `onCreate: "nothing"`, or still reporting it after a second reset. */
  readonly outdatedNodeIds: Output<string[]>;
}

/** The names of all properties of a NodePoolSync. */
export const propertyNames = [
  "clusterId",
  "nodePoolId",
  "maxUnavailable",
  "nodeIds",
  "excludeNodeIds",
  "nodeTemplate",
  "triggers",
  "force",
  "validateStorage",
  "onCreate",
  "onChange",
  "wait",
  "rollout",
  "region",
  "projectId",
  "endpoint",
  "status",
  "jobId",
  "acceptedAt",
  "finishedAt",
  "targetNodeCount",
  "syncedNodeCount",
  "skippedNodeCount",
  "failedNodes",
  "outdatedNodeIds",
] as const;
