import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { createHttp } from "../../provider/cce/http.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf } from "../support/lifecycle/outcome.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { outdate } from "../support/service/outdate.ts";
import { openProxy, openTlsFront, type TestProxy, tlsFile } from "../support/service/proxies.ts";

const caFile = fileURLToPath(new URL("../fixtures/tls/ca.pem", import.meta.url));
const host = "cce.test-1.cloud.example:443";

describe("the way to the service", () => {
  let environment: Record<string, string>;
  let harness: LifecycleHarness;
  const closing: { close(): Promise<void> }[] = [];
  const use = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(opened);
    return opened;
  };
  beforeEach(async () => {
    environment = {};
    harness = use(await createLifecycleHarness({}, environment));
    outdate(harness);
  });
  afterEach(async () => {
    for (const each of closing.splice(0).reverse()) await each.close();
  });

  /** The service under a name of its own, behind TLS and a proxy. */
  async function beyondProxy(credentials = ""): Promise<TestProxy> {
    const front = use(await openTlsFront(harness.emulator.url));
    const proxy = use(await openProxy(front));
    Object.assign(environment, {
      HW_REGION_NAME: "test-1",
      HW_CLOUD: "cloud.example",
      HW_ENDPOINTS: "",
      HTTPS_PROXY: `http://${credentials}127.0.0.1:${proxy.port}`,
      OS_CACERT: caFile,
    });
    return proxy;
  }

  /** The service on loopback, behind TLS. */
  async function behindTls(wantsClient?: boolean): Promise<void> {
    const front = use(await openTlsFront(harness.emulator.url, wantsClient));
    environment.HW_ENDPOINTS = JSON.stringify({ cce: `https://127.0.0.1:${front.port}` });
  }

  it("leads through the proxy that the environment names, and every request is the same", async () => {
    const proxy = await beyondProxy();
    assert.equal((await outcomeOf(harness)).end, "synced");
    assert.deepEqual([...new Set(proxy.tunnels)], [host]);
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
  });

  it("tells the proxy its user name and password, and nobody else", async () => {
    const proxy = await beyondProxy("user:canary-of-a-proxy@");
    const { end, state } = await outcomeOf(harness);
    assert.equal(end, "synced");
    const expected = `Basic ${Buffer.from("user:canary-of-a-proxy").toString("base64")}`;
    assert.deepEqual([...new Set(proxy.credentials)], [expected]);
    assertNoSecret({ state: JSON.stringify(state), log: JSON.stringify(harness.emulator.requests) }, [
      "canary-of-a-proxy",
    ]);
  });

  it("leads past the proxy to the hosts that NO_PROXY names", async () => {
    const proxy = await beyondProxy();
    Object.assign(environment, { NO_PROXY: ".cloud.example", HW_ENDPOINTS: "" });
    // Without the proxy nobody knows this name.
    const { end, message } = await outcomeOf(harness, { timeout: 20_000 });
    assert.equal(end, "refused");
    assert.match(message, /cce\.test-1\.cloud\.example cannot be reached \((ENOTFOUND|EAI_AGAIN)\)/);
    assert.deepEqual(proxy.tunnels, []);
  });

  for (const [noProxy, isProxied] of [
    ["198.51.100.0/24,192.0.2.0/25", true],
    ["198.51.100.0/24,192.0.2.128/25", false],
  ] as const) {
    it(`leads ${isProxied ? "through" : "past"} the proxy with NO_PROXY=${noProxy}, for 192.0.2.200`, async () => {
      const front = use(await openTlsFront(harness.emulator.url));
      const proxy = use(await openProxy(front));
      // Nobody has an address of the range for documentation: past the proxy, no answer comes.
      const http = use(
        createHttp({ httpsProxy: `http://127.0.0.1:${proxy.port}`, noProxy, answerTimeout: 500 }),
      );
      const request = {
        call: "ask",
        method: "GET",
        origin: "https://192.0.2.200",
        path: "/",
        headers: {},
      } as const;
      await assert.rejects(http.handler(request));
      assert.deepEqual(proxy.tunnels, isProxied ? ["192.0.2.200:443"] : []);
    });
  }

  it("never leads to loopback through a proxy", async () => {
    const proxy = use(await openProxy({ status: 500 }));
    Object.assign(environment, {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
    });
    assert.equal((await outcomeOf(harness)).end, "synced");
    assert.deepEqual(proxy.tunnels, []);
  });

  for (const [status, remedy] of [
    [407, "Put the proxy's user name and password into HTTPS_PROXY"],
    [403, "Allow this host in the proxy"],
  ] as const) {
    it(`ends at once where the proxy refuses the host with ${status}`, async () => {
      await beyondProxy();
      const proxy = use(await openProxy({ status }));
      environment.HTTPS_PROXY = `http://user:canary-of-a-proxy@127.0.0.1:${proxy.port}`;
      const { end, message } = await outcomeOf(harness);
      assert.equal(end, "refused");
      assert.ok(
        message.includes(
          `nothing was sent: the proxy refuses requests to cce.test-1.cloud.example (${status}). ${remedy}, or name the host in NO_PROXY. [nodepoolsync/unreachable]`,
        ),
        message,
      );
      assertNoSecret({ message }, ["canary-of-a-proxy"]);
    });
  }

  it("is tried until the deadline while the proxy cannot reach the host", async () => {
    await beyondProxy();
    const proxy = use(await openProxy({ status: 502 }));
    environment.HTTPS_PROXY = `http://127.0.0.1:${proxy.port}`;
    const { end, message } = await outcomeOf(harness, { timeout: 30_000 });
    assert.equal(end, "refused");
    assert.match(message, /the proxy cannot reach cce\.test-1\.cloud\.example \(502\)/);
    assert.ok(proxy.tunnels.length > 1);
  });

  it("does not lead to a server whose certificate nobody vouches for", async () => {
    await behindTls();
    const { end, message } = await outcomeOf(harness);
    assert.equal(end, "refused");
    assert.match(
      message,
      /nothing was sent: 127\.0\.0\.1:\d+ has a certificate that is not trusted \([A-Z_]+\)\. Correct the endpoint, or set its issuer's certificate as cacertFile in the provider configuration or as OS_CACERT/,
    );
    assert.equal(harness.emulator.requests.length, 0);
  });

  for (const [what, value] of [
    ["a file", caFile],
    ["its text", tlsFile("ca.pem")],
  ] as const) {
    it(`leads to a server whose issuer is configured, as ${what}`, async () => {
      await behindTls();
      environment.OS_CACERT = value;
      assert.equal((await outcomeOf(harness)).end, "synced");
    });
  }

  it("shows a client's certificate where it is configured, and where the server wants one", async () => {
    await behindTls(true);
    Object.assign(environment, {
      OS_CACERT: caFile,
      OS_CERT: tlsFile("client.pem"),
      OS_KEY: tlsFile("client.key"),
    });
    assert.equal((await outcomeOf(harness)).end, "synced");
    delete environment.OS_CERT;
    delete environment.OS_KEY;
    const { end } = await outcomeOf(harness, { timeout: 1000 });
    assert.equal(end, "refused");
  });

  it("leads to any server with HW_INSECURE, and says so", async () => {
    await behindTls();
    environment.HW_INSECURE = "true";
    assert.equal((await outcomeOf(harness)).end, "synced");
    assert.deepEqual(notices(harness), [
      ["warning", "certificates are not verified (insecure, HW_INSECURE)"],
      ["info", "using the local endpoint https"],
    ]);
  });

  it("is not worth a notice on a real service with verified certificates", async () => {
    await beyondProxy();
    assert.equal((await outcomeOf(harness)).end, "synced");
    assert.deepEqual(notices(harness), []);
  });

  it("is given up for an answer that takes longer than the request time-out", async () => {
    environment.CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT = "1";
    harness.emulator.addFault({ kind: "pools", times: 4, effect: { kind: "hang" } });
    assert.equal((await outcomeOf(harness)).end, "synced");
    const { end, message } = await hanging(harness);
    assert.equal(end, "refused");
    assert.match(message, /127\.0\.0\.1:\d+ did not answer within 1 s/);
  });
});

/** What was said of the way to the service, up to its first colon. */
function notices({ messages }: LifecycleHarness): [severity: string, text: string | undefined][] {
  return messages
    .filter(({ message }) => /^(certificates|using the local endpoint)/.test(message))
    .map(({ severity, message }) => [severity, message.split(":")[0]]);
}

async function hanging(harness: LifecycleHarness) {
  harness.restart();
  harness.emulator.addFault({ kind: "pools", times: Number.POSITIVE_INFINITY, effect: { kind: "hang" } });
  return outcomeOf(harness, { timeout: 20_000 });
}
