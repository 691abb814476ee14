import { type Emulator, type EmulatorOptions, startEmulator } from "../../../emulator/index.ts";
import { type AccessKey, sign } from "../../../provider/cce/signer.ts";
import { assertNoSecret } from "../secretSearch.ts";

/** A clock that stands still until it is moved. */
interface TestClock {
  readonly now: () => number;
  /** Moves it on. */
  readonly pass: (seconds: number) => void;
}

function testClock(): TestClock {
  let time = Date.UTC(2026, 0, 15, 12);
  return {
    now: () => time,
    pass(seconds) {
      time += seconds * 1000;
    },
  };
}

/** An answer as a test looks at it. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; throws when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into bodies, and a wrong path fails them.
  readonly json: any;
}

/** What a test sends. */
export interface TestRequest {
  readonly method?: string;
  /** With its query. */
  readonly path: string;
  /** A text is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Signs with this key; default the emulator's. `false` leaves the signature out. */
  readonly key?: AccessKey | false;
  /** When it is signed, in milliseconds since 1970; default the clock's or the real time. */
  readonly at?: number;
  /** Headers that are changed or added after the request was signed. */
  readonly after?: Readonly<Record<string, string>>;
  /** A body that is sent in place of the one that was signed. */
  readonly forgedBody?: string;
}

/** An emulator with the ways in which tests use it; `await using` ends it and searches its log for secrets. */
export interface EmulatorHarness extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly clock: TestClock;
  /** The id of the first pool. */
  readonly poolId: string;
  /** Path of a call of the first cluster. */
  readonly path: (rest: string) => string;
  readonly send: (request: TestRequest) => Promise<TestAnswer>;
  readonly get: (path: string) => Promise<TestAnswer>;
  /** Sends a sync of the first pool with these fields in its spec. */
  readonly sync: (spec?: Readonly<Record<string, unknown>>) => Promise<TestAnswer>;
}

export async function createEmulatorHarness(options: EmulatorOptions = {}): Promise<EmulatorHarness> {
  const clock = testClock();
  const emulator = await startEmulator({ now: clock.now, ...options });
  const { cluster, projectId } = emulator;
  const poolId = cluster.pools[0]?.id ?? "";
  const path = (rest: string) => `/api/v3/projects/${projectId}/clusters/${cluster.id}${rest}`;
  const send = (request: TestRequest) => exchange(emulator, { at: clock.now(), ...request });
  return {
    emulator,
    clock,
    poolId,
    path,
    send,
    get: (target) => send({ path: target }),
    sync: (spec = {}) =>
      send({
        method: "POST",
        path: path(`/nodepools/${poolId}/operation/upgrade`),
        body: { spec: { maxUnavailable: 1, nodePoolID: poolId, ...spec } },
      }),
    async [Symbol.asyncDispose]() {
      await emulator.close();
      const log = JSON.stringify([emulator.requests, emulator.acceptedSyncs]);
      assertNoSecret({ "the emulator's log": log }, emulator.issuedSecrets);
    },
  };
}

async function exchange(emulator: Emulator, request: TestRequest): Promise<TestAnswer> {
  const { method = "GET", path, body, at = Date.now(), key = emulator } = request;
  const text = body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body);
  const [bare = "", query = ""] = path.split("?");
  const headers: Record<string, string> = {
    Host: new URL(emulator.url).host,
    ...(body === undefined ? {} : { "Content-Type": "application/json" }),
    ...request.headers,
  };
  const signed = key ? sign({ method, path: bare, query, headers, body: text }, key, new Date(at)) : {};
  const response = await fetch(`${emulator.url}${path}`, {
    method,
    headers: { ...headers, ...signed, ...request.after },
    ...(text === "" ? {} : { body: request.forgedBody ?? text }),
  });
  const answered = await response.text();
  return {
    status: response.status,
    headers: response.headers,
    text: answered,
    get json() {
      return JSON.parse(answered);
    },
  };
}

/** A password in the salted form: Base64 of a SHA-512 crypt string. */
export const saltedPassword = Buffer.from(`$6$abcdefgh$${"x".repeat(86)}`).toString("base64");

/** The nodes of the first cluster, as ListNodes shows them. */
export async function nodesOf(harness: EmulatorHarness) {
  return (await harness.get(harness.path("/nodes"))).json.items;
}

/** The phases of the same nodes. */
export async function phases(harness: EmulatorHarness): Promise<string[]> {
  const nodes = await nodesOf(harness);
  return nodes.map(({ status }: { status: { phase: string } }) => status.phase);
}

/** The first pool, as ShowNodePool shows it. */
export async function pool(harness: EmulatorHarness, query = "") {
  return (await harness.get(harness.path(`/nodepools/${harness.poolId}${query}`))).json;
}

/** The answer of ShowJob. */
export async function job(harness: EmulatorHarness, id: string) {
  return harness.get(`/api/v3/projects/${harness.emulator.projectId}/jobs/${id}`);
}

/** The status of the pool's condition for syncs; undefined when it has none. */
export function synchronizing({ status }: { status: { conditions: { type: string; status: string }[] } }) {
  return status.conditions.find(({ type }) => type === "ConfigurationSynchronizing")?.status;
}
