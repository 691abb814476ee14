import fc from "fast-check";
import type { CceClient } from "../../../provider/cce/client.ts";
import { anyText } from "../properties.ts";

const node = {
  metadata: {
    uid: "n1",
    name: "node-1",
    updateTimestamp: "2020-02-02 08:12:40.1 +0000 UTC",
    annotations: { "kubernetes.io/node-pool.id": "p1" },
    ownerReferences: { nodepoolID: "p1" },
  },
  spec: { az: "eu-de-01" },
  status: {
    phase: "Error",
    reason: "no disk",
    configurationUpToDate: false,
    serverId: "s1",
    lastProbeTime: "2020-02-02 08:12:40 +0000 UTC",
  },
};

/** What the service answers with, as its documentation shows it. */
const fixtures = {
  node,
  nodes: {
    kind: "List",
    items: [node],
    pageInfo: { currentCount: 1, nextMarker: "" },
  },
  pools: {
    items: [
      {
        metadata: { uid: "p1", name: "pool", updateTimestamp: "2020-02-02 08:12:40 +0000 UTC" },
        status: {
          jobId: "j",
          currentNode: 4,
          creatingNode: 0,
          conditions: [{ type: "ConfigurationSynchronizing", status: "True", lastTransitTime: "t" }],
        },
      },
    ],
  },
  job: {
    metadata: { creationTimestamp: "t" },
    spec: {
      resourceName: "r",
      subJobs: [
        {
          spec: { resourceID: "n1", extendParam: { serverId: "s1" }, subJobs: null },
          status: { phase: "Failed", reason: "why" },
        },
      ],
    },
    status: { phase: "Running" },
  },
  cluster: { status: { phase: "Available" } },
  accepted: { jobid: "j" },
};
/** The calls that these are answers to. */
export const calls: Record<keyof typeof fixtures, (cce: CceClient) => Promise<unknown>> = {
  nodes: (cce) => cce.listNodes("c"),
  node: (cce) => cce.showNode("c", "n1"),
  pools: (cce) => cce.listNodePools("c"),
  job: (cce) => cce.showJob("j"),
  cluster: (cce) => cce.showClusterPhase("c"),
  accepted: (cce) => cce.synchronize({ clusterId: "c", nodePoolId: "p", body: {} }),
};

type Rule = (value: unknown) => boolean;
const isText: Rule = (it) => typeof it === "string";
const isNumber: Rule = (it) => typeof it === "number";
const isFlag: Rule = (it) => typeof it === "boolean";
const optional =
  (rule: Rule): Rule =>
  (it) =>
    it === undefined || rule(it);
const list =
  (rule: Rule): Rule =>
  (it) =>
    Array.isArray(it) && it.every(rule);
const shape =
  (rules: Record<string, Rule>): Rule =>
  (it) =>
    typeof it === "object" &&
    it !== null &&
    Object.keys(it).every((key) => Object.hasOwn(rules, key)) &&
    Object.entries(rules).every(([key, rule]) => rule((it as Record<string, unknown>)[key]));

const isNode = shape({
  id: (it) => isText(it) && it !== "",
  name: isText,
  poolId: isText,
  phase: isText,
  createdAt: optional(isText),
  updatedAt: optional(isText),
  upToDate: optional(isFlag),
  reason: optional(isText),
  serverId: optional(isText),
  probedAt: optional(isText),
  zone: optional(isText),
});
const isPool = shape({
  id: (it) => isText(it) && it !== "",
  name: isText,
  synchronizing: optional(isFlag),
  transition: optional(isText),
  scaling: isFlag,
  jobId: optional(isText),
  nodeCount: optional(isNumber),
  updatedAt: optional(isText),
});
const isPhase: Rule = (it) => it === "running" || it === "success" || it === "failed";
const isJobPart: Rule = shape({
  references: list((it) => isText(it) && it !== ""),
  phase: isPhase,
  createdAt: optional(isText),
  reason: optional(isText),
  parts: (it) => list(isJobPart)(it),
});
const isJob = shape({
  phase: isPhase,
  createdAt: optional(isText),
  reasons: list(isText),
  parts: list(isJobPart),
});
/** What each call may come to: a value of this shape. */
export const documented: Record<keyof typeof fixtures, Rule> = {
  nodes: list(isNode),
  node: optional(isNode),
  pools: list(isPool),
  job: optional(isJob),
  cluster: optional(isText),
  accepted: shape({ jobId: optional((it) => /^[\w-]+$/.test(String(it))) }),
};

const places = Object.fromEntries(
  Object.entries(fixtures).map(([name, fixture]) => [name, pathsOf(fixture)]),
) as Record<keyof typeof fixtures, string[][]>;
const odd = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    null,
    "",
    0,
    -1,
    1e308,
    true,
    [],
    {},
    [[]],
    [null],
    "\ud800",
    "\u001b[31m\u202e",
    "..",
    "x#y",
  ),
);
/** A real answer with some of its parts changed for anything, or anything else. */
export const answer = fc.constantFrom(...(Object.keys(fixtures) as (keyof typeof fixtures)[])).chain((name) =>
  fc.record({
    name: fc.constant(name),
    status: fc.oneof(
      { weight: 9, arbitrary: fc.constant(200) },
      fc.constantFrom(201, 204, 400, 403, 404, 409),
    ),
    body: fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .array(fc.tuple(fc.constantFrom(...places[name]), odd), { maxLength: 3 })
          .map((changes) =>
            JSON.stringify(
              changes.reduce((all, [path, value]) => put(path, value, all), fixtures[name] as unknown),
            ),
          ),
      },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: anyText() },
      { weight: 1, arbitrary: fc.constantFrom("", "<html>", "[", '{"__proto__":{"items":[]}}', "null") },
    ),
  }),
);

/** Every place in a value, its own as the empty path. */
function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  return [[...path], ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** A copy with a value put at a path, as far as what stands on the way lets it. */
function put([key, ...rest]: readonly string[], value: unknown, from: unknown): unknown {
  if (key === undefined) return value;
  if (typeof from !== "object" || from === null) return from;
  const next = put(rest, value, (from as Record<string, unknown>)[key]);
  return Array.isArray(from) ? Object.assign([...from], { [key]: next }) : { ...from, [key]: next };
}
