import { type Effect, type EmulatorOptions, profiles } from "../../emulator/index.ts";
import type { Inputs } from "../../provider/nodePoolSync/inputs/schema.ts";
import type { LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { openProxy, openTlsFront } from "../support/service/proxies.ts";
import type { errorTexts } from "./errorMessages.ts";

/** What names a text. */
export type Name = keyof typeof errorTexts;

/** What a case can set up besides the service. */
export interface Arrangement {
  /** Set beside the emulator's own variables. */
  readonly environment: Record<string, string>;
  /** Takes something that is to be closed in the end. */
  readonly use: <T extends { close(): Promise<void> }>(opened: T) => T;
}

/** How a text comes about. */
interface Case {
  readonly profile?: EmulatorOptions["profile"];
  readonly nodesPerPool?: number;
  /** Environment variables in place of those that lead to the emulator. */
  readonly environment?: Record<string, string>;
  /** Prepares the service; returns the inputs that differ from the smallest ones. */
  readonly arrange?: (
    harness: LifecycleHarness,
    arrangement: Arrangement,
  ) => Partial<Inputs> | undefined | Promise<undefined>;
  /** What is recorded of the resource, as the engine hands it over. */
  readonly recorded?: Record<string, unknown>;
  /** Milliseconds that the user grants. */
  readonly timeout?: number;
  /** How many syncs the service accepts all the same, those of others among them; default none. */
  readonly accepted?: number;
}

const forEver = Number.POSITIVE_INFINITY;

function answering(status: number, code: string, message: string, kind: "sync" | "pools" = "sync"): Case {
  const effect: Effect = { kind: "answer", status, body: { errorCode: code, errorMessage: message } };
  return {
    timeout: 180_000,
    arrange: (harness) => {
      harness.emulator.addFault({ kind, times: forEver, effect });
      return undefined;
    },
  };
}

/** Does something at each request of a kind. */
function atEach(
  moment: "arrived" | "acted",
  kind: "sync" | "pools",
  then: (harness: LifecycleHarness) => void,
): (harness: LifecycleHarness) => undefined {
  return (harness) => {
    harness.emulator.onRequest((request, when) => {
      if (request.kind === kind && when === moment) then(harness);
    });
  };
}

const inPhase = (phase: string): Case => ({
  arrange: ({ emulator }) => {
    emulator.cluster.setPhase(phase);
    return undefined;
  },
});

/** How each text comes about. */
export const cases: Record<Name, Case> = {
  "400": answering(400, "CCE.01400001", "Invalid request: spec.nodeTemplate"),
  "400 for a quota": answering(400, "CCE.01400007", "Insufficient VM quota"),
  "401": answering(401, "APIGW.0301", "Incorrect IAM authentication information: verify aksk signature fail"),
  "401 for a clock that is off": answering(401, "APIGW.0303", "Incorrect app authentication information"),
  "401 for a signature that has expired": answering(
    401,
    "APIGW.0301",
    "Incorrect IAM authentication information: signature expired",
  ),
  "403": answering(403, "CCE.01403001", "Forbidden"),
  "403 for the pool's state": answering(403, "CCE.01403003", "The node pool does not allow this"),
  "404": answering(404, "CCE.01404001", "Resource not found"),
  "409": answering(409, "CCE.01409002", "The resource version is out of date"),
  "429 for ever": answering(429, "CCE.01429003", "Too many concurrent tasks"),
  "500": { ...answering(500, "CCE.01500001", "Internal error"), timeout: undefined },
  "401 while the sync runs": {
    accepted: 1,
    arrange: ({ emulator }) => {
      const body = { error_code: "APIGW.0301", error_msg: "the signature is wrong" };
      emulator.addFault({ kind: "pools", skip: 1, effect: { kind: "answer", status: 401, body } });
      return undefined;
    },
  },
  "401 to a token": {
    environment: { HW_ACCESS_KEY: "", HW_SECRET_KEY: "", HW_AUTH_TOKEN: "canary-of-a-token" },
    // The pools and the nodes are asked for at the same time, and whichever refuses first is named.
    arrange: ({ emulator }) => {
      emulator.addFault({ kind: "nodes", times: forEver, effect: { kind: "hang" } });
      return undefined;
    },
  },
  "a variable in another spelling": { environment: { HW_ACCESSKEY: "key" } },
  "a role without an account": { environment: { HW_ASSUME_ROLE_AGENCY_NAME: "operators" } },
  "a token for a host that nobody configured": {
    environment: { HW_ACCESS_KEY: "", HW_SECRET_KEY: "", HW_AUTH_TOKEN: "canary-of-a-token" },
    arrange: () => ({ endpoint: "https://cce.example.com" }),
  },
  "a redirection": {
    arrange: ({ emulator }) => {
      const headers = { location: "https://login.example.com/" };
      const effect = { kind: "answer", status: 302, text: "Moved", headers } as const;
      emulator.addFault({ kind: "pools", effect });
      return undefined;
    },
  },
  "a redirection of the sync": {
    arrange: ({ emulator }) => {
      const headers = { location: "https://login.example.com/" };
      emulator.addFault({ kind: "sync", effect: { kind: "answer", status: 307, text: "Moved", headers } });
      return undefined;
    },
  },
  "more nodes than validateStorage allows": {
    nodesPerPool: 201,
    arrange: () => ({ validateStorage: true }),
  },
  "500 to every look": { ...answering(500, "CCE.01500001", "Internal error", "pools"), timeout: 180_000 },
  "a host that does not speak TLS": {
    arrange: ({ emulator }) => ({ endpoint: emulator.url.replace("http:", "https:") }),
  },
  "a certificate that is not trusted": {
    arrange: async ({ emulator }, { environment, use }) => {
      const { port } = use(await openTlsFront(emulator.url));
      environment.HW_ENDPOINTS = JSON.stringify({ cce: `https://127.0.0.1:${port}` });
      return undefined;
    },
  },
  "a proxy that refuses": {
    arrange: async (_, { environment, use }) => {
      const { port } = use(await openProxy({ status: 407 }));
      Object.assign(environment, { HW_ENDPOINTS: "", HTTPS_PROXY: `http://127.0.0.1:${port}` });
      return undefined;
    },
  },
  "a user whose password is wrong": {
    environment: {
      HW_ACCESS_KEY: "",
      HW_SECRET_KEY: "",
      HW_USER_NAME: "somebody",
      HW_USER_PASSWORD: "canary-of-a-password",
      HW_DOMAIN_NAME: "domain",
    },
  },
  "a project that is not there": {
    environment: { HW_PROJECT_ID: "", HW_PROJECT_NAME: "nowhere" },
  },
  "a node that fails": {
    accepted: 1,
    arrange: ({ emulator }) => {
      const [node] = emulator.cluster.pools[0]?.nodes ?? [];
      emulator.cluster.failNode(node?.id ?? "", { phase: "Error", reason: "the disk did not mount" });
      return undefined;
    },
  },
  "a job that ends before the turn of some nodes": {
    accepted: 1,
    arrange: ({ emulator }) => {
      emulator.cluster.failNextJob({ reason: "the job was stopped", afterNodes: 1, subJobs: "stranger" });
      return undefined;
    },
  },
  "a pool that disappears while the sync runs": {
    accepted: 1,
    arrange: atEach("acted", "sync", ({ emulator, inputs }) =>
      emulator.cluster.removePool(inputs.nodePoolId),
    ),
  },
  "an interruption before the sync is sent": {
    arrange: atEach("arrived", "pools", (harness) => harness.interrupt.abort()),
  },
  "an interruption before the request is answered": {
    accepted: 1,
    arrange: atEach("acted", "sync", (harness) => harness.interrupt.abort()),
  },
  "an interruption while the sync runs": {
    accepted: 1,
    arrange: atEach("acted", "pools", (harness) => {
      if (harness.emulator.acceptedSyncs.length > 0) harness.interrupt.abort();
    }),
  },
  "a state that a newer version wrote": { recorded: { __sync: { version: 99 } } },
  "a state that is none": { recorded: { status: "synced" } },
  "inputs that were never checked": { arrange: () => ({ nodeIds: 7 as unknown as string[] }) },
  "no credentials": {
    environment: { HW_ENDPOINTS: '{"cce":"http://127.0.0.1:9"}', HW_ACCESS_KEY: "", HW_SECRET_KEY: "" },
  },
  "half a credential": { environment: { HW_SECRET_KEY: "" } },
  "no region": { environment: { HW_REGION_NAME: "", HW_ENDPOINTS: "" } },
  "endpoints of garbage": { environment: { HW_ENDPOINTS: "cce=https://example.com" } },
  "endpoints of a misspelled service": {
    environment: { HW_ENDPOINTS: '{"ccee": "https://cce.example.com"}' },
  },
  "plain http to another host": { environment: { HW_ENDPOINTS: '{"cce": "http://cce.example.com"}' } },
  "everything at once": {
    environment: {
      HW_REGION_NAME: "Frankfurt!",
      HW_ENDPOINTS: '{"cce": "ftp://cce.example.com"}',
      HW_ACCESS_KEY: "",
      CCE_NODEPOOL_SYNC_POLL_INTERVAL: "soon",
    },
  },
  "nodes that are not in the pool": {
    arrange: ({ emulator }) => {
      const stranger = emulator.cluster.defaultPool.nodes[0]?.id ?? "";
      return { nodeIds: ["no-such-node", stranger] };
    },
  },
  "a list that lacks nodes": {
    timeout: 60_000,
    arrange: ({ emulator }) => {
      const body = { kind: "List", apiVersion: "v3", items: [] };
      emulator.addFault({ kind: "nodes", times: forEver, effect: { kind: "answer", status: 200, body } });
      return undefined;
    },
  },
  "a pool of another cluster": { arrange: () => ({ nodePoolId: "no-such-pool" }) },
  "an unknown cluster": { arrange: () => ({ clusterId: "no-such-cluster" }) },
  "a cluster that hibernates": inPhase("Hibernation"),
  "a cluster that is unavailable": inPhase("Unavailable"),
  "a cluster that is being upgraded": { ...inPhase("Upgrading"), timeout: 600_000 },
  "a pool that is being scaled": {
    timeout: 60_000,
    arrange: ({ emulator, inputs }) => {
      emulator.cluster.startScaling(inputs.nodePoolId, 3600);
      return undefined;
    },
  },
  "a pool that somebody else synchronizes": {
    timeout: 60_000,
    accepted: 1,
    arrange: ({ emulator, inputs }) => {
      emulator.cluster.syncByOthers(inputs.nodePoolId);
      return undefined;
    },
  },
  "a deadline shorter than one poll": { timeout: 1000, accepted: 1 },
  "a service that shows nothing of what it does": {
    profile: { ...profiles.bare, beginsAfter: forEver },
    accepted: 1,
  },
  "nodes that may not be listed": {
    arrange: ({ emulator }) => {
      const effect: Effect = { kind: "answer", status: 403, body: { errorCode: "CCE.01403001" } };
      emulator.addFault({ kind: "nodes", times: forEver, effect });
      return undefined;
    },
  },
  "a deadline in mid-sync": { timeout: 120_000, accepted: 1 },
  "an endpoint that cannot be reached": {
    timeout: 60_000,
    arrange: () => ({ endpoint: "http://127.0.0.1:1" }),
  },
};
