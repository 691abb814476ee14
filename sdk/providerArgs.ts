// Generated from provider/config/definitions.ts by `npm run generate`; do not edit.

import type { Input } from "@pulumi/pulumi";

/** The settings of a Provider. What is left out comes from the environment, as in docs/credentials.md. */
export interface ProviderArgs {
  /** Region of the clusters, such as `eu-west-101`. A resource's input `region` takes precedence. */
  region?: Input<string | undefined>;
  /** Domain of the cloud, from which the services' addresses are made. Default: `myhuaweicloud.com`, or `myhuaweicloud.eu` for regions that begin with `eu-west-1`. */
  cloud?: Input<string | undefined>;
  /** Addresses by service (`cce`, `iam`, `sts`, `metadata`), such as `https://cce.example.com`. Plain http is accepted for loopback addresses only, and for `metadata` at a link-local address. Default: made from region and cloud. */
  endpoints?: Input<Record<string, Input<string>> | undefined>;
  /** Address of IAM, with or without `/v3`. `endpoints.iam` takes precedence. Default: made from region and cloud. */
  authUrl?: Input<string | undefined>;
  /** ID of the project that holds the clusters. A resource's input `projectId` takes precedence. Default: looked up by the project's name. */
  projectId?: Input<string | undefined>;
  /** Name of the project that holds the clusters. Default: that of the region. */
  projectName?: Input<string | undefined>;
  /** A project token that was obtained elsewhere. It cannot be renewed, so it must outlive the sync. Encrypted in the state. */
  token?: Input<string | undefined>;
  /** Access key ID. Requires `secretKey`. */
  accessKey?: Input<string | undefined>;
  /** Secret access key. Requests are signed with it; it is never sent. Encrypted in the state. */
  secretKey?: Input<string | undefined>;
  /** Security token that belongs to a temporary access key. Encrypted in the state. */
  securityToken?: Input<string | undefined>;
  /** Name of an IAM user. Requires `password`, and `domainName` or `domainId`. */
  userName?: Input<string | undefined>;
  /** ID of an IAM user. Requires `password`. */
  userId?: Input<string | undefined>;
  /** Password of the IAM user. Encrypted in the state. */
  password?: Input<string | undefined>;
  /** Name of the account (domain) that the IAM user belongs to. */
  domainName?: Input<string | undefined>;
  /** ID of the account (domain) that the IAM user belongs to. */
  domainId?: Input<string | undefined>;
  /** Path of the configuration file of the vendor's command line. Default: `~/.hcloud/config.json`, if `profile` is set. */
  sharedConfigFile?: Input<string | undefined>;
  /** Name of a profile in the shared configuration file. Default: the file's current profile, if `sharedConfigFile` is set. */
  profile?: Input<string | undefined>;
  /** Name of the agency whose role is assumed. Requires the account that created it, by name or by ID. */
  assumeRoleAgencyName?: Input<string | undefined>;
  /** Name of the account (domain) that created the agency. */
  assumeRoleDomainName?: Input<string | undefined>;
  /** ID of the account (domain) that created the agency. */
  assumeRoleDomainId?: Input<string | undefined>;
  /** How long the role's temporary keys are valid, in seconds: 900 to 86,400. Default: 43,200. */
  assumeRoleDuration?: Input<number | undefined>;
  /** Whether any certificate is accepted. Then anyone between this machine and the service can read and change all traffic; every run warns about it. Default: `false`. */
  insecure?: Input<boolean | undefined>;
  /** Certificates of the only issuers to trust (PEM: a path, or the text). Default: the issuers that Node trusts. */
  cacertFile?: Input<string | undefined>;
  /** Client certificate (PEM: a path, or the text). Requires `key`. */
  cert?: Input<string | undefined>;
  /** Key of the client certificate (PEM: a path, or the text). Requires `cert`. Encrypted in the state. */
  key?: Input<string | undefined>;
  /** Seconds between two reads of a cluster at first; grows to three times as much. At most 60. Default: 5. */
  pollInterval?: Input<number | undefined>;
  /** Requests that read, per second. At most 1,000. Default: 20. */
  readsPerSecond?: Input<number | undefined>;
  /** Requests that change something, per minute. At most 100,000. Default: 10, the limit seen at the service for each user. */
  writesPerMinute?: Input<number | undefined>;
  /** Seconds within which an answer must be complete. At most 600. Default: 120, because CCE can be slow. */
  requestTimeout?: Input<number | undefined>;
}

/** The key of each setting in the configuration that the provider gets, and whether its value is a secret. */
export const providerKeys: Readonly<Record<keyof ProviderArgs, { readonly key: string; readonly secret: boolean }>> = {
  region: { key: "huaweicloud:region", secret: false },
  cloud: { key: "huaweicloud:cloud", secret: false },
  endpoints: { key: "huaweicloud:endpoints", secret: false },
  authUrl: { key: "huaweicloud:authUrl", secret: false },
  projectId: { key: "huaweicloud:projectId", secret: false },
  projectName: { key: "huaweicloud:projectName", secret: false },
  token: { key: "huaweicloud:token", secret: true },
  accessKey: { key: "huaweicloud:accessKey", secret: false },
  secretKey: { key: "huaweicloud:secretKey", secret: true },
  securityToken: { key: "huaweicloud:securityToken", secret: true },
  userName: { key: "huaweicloud:userName", secret: false },
  userId: { key: "huaweicloud:userId", secret: false },
  password: { key: "huaweicloud:password", secret: true },
  domainName: { key: "huaweicloud:domainName", secret: false },
  domainId: { key: "huaweicloud:domainId", secret: false },
  sharedConfigFile: { key: "huaweicloud:sharedConfigFile", secret: false },
  profile: { key: "huaweicloud:profile", secret: false },
  assumeRoleAgencyName: { key: "huaweicloud:assumeRole.agencyName", secret: false },
  assumeRoleDomainName: { key: "huaweicloud:assumeRole.domainName", secret: false },
  assumeRoleDomainId: { key: "huaweicloud:assumeRole.domainId", secret: false },
  assumeRoleDuration: { key: "huaweicloud:assumeRole.duration", secret: false },
  insecure: { key: "huaweicloud:insecure", secret: false },
  cacertFile: { key: "huaweicloud:cacertFile", secret: false },
  cert: { key: "huaweicloud:cert", secret: false },
  key: { key: "huaweicloud:key", secret: true },
  pollInterval: { key: "cce-nodepool-sync:pollInterval", secret: false },
  readsPerSecond: { key: "cce-nodepool-sync:readsPerSecond", secret: false },
  writesPerMinute: { key: "cce-nodepool-sync:writesPerMinute", secret: false },
  requestTimeout: { key: "cce-nodepool-sync:requestTimeout", secret: false },
};

/** The key under which the provider gets its own name. */
export const instanceKey = "cce-nodepool-sync:instance";
