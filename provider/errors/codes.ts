/**
 * The code that ends each error, between square brackets: `… [nodepoolsync/sync-failed]`. Codes do not change from
 * version to version, while texts may; no code is a part of another. With Pulumi's Automation API:
 *
 * @example
 * ```ts
 * import { errorCodes } from "pulumi-cce-nodepool-sync";
 *
 * await stack.up().catch((error: Error) => {
 *   if (error.message.includes(errorCodes.syncFailed)) return callSomebody(error.message);
 *   throw error;
 * });
 * ```
 *
 * A sync that was accepted, or may have been, ends with one of six: `syncFailed`, `timedOut`, `watchFailed`,
 * `outcomeUnknown`, `unconfirmed` and, after the request, `interrupted`. The text says what led to that. With every
 * other code, this run of `create` or `update` started nothing. Invalid inputs have no code: their problems begin with
 * the input's path.
 */
export const errorCodes = {
  configuration: "nodepoolsync/configuration",
  credentialsRefused: "nodepoolsync/credentials-refused",
  permissionDenied: "nodepoolsync/permission-denied",
  notFound: "nodepoolsync/not-found",
  invalidRequest: "nodepoolsync/invalid-request",
  quota: "nodepoolsync/quota",
  busy: "nodepoolsync/busy",
  clusterUnavailable: "nodepoolsync/cluster-unavailable",
  throttled: "nodepoolsync/throttled",
  unreachable: "nodepoolsync/unreachable",
  tls: "nodepoolsync/tls",
  serviceFault: "nodepoolsync/service-fault",
  outcomeUnknown: "nodepoolsync/outcome-unknown",
  syncFailed: "nodepoolsync/sync-failed",
  timedOut: "nodepoolsync/timed-out",
  watchFailed: "nodepoolsync/watch-failed",
  unconfirmed: "nodepoolsync/unconfirmed",
  interrupted: "nodepoolsync/interrupted",
  unreadableState: "nodepoolsync/unreadable-state",
  internal: "nodepoolsync/internal",
} as const;

/** One of {@link errorCodes}. */
export type ErrorCode = (typeof errorCodes)[keyof typeof errorCodes];

/** What a code stands for; errors and their page in the documentation are made from it. */
export interface Guidance {
  /** What has happened, as a sentence. */
  readonly meaning: string;
  /** What to do, as a sentence of the error; where the error knows better, it says so in place of this. */
  readonly remedy: string;
  /** Remedies for single codes of the service, from the vendor's page "Error Codes". */
  readonly afterServiceCode?: Readonly<Record<string, string>>;
}

const again = "Run `pulumi up` again: it checks the pool first and sends nothing that is already running.";
const clock = "Set this machine's clock: the service refused a signature for its time.";

/** The meaning of each code, and what to do. */
export const guidance: Readonly<Record<ErrorCode, Guidance>> = {
  [errorCodes.configuration]: {
    meaning:
      "The configuration is incomplete or contradictory, or a value could not be looked up. Each line names a value and every place that was searched for it.",
    remedy: "Set the missing values and correct the wrong ones, then run `pulumi up` again.",
  },
  [errorCodes.credentialsRefused]: {
    meaning: "The service does not accept the credentials.",
    remedy:
      "Check the access key and the secret key, and that they are still valid. Nothing more is sent with them in this run, because five refused signatures in a row lock a key.",
    afterServiceCode: { "APIGW.0303": clock, "APIG.0303": clock },
  },
  [errorCodes.permissionDenied]: {
    meaning: "The service accepts the credentials, but they do not allow this call.",
    remedy:
      "Grant the IAM actions to sync (cce:nodepool:upgradeNodepool; in the older IAM cce:nodepool:update) and to watch (cce:nodepool:list, cce:node:list, cce:node:getNode, cce:job:get and cce:cluster:getCluster; in the older IAM cce:node:get and cce:cluster:get).",
    afterServiceCode: {
      "CCE.01403002": "Have the restriction on the account lifted, then run `pulumi up` again.",
      "CCE.01403008": "Grant CCE's own agency its permissions in IAM, then run `pulumi up` again.",
    },
  },
  [errorCodes.notFound]: {
    meaning: "The cluster, the pool or a node that the inputs name does not exist.",
    remedy: "Check clusterId and nodePoolId, and the region and project in the configuration.",
    afterServiceCode: {
      "APIGW.0101": "Check the endpoint: the service there does not offer this operation.",
      "APIG.0101": "Check the endpoint: the service there does not offer this operation.",
    },
  },
  [errorCodes.invalidRequest]: {
    meaning: "The service rejected the request as invalid. The text quotes its reason.",
    remedy: "Correct the named value, then run `pulumi up` again.",
  },
  [errorCodes.quota]: {
    meaning: "The sync would exceed a quota of the account.",
    remedy: "Ask for a higher quota, then run `pulumi up` again.",
  },
  [errorCodes.busy]: {
    meaning: "Until the deadline, the state of the cluster, the pool or its nodes did not allow a sync.",
    remedy:
      "Wait until the cluster, the pool and its nodes are idle, or allow more time with customTimeouts, then run `pulumi up` again.",
    afterServiceCode: {
      "CCE.01409001":
        "Something else changed the pool at the same time: check the pool, then run `pulumi up` again.",
    },
  },
  [errorCodes.clusterUnavailable]: {
    meaning:
      "The cluster accepts no sync, and waiting does not help: it is hibernating, unavailable or being deleted.",
    remedy: "Wake up or repair the cluster, then run `pulumi up` again.",
  },
  [errorCodes.throttled]: {
    meaning: "The service received too many requests from this user and kept refusing them.",
    remedy: "Too many requests for this user: wait a few minutes, then run `pulumi up` again.",
  },
  [errorCodes.unreachable]: {
    meaning:
      "There was no usable answer: the host cannot be reached, the connection broke, or something other than the service answered.",
    remedy: "Check the network and the endpoint, then run `pulumi up` again.",
  },
  [errorCodes.tls]: {
    meaning: "The host does not speak TLS, or its certificate is not trusted. Nothing was sent to it.",
    remedy:
      "Correct the endpoint, or set its issuer's certificate as cacertFile in the provider configuration or as OS_CACERT, then run `pulumi up` again.",
  },
  [errorCodes.serviceFault]: {
    meaning: "The service, or a gateway in front of it, failed.",
    remedy: again,
  },
  [errorCodes.outcomeUnknown]: {
    meaning: "The sync request was sent, but it is not known whether the service accepted it.",
    remedy:
      "Check the pool in the CCE console, then run `pulumi up` again: it checks the pool first, and resends the sync only if there is no sign that it ran.",
  },
  [errorCodes.syncFailed]: {
    meaning: "The sync ran, but not every node was synchronized. The text names the nodes and the reasons.",
    remedy:
      "Fix the problems above, then run `pulumi up` again: it repeats the sync for the remaining nodes.",
  },
  [errorCodes.timedOut]: {
    meaning: "The deadline passed before every node was synchronized. The sync may still be running.",
    remedy:
      "Run `pulumi up` again: it resumes watching and does not resend a running sync. Allow more time with customTimeouts if needed. If the sync makes no more progress, change triggers to send it again.",
  },
  [errorCodes.watchFailed]: {
    meaning:
      "The sync was accepted and may still be running, but the service no longer allows watching it. The text says why.",
    remedy: "Fix the problem above, then run `pulumi up` again: it resumes watching.",
  },
  [errorCodes.unconfirmed]: {
    meaning:
      "The sync was accepted and its time has passed, but the service showed no sign that a node was reset.",
    remedy:
      "Check the nodes in the CCE console. `pulumi up` does not resend this sync; to reset the nodes all the same, change triggers.",
  },
  [errorCodes.interrupted]: {
    meaning: "The run was interrupted. The text says whether the sync had been sent.",
    remedy: again,
  },
  [errorCodes.unreadableState]: {
    meaning: "This version of the package cannot read the resource's recorded state.",
    remedy:
      "Install the newest version of the package. If that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again.",
  },
  [errorCodes.internal]: {
    meaning: "Something unexpected happened in the provider.",
    remedy: "This is a bug in pulumi-cce-nodepool-sync: please report it.",
  },
};

/**
 * What to do about an error.
 * @param serviceCodes the service's own codes, when the error comes from an answer.
 */
export function remedyOf(code: ErrorCode, serviceCodes: readonly string[] = []): string {
  const { remedy, afterServiceCode = {} } = guidance[code];
  const special = serviceCodes.find((serviceCode) => Object.hasOwn(afterServiceCode, serviceCode));
  return afterServiceCode[special ?? ""] ?? remedy;
}
