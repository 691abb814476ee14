import type { Effect } from "../../emulator/index.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { answer, codes, costly, final, passing, type Row } from "./faultKinds.ts";

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
      says: /could not be sent before the deadline: .* the request to list the (node pools|nodes).*No node was reset\. /,
      code: codes[fault],
      posts: 0,
      accepted: 0,
    },
    {
      sentence: `the ${names[kind]} always meets ${fault} once the sync runs: the deadline ends it, the next run finds it, one POST`,
      fault: { kind, effect, skip: 1, times: Number.POSITIVE_INFINITY },
      minutes: 4,
      end: "inProgress",
      says: /the last reads of the cluster failed: .* the request to list the (node pools|nodes)/,
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
            says: new RegExp(`the sync was accepted and may still be running.*${says}`),
            code: errorCodes.watchFailed,
            posts: 1,
            accepted: 1,
          },
        ];
      }),
    );
}

const forbiddenNodes: Row[] = [1, Number.POSITIVE_INFINITY].flatMap((times): Row[] => {
  const fault = { kind: "nodes", effect: final["403"]?.effect ?? answer(403), times } as const;
  const often = times === 1 ? "once" : "always";
  return [
    {
      sentence: `the ${names.nodes} is refused with 403 ${often}: nothing is sent blindly, and the next run sends it`,
      fault,
      end: "refused",
      says: /do not allow listing nodes.*Grant the IAM action cce:node:list/,
      code: errorCodes.permissionDenied,
      posts: 0,
      accepted: 0,
    },
    {
      sentence: `the ${names.nodes} is refused with 403 ${often} while the sync runs: the state is kept, the next run finds it, one POST`,
      fault: { ...fault, skip: 1 },
      profile: "noJob",
      end: "inProgress",
      says: /the sync was accepted and may still be running.*do not allow listing nodes/,
      code: errorCodes.watchFailed,
      posts: 1,
      accepted: 1,
    },
  ];
});

const unreadableJobs: Row[] = [
  ...Object.entries({
    ...passing,
    "403": final["403"]?.effect as Effect,
    "404": final["404"]?.effect as Effect,
  }).flatMap(([fault, effect]) =>
    [1, Number.POSITIVE_INFINITY].map(
      (times): Row => ({
        sentence: `the job ${times === 1 ? "once" : "always"} meets ${fault}: pool and nodes show the end, one POST`,
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
        : /Set projectId, as an input or .*so that nothing has to be looked up/,
      code: fault.startsWith("401") ? code : errorCodes.configuration,
      posts: 0,
      accepted: 0,
    }),
  ),
];

/** The rows for the requests that read, by the kind of call. */
export const readFaults = {
  pools: [...repeatedReads("pools"), ...refusedReads("pools")],
  nodes: [...repeatedReads("nodes"), ...refusedReads("nodes"), ...forbiddenNodes],
  job: unreadableJobs,
  projects: projectLookups,
};
