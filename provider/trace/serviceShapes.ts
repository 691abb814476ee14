/** The shapes of what CCE is sent and answers, with the field names of its documentation. */

import { isObject } from "../util/json.ts";
import {
  id,
  leftOut,
  list,
  omitted,
  plain,
  record,
  type Shape,
  sentence,
  time,
  unknown,
  word,
} from "./shapes.ts";
import type { Kind } from "./standIns.ts";

/** A node outside pools has "zone#flavor#os" in the place of its pool's id. */
const poolReference: Shape = (value, standIns) =>
  typeof value === "string"
    ? value
        .split("#")
        .map((part) => standIns.of(part, "pool"))
        .join("#")
    : unknown(value, standIns);

const node = record({
  kind: word,
  apiVersion: word,
  metadata: record({
    uid: id("node"),
    name: id("name"),
    creationTimestamp: time,
    updateTimestamp: time,
    labels: omitted,
    annotations: record({ "kubernetes.io/node-pool.id": poolReference }, omitted),
    ownerReferences: record({ nodepoolID: id("pool"), nodepoolName: id("name") }),
  }),
  spec: record({ az: id("zone") }, omitted),
  status: record({
    phase: word,
    reason: sentence,
    message: sentence,
    serverId: id("server"),
    jobID: id("job"),
    lastProbeTime: time,
    configurationUpToDate: plain,
    deleteStatus: omitted,
  }),
});

const condition = record({
  type: word,
  status: word,
  lastProbeTime: time,
  lastTransitTime: time,
  reason: sentence,
  message: sentence,
});

const counts = [
  "currentNode",
  "creatingNode",
  "deletingNode",
  "activeNode",
  "repairingNode",
  "repairFailedNode",
  "configurationSyncedNodeCount",
];

const pool = record({
  kind: word,
  apiVersion: word,
  metadata: record({
    uid: id("pool"),
    name: id("name"),
    creationTimestamp: time,
    updateTimestamp: time,
    labels: omitted,
    annotations: omitted,
  }),
  spec: omitted,
  status: record({
    ...Object.fromEntries(counts.map((name) => [name, plain])),
    phase: word,
    jobId: id("job"),
    conditions: list(condition),
  }),
});

/** What a job says of what it is about: the keys are the service's, the values ids and names. */
const references: Shape = record({}, (value, standIns) => {
  const each = (text: unknown) =>
    typeof text === "string"
      ? text
          .split(",")
          .map((part) => standIns.of(part.trim(), "reference"))
          .join(",")
      : unknown(text, standIns);
  return Array.isArray(value) ? value.map(each) : each(value);
});

const job: Shape = record({
  kind: word,
  apiVersion: word,
  metadata: record({ uid: id("job"), creationTimestamp: time, updateTimestamp: time }),
  spec: record({
    type: word,
    clusterUID: id("cluster"),
    resourceID: id("reference"),
    resourceName: id("name"),
    extendParam: references,
    subJobs: (value, standIns) => list(job)(value, standIns),
  }),
  status: record({ phase: word, reason: sentence }),
});

const cluster = record({
  kind: word,
  apiVersion: word,
  metadata: record(
    { uid: id("cluster"), name: id("name"), creationTimestamp: time, updateTimestamp: time },
    omitted,
  ),
  spec: omitted,
  status: record({ phase: word, reason: sentence, message: sentence }, omitted),
});

const page = (item: Shape) =>
  record({
    kind: word,
    apiVersion: word,
    items: list(item),
    pageInfo: record({ currentCount: plain, nextMarker: id("node") }),
  });

const acceptance = record({ jobid: id("job") });

/** Before the API had `jobid`, the answer was the pool. */
const accepted: Shape = (value, standIns) =>
  (isObject(value) && "metadata" in value ? pool : acceptance)(value, standIns);

/** The body of a request that synchronizes a pool. Of a node template, only what is given shows. */
export const syncRequest = record({
  spec: record({
    maxUnavailable: plain,
    nodePoolID: id("pool"),
    nodeIDs: list(id("node")),
    force: plain,
    validateStorage: plain,
    nodeTemplate: record(
      {
        lifeCycle: record(
          { preInstall: leftOut, postInstall: leftOut, waitPostInstallFinish: plain },
          omitted,
        ),
        login: record({ sshKey: leftOut, userPassword: leftOut }, omitted),
        volumeConfig: record({ volumeResetPolicy: leftOut }, omitted),
      },
      omitted,
    ),
  }),
});

const errorField = /^(?:errorCode|error_code|code)$/;
const errorText = /^(?:message|reason|errorMessage|error_msg)$/;

/** An answer other than success; error fields count at any depth. */
const failure: Shape = (value, standIns) => {
  if (!isObject(value))
    return Array.isArray(value) ? list(failure)(value, standIns) : unknown(value, standIns);
  const fields = Object.entries(value).map(([key, inner]): [string, Shape] => {
    if (key === "request_id") return [key, id("request")];
    if (errorField.test(key)) return [key, typeof inner === "number" ? plain : sentence];
    if (errorText.test(key)) return [key, sentence];
    return [key, isObject(inner) || Array.isArray(inner) ? failure : unknown];
  });
  // Only fields that are known by name may be shown by it here; others may hold anything.
  const described = fields.filter(([key]) => /^[a-z_A-Z]{1,40}$/.test(key));
  return record(Object.fromEntries(described))(value, standIns);
};

/** The shape of each call's answer, by the end of its path. */
const answers: readonly (readonly [method: string, path: RegExp, shape: Shape])[] = [
  ["POST", /\/operation\/upgrade$/, accepted],
  ["GET", /\/nodes$/, page(node)],
  ["GET", /\/nodes\/[^/]+$/, node],
  ["GET", /\/nodepools$/, page(pool)],
  ["GET", /\/nodepools\/[^/]+$/, pool],
  ["GET", /\/jobs\/[^/]+$/, job],
  ["GET", /\/clusters\/[^/]+$/, cluster],
];

/** The shape of the answer with this status to a request. */
export function answerShape(method: string, path: string, status: number): Shape {
  if (status >= 300) return failure;
  return answers.find(([verb, end]) => verb === method && end.test(path))?.[2] ?? unknown;
}

const kinds: Readonly<Record<string, Kind>> = {
  projects: "project",
  clusters: "cluster",
  nodepools: "pool",
  nodes: "node",
  jobs: "job",
};
const fixedParts = new Set(["", "api", "v3", "operation", "upgrade", ...Object.keys(kinds)]);

/** A path with stand-ins for the ids in it. */
export const path: Shape = (value, standIns) => {
  const parts = String(value).split("/");
  const shown = parts.map((part, at) => {
    const kind = kinds[parts[at - 1] ?? ""];
    if (kind === undefined && fixedParts.has(part)) return part;
    return standIns.of(decoded(part), kind ?? "text");
  });
  return shown.join("/");
};

/** A query with stand-ins for the ids in it. */
export const query: Shape = (value, standIns) => {
  const pairs = [...new URLSearchParams(String(value))].map(([name, text]) => {
    if (!/^[A-Za-z]{1,40}$/.test(name)) return `${standIns.of(name, "key")}=${standIns.of(text, "text")}`;
    return `${name}=${/^(?:true|false|\d{1,5})$/.test(text) ? text : standIns.of(text, "node")}`;
  });
  return pairs.join("&");
};

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
