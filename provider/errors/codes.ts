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
 * A sync that was accepted, or may have been, ends with one of five: `syncFailed`, `timedOut`, `lostSight`,
 * `unanswered` and, after the request, `interrupted`. Whatever led to that stands in the text. With every other code,
 * this run of `create` or `update` started nothing. Invalid inputs have no code: their problems begin with the
 * input's path.
 */
export const errorCodes = {
  configuration: "nodepoolsync/configuration",
  credentialsRefused: "nodepoolsync/credentials-refused",
  permissionDenied: "nodepoolsync/permission-denied",
  notFound: "nodepoolsync/not-found",
  invalidRequest: "nodepoolsync/invalid-request",
  quota: "nodepoolsync/quota",
  busy: "nodepoolsync/busy",
  clusterAsleep: "nodepoolsync/cluster-asleep",
  throttled: "nodepoolsync/throttled",
  unreachable: "nodepoolsync/unreachable",
  tls: "nodepoolsync/tls",
  serviceFault: "nodepoolsync/service-fault",
  unanswered: "nodepoolsync/unanswered",
  syncFailed: "nodepoolsync/sync-failed",
  timedOut: "nodepoolsync/timed-out",
  lostSight: "nodepoolsync/lost-sight",
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

const again = "Run `pulumi up` again: it looks at the pool first and sends nothing that is already running.";
const clock = "Set this machine's clock: it is more than 15 minutes off.";

/** The meaning of each code, and what to do. */
export const guidance: Readonly<Record<ErrorCode, Guidance>> = {
  [errorCodes.configuration]: {
    meaning:
      "The configuration lacks something, contradicts itself, or leaves something to be looked up that cannot be; each line names a value and every place where it was looked for.",
    remedy: "Set what is missing and correct what is wrong, then run `pulumi up` again.",
  },
  [errorCodes.credentialsRefused]: {
    meaning: "The service does not accept the credentials.",
    remedy:
      "Check the access key and secret key or the token, and whether they are still valid; nothing more is sent with them in this run, since five refused signatures in a row lock a key.",
    afterServiceCode: { "APIGW.0303": clock, "APIG.0303": clock },
  },
  [errorCodes.permissionDenied]: {
    meaning: "The service knows the credentials, but does not allow them this call.",
    remedy:
      "Grant the IAM actions to sync (cce:nodepool:upgradeNodepool, in policies of the older IAM cce:nodepool:update) and to watch (cce:nodepool:list, cce:node:list, cce:job:get, and cce:cluster:getCluster, older cce:cluster:get).",
    afterServiceCode: {
      "CCE.01403002": "Have the restriction of the account lifted, then run `pulumi up` again.",
      "CCE.01403008": "Grant CCE's own agency its permissions in IAM, then run `pulumi up` again.",
    },
  },
  [errorCodes.notFound]: {
    meaning: "The cluster, the pool or a node that the inputs name is not there.",
    remedy: "Check clusterId and nodePoolId, and the region and project that the configuration names.",
  },
  [errorCodes.invalidRequest]: {
    meaning: "The service found something wrong in the request, and names it.",
    remedy: "Correct the named value, then run `pulumi up` again.",
  },
  [errorCodes.quota]: {
    meaning: "A quota of the account does not allow the sync.",
    remedy: "Ask for a higher quota, then run `pulumi up` again.",
  },
  [errorCodes.busy]: {
    meaning: "The state of the cluster, the pool or its nodes did not allow the sync before the deadline.",
    remedy:
      "Wait until the cluster, the pool and its nodes are at rest, or grant more time with customTimeouts, then run `pulumi up` again.",
    afterServiceCode: {
      "CCE.01409001":
        "Something else changed the pool at the same time: look at it, then run `pulumi up` again.",
    },
  },
  [errorCodes.clusterAsleep]: {
    meaning:
      "The cluster takes no sync, and waiting does not change that: it hibernates, is unavailable or is being deleted.",
    remedy: "Wake or mend the cluster, then run `pulumi up` again.",
  },
  [errorCodes.throttled]: {
    meaning: "The service had taken too many requests from this user, and went on refusing them.",
    remedy: "Too many requests for this user: wait a few minutes, then run `pulumi up` again.",
  },
  [errorCodes.unreachable]: {
    meaning:
      "No usable answer came: the host cannot be reached, the connection broke, or something else answered in the service's place.",
    remedy: "Check the network and the endpoint, then run `pulumi up` again.",
  },
  [errorCodes.tls]: {
    meaning: "The host does not speak TLS, or its certificate is not trusted; nothing was sent to it.",
    remedy:
      "Correct the endpoint, or name its issuer's certificate in Pulumi config huaweicloud:cacertFile or OS_CACERT, then run `pulumi up` again.",
  },
  [errorCodes.serviceFault]: {
    meaning: "The service, or a gateway before it, answered with a fault of its own.",
    remedy: again,
  },
  [errorCodes.unanswered]: {
    meaning: "The request to synchronize was sent, and nothing tells whether the service accepted it.",
    remedy:
      "Look at the pool, then run `pulumi up` again: it looks first and sends the sync only when nothing shows that it ran.",
  },
  [errorCodes.syncFailed]: {
    meaning: "The sync ran and did not bring every node up to date; the text names the nodes and why.",
    remedy:
      "Mend what the reasons name, then run `pulumi up` again: it repeats the sync for the nodes that are left.",
  },
  [errorCodes.timedOut]: {
    meaning: "The deadline came before every node was seen up to date; the sync may still be running.",
    remedy:
      "Run `pulumi up` again: it goes on watching and sends nothing that is running. Grant more time with customTimeouts if it needs it. If nothing moves any more, change an input such as triggers: that sends the sync anew.",
  },
  [errorCodes.lostSight]: {
    meaning:
      "The sync was accepted and may still be running, but the service no longer lets it be watched; the text says why.",
    remedy: "When that is mended, run `pulumi up` again: it goes on watching.",
  },
  [errorCodes.interrupted]: {
    meaning: "The run was interrupted; the text says whether the sync was sent before.",
    remedy: again,
  },
  [errorCodes.unreadableState]: {
    meaning: "This version of the package cannot read what the stack's state holds of the resource.",
    remedy:
      "Install the package's newest version; where that cannot read it either, run `pulumi state delete` on the resource and `pulumi up` again.",
  },
  [errorCodes.internal]: {
    meaning: "The provider met something that it was not made for.",
    remedy: "This is a fault of pulumi-cce-nodepool-sync: please report it.",
  },
};

/**
 * What to do about an error.
 * @param serviceCode the service's own code, when the error comes from an answer.
 */
export function remedyOf(code: ErrorCode, serviceCode = ""): string {
  const { remedy, afterServiceCode = {} } = guidance[code];
  return afterServiceCode[serviceCode] ?? remedy;
}
