import type { Effect } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { answer, cceBody, costly, final, passing, proxyPage, type Row } from "./faultKinds.ts";

/** The POST was not accepted for certain: it is sent again. */
const postsRefusedForNow: Row[] = Object.entries({
  "429 with Retry-After": { effect: passing["429 with Retry-After"] as Effect, code: errorCodes.throttled },
  "429 without Retry-After": {
    effect: passing["429 without Retry-After"] as Effect,
    code: errorCodes.throttled,
  },
  "429 for a locked pool": {
    effect: answer(429, cceBody("CCE.01429002", "Resource locked")),
    code: errorCodes.busy,
  },
  "403 for the pool's state": {
    effect: answer(403, cceBody("CCE.01403003", "Not in this state")),
    code: errorCodes.busy,
  },
  "409": { effect: answer(409, cceBody("CCE.01409002", "Out of date")), code: errorCodes.busy },
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
    says: /could not be sent before the deadline: .*(429|403|409) (APIGW|CCE)\.\d+ .*No node was reset\. /,
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
  "502 with a page of HTML": proxyPage(502),
  "503 without a word": passing["503 without a word"] as Effect,
  "504": answer(504),
  "a broken connection": { kind: "drop" } as Effect,
  "no answer at all": { kind: "hang" } as Effect,
  "200 with a page of HTML": proxyPage(200),
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
    says: /was not sent again: .*there is no sign that the sync has started/,
    code: errorCodes.outcomeUnknown,
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

/** The rows for the request that starts a sync. */
export const postFaults: readonly Row[] = [
  ...postsRefusedForNow,
  ...postsRefused,
  ...postsInDoubt,
  ...postsSpoilt,
];
