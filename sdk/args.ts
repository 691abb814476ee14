// Generated from provider/schema.ts and provider/state.ts by `npm run generate`; do not edit.

import type { Input, Output } from "@pulumi/pulumi";

/** The inputs of a NodePoolSync. */
export interface NodePoolSyncArgs {
  /** Id of the cluster. A change means: replace. */
  clusterId: Input<string>;
  /** Id of the node pool, or `DefaultPool` for the nodes that belong to no other pool. A change means: replace. */
  nodePoolId: Input<string>;
  /** How many nodes are reset at a time, 1 to 20. Nodes are unavailable while they are reset: leave enough of them for the pods to move to. A change means: re-sync. */
  maxUnavailable: Input<number>;
  /** Ids of the nodes to synchronize; their order has no meaning. Default: all nodes of the pool. A change means: re-sync. */
  nodeIds?: Input<Input<string>[]>;
  /** Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own. A change means: re-sync. */
  nodeTemplate?: Input<NodeTemplateArgs>;
  /** Whether a node is reset even when its pods cannot be evicted. Left to the service when not given. Known from the vendor's SDKs, newer than the API page. A change means: re-sync. */
  force?: Input<boolean>;
  /** Sent as `retryTimes`, which the vendor's SDKs know without saying what it does. Left out when not given. A change means: re-sync. */
  retryTimes?: Input<number>;
  /** Sent as `skippedNodes`, which the vendor's SDKs know without saying what it does. Left out when not given. A change means: re-sync. */
  skippedNodes?: Input<Input<string>[]>;
  /** Whether storage settings are checked before the sync is accepted; at most 200 nodes with it. The service's default is false. Known from the vendor's SDKs, newer than the API page. A change means: re-sync. */
  validateStorage?: Input<boolean>;
  /** Anything that should cause a new sync when it changes, such as the node pool's own settings; compared by structure, never sent. A change means: re-sync. */
  triggers?: Input<Input<unknown>[] | Record<string, Input<unknown>>>;
  /** Whether to wait until every node is back and up to date. With false, a sync that the service accepted is enough; a later refresh tells how it went. Default: `true`. A change means: nothing. */
  wait?: Input<boolean>;
  /** Region of the cluster. Default: the provider configuration's region. A change means: replace. */
  region?: Input<string>;
  /** Id of the project that holds the cluster. Default: the provider configuration's, or the region's own project. A change means: replace. */
  projectId?: Input<string>;
  /** Address of the CCE service. Plain http is taken for loopback addresses only (the emulator). Default: made from the region. A change means: replace. */
  endpoint?: Input<string>;
}

/** Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own. */
export interface NodeTemplateArgs {
  /** What runs on a node when it is installed anew. */
  lifeCycle: Input<LifeCycleArgs>;
  /** How to log in to a node: exactly one of a key pair and a password. */
  login: Input<LoginArgs>;
  /** How disks are treated. */
  volumeConfig?: Input<VolumeConfigArgs>;
}

/** Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own. */
export interface NodeTemplate {
  /** What runs on a node when it is installed anew. */
  lifeCycle: LifeCycle;
  /** How to log in to a node: exactly one of a key pair and a password. */
  login: Login;
  /** How disks are treated. */
  volumeConfig?: VolumeConfig;
}

/** What runs on a node when it is installed anew. */
export interface LifeCycleArgs {
  /** Script that runs before the node is installed, Base64. Both scripts together may have at most 10240 characters, counted after encoding. `encodeScript` makes it from plain text. */
  preInstall?: Input<string>;
  /** Script that runs after the node is installed, Base64. Both scripts together may have at most 10240 characters, counted after encoding. A script that does not end in time makes the installation of the node fail; use `shutdown -r 1` in it, never `reboot`. */
  postInstall?: Input<string>;
  /** Whether pods are scheduled on the node only after the post-installation script has finished. Left to the service when not given. Known from the vendor's SDKs, newer than the API page. */
  waitPostInstallFinish?: Input<boolean>;
}

/** What runs on a node when it is installed anew. */
export interface LifeCycle {
  /** Script that runs before the node is installed, Base64. Both scripts together may have at most 10240 characters, counted after encoding. `encodeScript` makes it from plain text. */
  preInstall?: string;
  /** Script that runs after the node is installed, Base64. Both scripts together may have at most 10240 characters, counted after encoding. A script that does not end in time makes the installation of the node fail; use `shutdown -r 1` in it, never `reboot`. */
  postInstall?: string;
  /** Whether pods are scheduled on the node only after the post-installation script has finished. Left to the service when not given. Known from the vendor's SDKs, newer than the API page. */
  waitPostInstallFinish?: boolean;
}

/** How to log in to a node: exactly one of a key pair and a password. */
export type LoginArgs = LoginWithSshKeyArgs | LoginWithUserPasswordArgs;

/** How to log in to a node: exactly one of a key pair and a password. This one has `sshKey`. */
export interface LoginWithSshKeyArgs {
  /** Name of the key pair used for login. */
  sshKey: Input<string>;
  /** Not together with `sshKey`. */
  userPassword?: undefined;
}

/** How to log in to a node: exactly one of a key pair and a password. This one has `userPassword`. */
export interface LoginWithUserPasswordArgs {
  /** Login with a password. */
  userPassword: Input<UserPasswordArgs>;
}

/** How to log in to a node: exactly one of a key pair and a password. */
export interface Login {
  /** Name of the key pair used for login. */
  sshKey?: string;
  /** Login with a password. */
  userPassword?: UserPassword;
}

/** Login with a password. */
export interface UserPasswordArgs {
  /** Login account. Default: `root`. */
  username?: Input<string>;
  /** Login password, always kept as a secret: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted (SHA-512 crypt with a fresh random salt, Base64). A password that is salted already passes through. */
  password: Input<string>;
}

/** Login with a password. */
export interface UserPassword {
  /** Login account. Default: `root`. */
  username?: string;
  /** Login password, always kept as a secret: 8 to 26 characters, at least three of uppercase letters, lowercase letters, digits and the special characters `!@$%^-_=+[{}]:,./?~#*`, without the user name forwards or backwards. It is sent salted (SHA-512 crypt with a fresh random salt, Base64). A password that is salted already passes through. */
  password: string;
}

/** How disks are treated. */
export interface VolumeConfigArgs {
  /** What becomes of data disks: `reset_managed_volumes` (the service's default) clears those that CCE manages, `retain_custom_volumes` keeps custom ones and needs a recent cluster version. Known from the vendor's SDKs, newer than the API page. */
  volumeResetPolicy?: Input<"reset_managed_volumes" | "retain_custom_volumes">;
}

/** How disks are treated. */
export interface VolumeConfig {
  /** What becomes of data disks: `reset_managed_volumes` (the service's default) clears those that CCE manages, `retain_custom_volumes` keeps custom ones and needs a recent cluster version. Known from the vendor's SDKs, newer than the API page. */
  volumeResetPolicy?: "reset_managed_volumes" | "retain_custom_volumes";
}

/** A node that a sync did not bring up to date. */
export interface FailedNode {
  /** The node's id. */
  id: string;
  /** The node's name. */
  name: string;
  /** What the service says of it, or its phase. */
  reason: string;
}

/** The outputs of a NodePoolSync. */
export interface NodePoolSyncOutputs {
  /** Id of the cluster. A change means: replace. */
  readonly clusterId: Output<string>;
  /** Id of the node pool, or `DefaultPool` for the nodes that belong to no other pool. A change means: replace. */
  readonly nodePoolId: Output<string>;
  /** How many nodes are reset at a time, 1 to 20. Nodes are unavailable while they are reset: leave enough of them for the pods to move to. A change means: re-sync. */
  readonly maxUnavailable: Output<number>;
  /** Ids of the nodes to synchronize; their order has no meaning. Default: all nodes of the pool. A change means: re-sync. */
  readonly nodeIds: Output<string[] | undefined>;
  /** Settings for the nodes that are reset. Needed for `DefaultPool`, which has no settings of its own; other pools bring their own. A change means: re-sync. */
  readonly nodeTemplate: Output<NodeTemplate | undefined>;
  /** Whether a node is reset even when its pods cannot be evicted. Left to the service when not given. Known from the vendor's SDKs, newer than the API page. A change means: re-sync. */
  readonly force: Output<boolean | undefined>;
  /** Sent as `retryTimes`, which the vendor's SDKs know without saying what it does. Left out when not given. A change means: re-sync. */
  readonly retryTimes: Output<number | undefined>;
  /** Sent as `skippedNodes`, which the vendor's SDKs know without saying what it does. Left out when not given. A change means: re-sync. */
  readonly skippedNodes: Output<string[] | undefined>;
  /** Whether storage settings are checked before the sync is accepted; at most 200 nodes with it. The service's default is false. Known from the vendor's SDKs, newer than the API page. A change means: re-sync. */
  readonly validateStorage: Output<boolean | undefined>;
  /** Anything that should cause a new sync when it changes, such as the node pool's own settings; compared by structure, never sent. A change means: re-sync. */
  readonly triggers: Output<unknown[] | Record<string, unknown> | undefined>;
  /** Whether to wait until every node is back and up to date. With false, a sync that the service accepted is enough; a later refresh tells how it went. Default: `true`. A change means: nothing. */
  readonly wait: Output<boolean>;
  /** Region of the cluster. Default: the provider configuration's region. A change means: replace. */
  readonly region: Output<string | undefined>;
  /** Id of the project that holds the cluster. Default: the provider configuration's, or the region's own project. A change means: replace. */
  readonly projectId: Output<string | undefined>;
  /** Address of the CCE service. Plain http is taken for loopback addresses only (the emulator). Default: made from the region. A change means: replace. */
  readonly endpoint: Output<string | undefined>;
  /** Where the sync stands: `accepted` (the service took it, and nobody waited), `inProgress` (it runs, or its end was not seen), `synced` (every target was seen up to date) or `failed`. */
  readonly status: Output<"accepted" | "inProgress" | "synced" | "failed">;
  /** Id of the service's job, when it gave one. */
  readonly jobId: Output<string | undefined>;
  /** When the service accepted the sync, ISO 8601. */
  readonly acceptedAt: Output<string | undefined>;
  /** When the sync was seen finished, ISO 8601. */
  readonly finishedAt: Output<string | undefined>;
  /** How many nodes the sync is about. */
  readonly targetNodeCount: Output<number | undefined>;
  /** How many of them were seen up to date. */
  readonly syncedNodeCount: Output<number | undefined>;
  /** The nodes that the sync did not bring up to date, and why. */
  readonly failedNodes: Output<FailedNode[]>;
  /** Ids of nodes that a refresh found behind their pool's configuration; the next `up` synchronizes them. */
  readonly outdatedNodeIds: Output<string[]>;
}

/** The names of all properties of a NodePoolSync. */
export const propertyNames = [
  "clusterId",
  "nodePoolId",
  "maxUnavailable",
  "nodeIds",
  "nodeTemplate",
  "force",
  "retryTimes",
  "skippedNodes",
  "validateStorage",
  "triggers",
  "wait",
  "region",
  "projectId",
  "endpoint",
  "status",
  "jobId",
  "acceptedAt",
  "finishedAt",
  "targetNodeCount",
  "syncedNodeCount",
  "failedNodes",
  "outdatedNodeIds",
] as const;
