import type { CallKind, Effect, Fault, ProfileName } from "../../local/cce/index.ts";
import { type ErrorCode, errorCodes } from "../../provider/errorCodes.ts";
import type { Outcome } from "../support/outcome.ts";

/** One kind of call, one fault, and what comes of it. */
export interface Row {
  /** The outcome in words. */
  readonly sentence: string;
  readonly fault: Fault;
  readonly profile?: ProfileName;
  /** Minutes that the user grants; by default what the provider does. */
  readonly minutes?: number;
  readonly end: Outcome["end"];
  /** What the error says. */
  readonly says?: RegExp;
  /** The code that ends the error. */
  readonly code?: ErrorCode;
  /** Requests to synchronize that the first run sends. */
  readonly posts: number;
  /** How many of them the service accepts. Together with the next run's it is one, always. */
  readonly accepted: 0 | 1;
}

const gateway = (code: string, message: string) => ({ error_code: code, error_msg: message });
const cce = (code: string, message: string) => ({ errorCode: code, errorMessage: message });
const answer = (status: number, body?: unknown, headers?: Record<string, string>): Effect => ({
  kind: "answer",
  status,
  body,
  headers,
});
const page = (status: number): Effect => ({
  kind: "answer",
  status,
  text: "<html><body><h1>Welcome to the proxy</h1></body></html>",
});
const tooMany = gateway("APIGW.0308", "policy user over ratelimit,limit:10,time:1 minute");

/** Faults that a later try can find gone. */
const passing: Record<string, Effect> = {
  "429 with Retry-After": answer(429, tooMany, { "Retry-After": "56.818" }),
  "429 without Retry-After": answer(429, tooMany),
  "500": answer(500, cce("CCE.01500001", "Internal error")),
  "502 with a page of HTML": page(502),
  "503 without a word": { kind: "answer", status: 503, text: "" },
  "504": answer(504),
  "a broken connection": { kind: "drop" },
  "a body that breaks off": { kind: "cutBody" },
  "200 with a page of HTML": page(200),
  "an empty body": { kind: "emptyBody" },
  "values of other types": { kind: "wrongTypes" },
};

/** The code of an error that is about such a fault. */
const codes: Record<keyof typeof passing, ErrorCode> = {
  "429 with Retry-After": errorCodes.throttled,
  "429 without Retry-After": errorCodes.throttled,
  "500": errorCodes.serviceFault,
  "502 with a page of HTML": errorCodes.serviceFault,
  "503 without a word": errorCodes.serviceFault,
  "504": errorCodes.serviceFault,
  "a broken connection": errorCodes.unreachable,
  "a body that breaks off": errorCodes.unreachable,
  "200 with a page of HTML": errorCodes.unreachable,
  "an empty body": errorCodes.unreachable,
  "values of other types": errorCodes.unreachable,
};

/** The same, but each costs real time or much memory, so that they are met once only. */
const costly: Record<string, Effect> = {
  "no answer at all": { kind: "hang" },
  "an answer that trickles without end": { kind: "drip", pause: 300 },
  "a body without end": { kind: "endless" },
};

/** Refusals that no later try mends. */
const final: Record<string, { effect: Effect; says: string; code: ErrorCode }> = {
  "401": {
    effect: answer(401, gateway("APIGW.0301", "verify aksk signature fail")),
    says: "401 APIGW.0301 .*Check the access key and secret key or the token",
    code: errorCodes.credentialsRefused,
  },
  "401 for a clock that is off": {
    effect: answer(401, gateway("APIGW.0303", "x-sdk-date is off")),
    says: "401 APIGW.0303 .*Set this machine's clock",
    code: errorCodes.credentialsRefused,
  },
  "403": {
    effect: answer(403, cce("CCE.01403001", "Forbidden")),
    says: "403 CCE.01403001 .*Grant the IAM actions",
    code: errorCodes.permissionDenied,
  },
  "404": {
    effect: answer(404, cce("CCE.01404001", "Resource not found")),
    says: "404 CCE.01404001 .*Check clusterId",
    code: errorCodes.notFound,
  },
};

const names = {
  pools: "list of pools",
  nodes: "list of nodes",
  job: "job",
  projects: "look-up of the project",
};

function repeatedReads(kind: "pools" | "nodes"): Row[] {
  const once = Object.entries({ ...passing, ...costly }).map(
    ([fault, effect]): Row => ({
      sentence: `the ${names[kind]} meets ${fault} once: it is read again, one POST`,
      fault: { kind, effect },
      end: "synced",
      posts: 1,
      accepted: 1,
    }),
  );
  const always = Object.entries(passing).flatMap(([fault, effect]): Row[] => [
    {
      sentence: `the ${names[kind]} always meets ${fault}: the deadline ends it, nothing was sent, the next run sends it`,
      fault: { kind, effect, times: Number.POSITIVE_INFINITY },
      minutes: 4,
      end: "refused",
      says: /could not be sent within the deadline: .* the request to list the (node pools|nodes).*Nothing was reset by it\. /,
      code: codes[fault],
      posts: 0,
      accepted: 0,
    },
    {
      sentence: `the ${names[kind]} always meets ${fault} once the sync runs: the deadline ends it, the next run finds it, one POST`,
      fault: { kind, effect, skip: 1, times: Number.POSITIVE_INFINITY },
      minutes: 4,
      end: "inProgress",
      says: /could not be looked at in the end: .* the request to list the (node pools|nodes)/,
      code: errorCodes.timedOut,
      posts: 1,
      accepted: 1,
    },
  ]);
  return [...once, ...always];
}

function refusedReads(kind: "pools" | "nodes"): Row[] {
  return Object.entries(final)
    .filter(([fault]) => kind === "pools" || fault !== "403")
    .flatMap(([fault, { effect, says, code }]) =>
      [1, Number.POSITIVE_INFINITY].flatMap((times): Row[] => {
        const often = times === 1 ? "once" : "always";
        return [
          {
            sentence: `the ${names[kind]} is refused with ${fault} ${often}: the run ends at once, nothing was sent, the next one sends it`,
            fault: { kind, effect, times },
            end: "refused",
            says: new RegExp(says),
            code,
            posts: 0,
            accepted: 0,
          },
          {
            sentence: `the ${names[kind]} is refused with ${fault} ${often} while the sync runs: the state is kept, the next run finds it, one POST`,
            fault: { kind, effect, skip: 1, times },
            end: "inProgress",
            says: new RegExp(`${says}.*The sync was accepted and may still be running`),
            code: errorCodes.lostSight,
            posts: 1,
            accepted: 1,
          },
        ];
      }),
    );
}

const forbiddenNodes: Row[] = [
  { skip: 0, times: 1, when: "once", profile: "noCondition" as const, proof: "job" },
  {
    skip: 0,
    times: Number.POSITIVE_INFINITY,
    when: "always",
    profile: "noJob" as const,
    proof: "pool's condition",
  },
  {
    skip: 1,
    times: Number.POSITIVE_INFINITY,
    when: "while the sync runs",
    profile: "noJob" as const,
    proof: "pool's condition",
  },
].map(({ skip, times, when, profile, proof }) => ({
  sentence: `the list of nodes is refused with 403 ${when}: the ${proof} tells the end, one POST`,
  fault: { kind: "nodes", effect: final["403"]?.effect ?? answer(403), skip, times },
  profile,
  end: "synced",
  posts: 1,
  accepted: 1,
}));

/** The POST was not accepted for certain: it is sent again. */
const postsRefusedForNow: Row[] = Object.entries({
  "429 with Retry-After": { effect: passing["429 with Retry-After"] as Effect, code: errorCodes.throttled },
  "429 without Retry-After": {
    effect: passing["429 without Retry-After"] as Effect,
    code: errorCodes.throttled,
  },
  "429 for a locked pool": {
    effect: answer(429, cce("CCE.01429002", "Resource locked")),
    code: errorCodes.busy,
  },
  "403 for the pool's state": {
    effect: answer(403, cce("CCE.01403003", "Not in this state")),
    code: errorCodes.busy,
  },
  "409": { effect: answer(409, cce("CCE.01409002", "Out of date")), code: errorCodes.busy },
}).flatMap(([fault, { effect, code }]): Row[] => [
  {
    sentence: `the POST is refused with ${fault} once: it is sent again`,
    fault: { kind: "sync", effect },
    end: "synced",
    posts: 2,
    accepted: 1,
  },
  {
    sentence: `the POST is always refused with ${fault}: the deadline ends it, the next run sends it`,
    fault: { kind: "sync", effect, times: Number.POSITIVE_INFINITY },
    minutes: 4,
    end: "refused",
    says: /could not be sent within the deadline: .*(429|403|409) (APIGW|CCE)\.\d+ .*Nothing was reset by it\. /,
    code,
    posts: 4,
    accepted: 0,
  },
]);

const postsRefused: Row[] = Object.entries(final).map(([fault, { effect, says, code }]) => ({
  sentence: `the POST is refused with ${fault}: the run ends at once, the next one sends it`,
  fault: { kind: "sync", effect, times: Number.POSITIVE_INFINITY },
  end: "refused",
  says: new RegExp(says),
  code,
  posts: 1,
  accepted: 0,
}));

/** Nothing can be read from the answer to the POST: whether it was accepted, only the pool can show. */
const postsInDoubt: Row[] = Object.entries({
  "500": passing["500"] as Effect,
  "502 with a page of HTML": page(502),
  "503 without a word": passing["503 without a word"] as Effect,
  "504": answer(504),
  "a broken connection": { kind: "drop" } as Effect,
  "no answer at all": { kind: "hang" } as Effect,
  "200 with a page of HTML": page(200),
}).flatMap(([fault, effect]): Row[] => [
  {
    sentence: `the POST meets ${fault} after the service acted: the running sync is found, one POST`,
    fault: { kind: "sync", effect: { ...effect, acted: true } as Effect },
    end: "synced",
    posts: 1,
    accepted: 1,
  },
  {
    sentence: `the POST meets ${fault} before the service acted: nothing shows that it ran, so it is not sent twice in one run; the next one sends it`,
    fault: { kind: "sync", effect, times: Number.POSITIVE_INFINITY },
    end: "inProgress",
    says: /in the 5 min since then nothing showed that the sync has begun.*was not sent again/,
    code: errorCodes.unanswered,
    posts: 1,
    accepted: 0,
  },
]);

const postsSpoilt: Row[] = [
  ...Object.entries({
    "a body that breaks off": { kind: "cutBody" } as Effect,
    "an answer that trickles without end": costly["an answer that trickles without end"] as Effect,
    "a body without end": { kind: "endless" } as Effect,
  }).map(
    ([fault, effect]): Row => ({
      sentence: `the POST is answered with ${fault}: the running sync is found, one POST`,
      fault: { kind: "sync", effect },
      end: "synced",
      posts: 1,
      accepted: 1,
    }),
  ),
  ...Object.entries({
    "an empty body": { kind: "emptyBody" } as Effect,
    "values of other types": { kind: "wrongTypes" } as Effect,
  }).map(
    ([fault, effect]): Row => ({
      sentence: `the POST is answered with 200 and ${fault}: it is accepted all the same, one POST`,
      fault: { kind: "sync", effect },
      end: "synced",
      posts: 1,
      accepted: 1,
    }),
  ),
];

const unreadableJobs: Row[] = [
  ...Object.entries({
    ...passing,
    "403": final["403"]?.effect as Effect,
    "404": final["404"]?.effect as Effect,
  }).flatMap(([fault, effect]) =>
    [1, Number.POSITIVE_INFINITY].map(
      (times): Row => ({
        sentence: `the job ${times === 1 ? "once" : "always"} meets ${fault}: pool and nodes tell the end, one POST`,
        fault: { kind: "job", effect, times },
        end: "synced",
        posts: 1,
        accepted: 1,
      }),
    ),
  ),
  ...Object.entries(costly).map(
    ([fault, effect]): Row => ({
      sentence: `the job meets ${fault} once: it is read again, one POST`,
      fault: { kind: "job", effect },
      end: "synced",
      posts: 1,
      accepted: 1,
    }),
  ),
];

const projectLookups: Row[] = [
  ...Object.entries({ ...passing, ...costly }).map(
    ([fault, effect]): Row => ({
      sentence: `the ${names.projects} meets ${fault} once: ${fault === "429 with Retry-After" ? "the run ends, and the next one sends the sync" : "it is read again, one POST"}`,
      fault: { kind: "projects", effect },
      ...(fault === "429 with Retry-After"
        ? {
            end: "refused" as const,
            says: /429 APIGW\.0308 .*wait a few minutes/,
            code: codes[fault],
            posts: 0,
            accepted: 0 as const,
          }
        : { end: "synced" as const, posts: 1, accepted: 1 as const }),
    }),
  ),
  ...Object.entries(passing).map(
    ([fault, effect]): Row => ({
      sentence: `the ${names.projects} always meets ${fault}: the run ends, nothing was sent, the next one sends it`,
      fault: { kind: "projects", effect, times: Number.POSITIVE_INFINITY },
      end: "refused",
      says: /the request to look up the id of project emulated-1/,
      code: codes[fault],
      posts: 0,
      accepted: 0,
    }),
  ),
  ...Object.entries(final).map(
    ([fault, { effect, says, code }]): Row => ({
      sentence: `the ${names.projects} is refused with ${fault}: the run ends at once, nothing was sent, the next one sends it`,
      fault: { kind: "projects", effect, times: Number.POSITIVE_INFINITY },
      end: "refused",
      says: fault.startsWith("401")
        ? new RegExp(says)
        : /Set projectId, .*so that nothing has to be looked up/,
      code: fault.startsWith("401") ? code : errorCodes.configuration,
      posts: 0,
      accepted: 0,
    }),
  ),
];

/** The rows for each kind of call. */
export const faultMatrix: Partial<Record<CallKind, readonly Row[]>> = {
  sync: [...postsRefusedForNow, ...postsRefused, ...postsInDoubt, ...postsSpoilt],
  pools: [...repeatedReads("pools"), ...refusedReads("pools")],
  nodes: [...repeatedReads("nodes"), ...refusedReads("nodes"), ...forbiddenNodes],
  job: unreadableJobs,
  projects: projectLookups,
};
