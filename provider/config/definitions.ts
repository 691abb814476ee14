/**
 * Every setting that this package knows: the one table from which configuration is read, the settings of a provider
 * instance are typed, and the plugin's schema is made. Plain data, so that a program can load it too.
 */

/** What a setting is, and where it is found. */
export interface SettingDefinition {
  /** Its meaning with units and limits, as Markdown sentences; the default stands in {@link defaultText}. */
  readonly description: string;
  /** Environment variables, from the first to the last. */
  readonly variables: readonly string[];
  /** Further names of its key in the Pulumi configuration; its own goes first. */
  readonly aliases?: readonly string[];
  /** The type of its value; in the Pulumi configuration every value is a text. Default: `string`. */
  readonly type?: "string" | "boolean" | "integer" | "number" | "addresses";
  /** Whether its value must never be shown; such a value is not trimmed either. */
  readonly secret?: true;
  /** The default, as it is printed. */
  readonly defaultText?: string;
  /** Whether it is read for the sake of the vendor's providers only, and not offered to provider instances. */
  readonly isCompatibility?: true;
}

/**
 * The settings of the namespace `huaweicloud`, by their key. A dot separates a key and a part of it, which is an object.
 * Names are those of the vendor's own Pulumi and Terraform providers.
 */
export const settings = {
  region: {
    description:
      "Region of the clusters, such as `eu-west-101`. A resource's input `region` takes precedence.",
    variables: ["HW_REGION_NAME", "OS_REGION_NAME"],
  },
  cloud: {
    description: "Domain of the cloud, from which the services' addresses are made.",
    variables: ["HW_CLOUD"],
    defaultText: "`myhuaweicloud.com`, or `myhuaweicloud.eu` for regions that begin with `eu-west-1`",
  },
  endpoints: {
    description:
      "Addresses by service (`cce`, `iam`, `sts`, `metadata`), such as `https://cce.example.com`. Plain http is accepted for loopback addresses only, and for `metadata` at a link-local address.",
    variables: ["HW_ENDPOINTS"],
    type: "addresses",
    defaultText: "made from region and cloud",
  },
  authUrl: {
    description: "Address of IAM, with or without `/v3`. `endpoints.iam` takes precedence.",
    variables: ["HW_AUTH_URL", "OS_AUTH_URL"],
    defaultText: "made from region and cloud",
  },
  projectId: {
    description:
      "ID of the project that holds the clusters. A resource's input `projectId` takes precedence.",
    variables: ["HW_PROJECT_ID", "OS_PROJECT_ID", "OS_TENANT_ID"],
    aliases: ["tenantId"],
    defaultText: "looked up by the project's name",
  },
  projectName: {
    description: "Name of the project that holds the clusters.",
    variables: ["HW_PROJECT_NAME", "OS_PROJECT_NAME", "OS_TENANT_NAME"],
    aliases: ["tenantName"],
    defaultText: "that of the region",
  },
  token: {
    description:
      "A project token that was obtained elsewhere. It cannot be renewed, so it must outlive the sync.",
    variables: ["HW_AUTH_TOKEN", "OS_AUTH_TOKEN"],
    secret: true,
  },
  accessKey: {
    description: "Access key ID. Requires `secretKey`.",
    variables: ["HW_ACCESS_KEY", "OS_ACCESS_KEY"],
  },
  secretKey: {
    description: "Secret access key. Requests are signed with it; it is never sent.",
    variables: ["HW_SECRET_KEY", "OS_SECRET_KEY"],
    secret: true,
  },
  securityToken: {
    description: "Security token that belongs to a temporary access key.",
    variables: ["HW_SECURITY_TOKEN"],
    secret: true,
  },
  userName: {
    description: "Name of an IAM user. Requires `password`, and `domainName` or `domainId`.",
    variables: ["HW_USER_NAME", "OS_USERNAME"],
  },
  userId: {
    description: "ID of an IAM user. Requires `password`.",
    variables: ["HW_USER_ID", "OS_USER_ID"],
  },
  password: {
    description: "Password of the IAM user.",
    variables: ["HW_USER_PASSWORD", "OS_PASSWORD"],
    secret: true,
  },
  domainName: {
    description: "Name of the account (domain) that the IAM user belongs to.",
    variables: ["HW_DOMAIN_NAME", "OS_DOMAIN_NAME", "OS_USER_DOMAIN_NAME", "OS_PROJECT_DOMAIN_NAME"],
  },
  domainId: {
    description: "ID of the account (domain) that the IAM user belongs to.",
    variables: ["HW_DOMAIN_ID", "OS_DOMAIN_ID", "OS_USER_DOMAIN_ID", "OS_PROJECT_DOMAIN_ID"],
  },
  sharedConfigFile: {
    description: "Path of the configuration file of the vendor's command line.",
    variables: ["HW_SHARED_CONFIG_FILE"],
    defaultText: "`~/.hcloud/config.json`, if `profile` is set",
  },
  profile: {
    description: "Name of a profile in the shared configuration file.",
    variables: ["HW_PROFILE"],
    defaultText: "the file's current profile, if `sharedConfigFile` is set",
  },
  "assumeRole.agencyName": {
    description:
      "Name of the agency whose role is assumed. Requires the account that created it, by name or by ID.",
    variables: ["HW_ASSUME_ROLE_AGENCY_NAME", "OS_AGENCY_NAME"],
    aliases: ["agencyName"],
  },
  "assumeRole.domainName": {
    description: "Name of the account (domain) that created the agency.",
    variables: ["HW_ASSUME_ROLE_DOMAIN_NAME", "OS_AGENCY_DOMAIN_NAME"],
    aliases: ["agencyDomainName"],
  },
  "assumeRole.domainId": {
    description: "ID of the account (domain) that created the agency.",
    variables: ["HW_ASSUME_ROLE_DOMAIN_ID"],
  },
  "assumeRole.duration": {
    description: "How long the role's temporary keys are valid, in seconds: 900 to 86,400.",
    variables: ["HW_ASSUME_ROLE_DURATION"],
    type: "integer",
    defaultText: "43,200",
  },
  delegatedProject: {
    description: "Name of the project, for a role that is assumed. Goes before `projectName`.",
    variables: ["OS_DELEGATED_PROJECT"],
    isCompatibility: true,
  },
  signingAlgorithm: {
    description: "Algorithm of the signatures. Only `HmacSHA256` is supported.",
    variables: ["HW_SIGNING_ALGORITHM"],
    defaultText: "`HmacSHA256`",
    isCompatibility: true,
  },
  insecure: {
    description:
      "Whether any certificate is accepted. Then anyone between this machine and the service can read and change all traffic; every run warns about it.",
    variables: ["HW_INSECURE", "OS_INSECURE"],
    type: "boolean",
    defaultText: "`false`",
  },
  cacertFile: {
    description: "Certificates of the only issuers to trust (PEM: a path, or the text).",
    variables: ["OS_CACERT"],
    defaultText: "the issuers that Node trusts",
  },
  cert: {
    description: "Client certificate (PEM: a path, or the text). Requires `key`.",
    variables: ["OS_CERT"],
  },
  key: {
    description: "Key of the client certificate (PEM: a path, or the text). Requires `cert`.",
    variables: ["OS_KEY"],
    secret: true,
  },
} as const satisfies Record<string, SettingDefinition>;

/** The name of a setting of the namespace `huaweicloud`. */
export type Setting = keyof typeof settings;

/** A setting that is a number above 0. */
export interface LimitDefinition extends SettingDefinition {
  readonly type: "number";
  readonly standard: number;
  readonly max: number;
}

/** The settings of the namespace `cce-nodepool-sync`, by their key: how fast requests follow each other. */
export const limits = {
  pollInterval: {
    description: "Seconds between two reads of a cluster at first; grows to three times as much. At most 60.",
    variables: ["CCE_NODEPOOL_SYNC_POLL_INTERVAL"],
    type: "number",
    standard: 5,
    max: 60,
    defaultText: "5",
  },
  readsPerSecond: {
    description: "Requests that read, per second. At most 1,000.",
    variables: ["CCE_NODEPOOL_SYNC_READS_PER_SECOND"],
    type: "number",
    standard: 20,
    max: 1000,
    defaultText: "20",
  },
  writesPerMinute: {
    description: "Requests that change something, per minute. At most 100,000.",
    variables: ["CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE"],
    type: "number",
    standard: 10,
    max: 100_000,
    defaultText: "10, the limit seen at the service for each user",
  },
  requestTimeout: {
    description: "Seconds within which an answer must be complete. At most 600.",
    variables: ["CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT"],
    type: "number",
    standard: 120,
    max: 600,
    defaultText: "120, because CCE can be slow",
  },
} as const satisfies Record<string, LimitDefinition>;

/** The name of a setting of the namespace `cce-nodepool-sync`. */
export type Limit = keyof typeof limits;

/** The settings of the namespace `cce-nodepool-sync` that say what is recorded of a run, by their key. */
export const records = {
  trace: {
    description:
      "Path of a file to append a trace to, for a bug report; a relative one starts at the program's folder. Secrets are left out of it, and names and ids replaced.",
    variables: ["CCE_NODEPOOL_SYNC_TRACE"],
    defaultText: "no trace",
  },
} as const satisfies Record<string, SettingDefinition>;

/** The namespaces of the Pulumi configuration, with the colon. */
export const namespaces = { settings: "huaweicloud:", limits: "cce-nodepool-sync:" } as const;
