import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import type { HttpRequest, HttpResponse } from "../../provider/cce/http.ts";
import { createTrace, type Trace } from "../../provider/trace/trace.ts";
import { linesOf } from "../support/lifecycle/traces.ts";
import { holdsInTime, ofCases } from "../support/properties.ts";
import { assertNoSecret } from "../support/secretSearch.ts";

/** Texts of at least 8 characters, each of which is in nothing but what it stands for. */
const uuid = fc.uuid();
const hexId = fc.stringMatching(/^[0-9a-f]{32}$/);
const name = fc.oneof(
  fc.stringMatching(/^canary[a-z]{4,12}$/),
  fc.stringMatching(/^canary-[a-z0-9]{2,6}-[a-z0-9]{2,6}$/),
  fc.stringMatching(/^Canary[A-Z][A-Za-z0-9_.]{3,9}x$/),
);
const secret = fc.stringMatching(/^[!-~]{12,26}$/).filter((text) => !/^(.)\1*$/.test(text));
const host = fc.stringMatching(/^canary-[a-z]{3,8}\.[a-z]{3,8}\.example$/);
const address = fc
  .tuple(fc.constantFrom("10.77", "192.168"), fc.nat(255), fc.nat(255))
  .map((p) => p.join("."));

/** The real thing: what a cluster, its account and its program are made of. */
const real = fc.record({
  project: hexId,
  cluster: uuid,
  pool: uuid,
  node: uuid,
  server: uuid,
  job: uuid,
  request: hexId,
  poolName: name,
  nodeName: name,
  zone: name,
  key: name,
  resource: name,
  host,
  address,
  secret,
  // Of plain words, which a sentence may have; and of others.
  script: fc.oneof(
    fc.stringMatching(/^mount canary[a-z]{4,9} quickly$/),
    fc.stringMatching(/^echo canary-[a-z]{8,20}$/),
  ),
});
type Real = typeof real extends fc.Arbitrary<infer T> ? T : never;

/** What can stand around a name in a sentence. */
const around = fc.constantFrom(
  " ",
  ", ",
  ": ",
  " (",
  ") ",
  '"',
  "'",
  "[",
  "] ",
  "=",
  "/",
  " <",
  "> ",
  " of ",
  "; ",
);

function nodeOf(it: Real, sentence: string) {
  return {
    metadata: {
      uid: it.node,
      name: it.nodeName,
      labels: { [it.key]: it.poolName },
      annotations: { "kubernetes.io/node-pool.id": it.pool, [it.key]: it.script },
      ownerReferences: { nodepoolID: it.pool, nodepoolName: it.poolName },
      [it.key]: { [it.zone]: [it.address, { [it.nodeName]: it.secret }] },
    },
    spec: {
      az: it.zone,
      login: { sshKey: it.key, userPassword: { password: it.secret } },
      extendParam: { "alpha.cce/postInstall": Buffer.from(it.script).toString("base64") },
    },
    status: {
      phase: "Installing",
      reason: sentence,
      serverId: it.server,
      privateIP: it.address,
      endpoint: `https://${it.host}:5443`,
      [it.address]: it.host,
    },
  };
}

/**
 * What the service could answer, with the real thing wherever it can stand. A name of letters alone that only a sentence
 * holds cannot be distinguished from other words, so the lists come first.
 */
function answersOf(
  it: Real,
  sentence: string,
): readonly (readonly [path: string, status: number, body: unknown])[] {
  const { project, cluster, pool, node, job } = it;
  const base = `/api/v3/projects/${project}/clusters/${cluster}`;
  const poolItem = {
    metadata: { uid: pool, name: it.poolName },
    spec: { nodeTemplate: { login: { sshKey: it.key }, k8sTags: { [it.key]: it.zone } } },
    status: {
      jobId: job,
      currentNode: 1,
      conditions: [{ type: "Scalable", status: "True", message: sentence }],
    },
  };
  const subJob = {
    spec: {
      resourceID: it.server,
      resourceName: it.nodeName,
      extendParam: { nodeIDs: `${node}, ${it.server}` },
    },
    status: { phase: "Failed", reason: sentence },
  };
  return [
    [
      `${base}/nodes?limit=2000&marker=${node}`,
      200,
      { items: [nodeOf(it, sentence)], pageInfo: { nextMarker: node } },
    ],
    [`${base}/nodepools?showDefaultNodePool=true`, 200, { items: [poolItem] }],
    [`${base}/nodes/${node}`, 200, nodeOf(it, sentence)],
    [
      `/api/v3/projects/${project}/jobs/${job}`,
      200,
      { spec: { subJobs: [subJob] }, status: { phase: "Running" } },
    ],
    [
      base,
      200,
      { metadata: { name: it.zone, uid: cluster }, status: { phase: "Available", endpoints: [it.host] } },
    ],
    [`${base}/nodes`, 403, { errorCode: "CCE.01403001", errorMessage: sentence, request_id: it.request }],
    [`${base}/nodes`, 503, `<html><title>${sentence}</title></html>`],
    [
      `${base}/${it.key}/${it.secret.replace(/[?#/%]/g, "_")}`,
      200,
      { anything: [it.key, { [it.host]: it.address }] },
    ],
    ["/v3/auth/tokens", 201, { token: { user: { name: it.key }, secret: it.secret } }],
  ];
}

async function exchange(
  trace: Trace,
  it: Real,
  target: string,
  status: number,
  body: unknown,
): Promise<void> {
  const [path = "", query] = target.split("?");
  const request: HttpRequest = {
    call: "list the nodes",
    method: "GET",
    origin: `https://${it.host}`,
    path,
    query,
    headers: { Authorization: it.secret, Host: it.host, "X-Auth-Token": it.secret },
  };
  const headers = {
    date: new Date(0).toUTCString(),
    "x-request-id": it.request,
    server: it.host,
    location: it.host,
  };
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response: HttpResponse = { status, headers, body: text };
  await trace.exchanges(async () => response)(request);
}

/** Lets a process with a trace do all that the answers are to. */
async function traceOf(it: Real, sentence: string, path: string): Promise<string> {
  const clock = { now: () => 0, monotonic: () => 0, sleep: async () => undefined };
  const trace = createTrace({ path, clock, interrupted: new AbortController().signal });
  trace.cover({ secrets: () => [it.secret, it.script], names: [it.key] });
  const run = trace.run();
  const selection = { clusterId: it.cluster, nodePoolId: it.pool, nodeIds: [it.node] };
  run.note("run", {
    verb: "synchronize",
    subject: it.resource,
    projectId: it.project,
    declaration: selection,
  });
  for (const [target, status, body] of answersOf(it, sentence))
    await exchange(trace, it, target, status, body);
  run.note("report", { severity: "status", message: `NodePoolSync "${it.resource}": ${sentence}` });
  const failed = [{ id: it.node, name: it.nodeName, reason: sentence }];
  const record = { owed: { [it.node]: null }, endpoint: `https://${it.host}`, password: it.secret };
  run.note("end", { record, progress: { failedNodes: failed }, error: { name: "Error", message: sentence } });
  assert.equal(trace.fault(), undefined);
  return readFileSync(path, "utf8");
}

describe("a trace of anything", () => {
  it("holds no secret, script, id, name, address or host of the real thing, wherever the service puts it", async () => {
    const folder = mkdtempSync(join(tmpdir(), "test-"));
    let cases = 0;
    const words = fc.array(fc.tuple(around, fc.nat(15), around), { minLength: 1, maxLength: 12 });
    try {
      await holdsInTime(
        fc.asyncProperty(real, words, async (it, parts) => {
          cases += 1;
          const all = Object.values(it);
          const sentence = parts.map(([before, at, after]) => `${before}${all[at]}${after}`).join("failed");
          const text = await traceOf(it, sentence, join(folder, `${cases}.jsonl`));
          assertNoSecret({ "the trace": text }, all);
          assert.ok(linesOf(text).length >= 12);
        }),
        ofCases(2000),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
