import assert from "node:assert/strict";
import type { RequestListener } from "node:http";
import type { CceClient } from "../../provider/cce/client.ts";
import { createHttp, type HttpClient } from "../../provider/cce/http.ts";
import { createRateLimiter } from "../../provider/cce/rateLimiter.ts";
import { isTransient, mayHaveBeenAccepted } from "../../provider/cce/retryPolicy.ts";
import { createAuthenticator } from "../../provider/credentials/authentication.ts";
import { createCredentialProviders } from "../../provider/credentials/credentialProviders.ts";
import { findProjectId } from "../../provider/credentials/project.ts";
import { errorCodes } from "../../provider/errors/codes.ts";
import { ConnectionError, InterruptedError } from "../../provider/errors/errors.ts";
import { systemClock as clock } from "../../provider/util/clock.ts";
import { sourceIn } from "../support/inputs/configuration.ts";
import { unlimitedClient } from "../support/service/cceClient.ts";
import { startHttp, startSilence } from "../support/service/loopback.ts";

/** Of what hangs, an answer would be waited for 120 s; nothing here may come near that. */
const patience = 60_000;
const request = { clusterId: "c", nodePoolId: "p", body: {} };

describe("a signal that aborts", function () {
  this.timeout(patience);
  const closing: { close(): Promise<void> }[] = [];
  const use = <T extends { close(): Promise<void> }>(opened: T): T => {
    closing.push(opened);
    return opened;
  };
  let http: HttpClient;
  let aborting: AbortController;
  beforeEach(() => {
    http = use(createHttp());
    aborting = new AbortController();
  });
  afterEach(async () => {
    for (const each of closing.splice(0)) await each.close();
  });

  const serve = async (answer?: RequestListener) => use(await startHttp(answer));
  const clientOf = (endpoint: string, parts: Partial<Parameters<typeof unlimitedClient>[0]> = {}) =>
    unlimitedClient({ endpoint, handler: http.handler, clock, ...parts });

  /** Aborts, and waits for what was under way to end as interrupted. */
  async function assertInterrupted(work: Promise<unknown>): Promise<void> {
    aborting.abort();
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof InterruptedError, String(error));
      assert.equal(error.errorCode, errorCodes.interrupted);
      assert.ok(!error.mayHaveArrived);
      assert.ok(!isTransient(error) && !mayHaveBeenAccepted(error));
      return true;
    });
  }

  const reads: Record<string, (cce: CceClient, signal: AbortSignal) => Promise<unknown>> = {
    "the list of nodes": (cce, signal) => cce.listNodes("c", signal),
    "the list of pools": (cce, signal) => cce.listNodePools("c", signal),
    "a node": (cce, signal) => cce.showNode("c", "n", signal),
    "the cluster": (cce, signal) => cce.showClusterPhase("c", signal),
    "a job": (cce, signal) => cce.showJob("j", signal),
  };
  for (const [what, read] of Object.entries(reads)) {
    it(`ends the read of ${what} that nobody answers`, async () => {
      const server = await serve();
      const work = read(clientOf(server.origin), aborting.signal);
      work.catch(() => undefined);
      await server.next();
      aborting.abort();
      await assert.rejects(work, InterruptedError);
      assert.equal(server.arrived.length, 1);
    });
  }

  it("ends a read whose answer stops half way", async () => {
    const server = await serve((_, response) => {
      response.write('{"items":[');
    });
    const work = clientOf(server.origin).listNodes("c", aborting.signal);
    work.catch(() => undefined);
    await server.next();
    aborting.abort();
    await assert.rejects(work, InterruptedError);
  });

  it("ends the pause before a read is tried again", async () => {
    const server = await serve((_, response) => response.writeHead(500).end());
    const pausing = { ...clock, sleep: asleep(clock.sleep) };
    const work = clientOf(server.origin, { clock: pausing }).listNodes("c", aborting.signal);
    work.catch(() => undefined);
    await pausing.sleep.begun;
    await assertInterrupted(work);
    assert.equal(server.arrived.length, 1);
  });

  it("ends the wait of a read for its turn, and nothing is sent", async () => {
    const server = await serve();
    const limited = createRateLimiter(1, 600_000, clock);
    await limited.enter();
    const work = clientOf(server.origin, { reads: limited }).listNodes("c", aborting.signal);
    await assertInterrupted(work);
    assert.deepEqual(server.arrived, []);
  });

  it("leaves the outcome of a sync request unknown once it may have arrived", async () => {
    const server = await serve();
    const work = clientOf(server.origin).synchronize(request, aborting.signal);
    work.catch(() => undefined);
    await server.next();
    aborting.abort();
    await assert.rejects(work, (error) => {
      assert.ok(error instanceof ConnectionError && error.mayHaveArrived);
      assert.ok(mayHaveBeenAccepted(error));
      assert.match(error.message, /request to synchronize the node pool: interrupted before the answer came/);
      return true;
    });
  });

  it("ends a sync request that waits for its connection, and its outcome is known", async () => {
    const silence = use(await startSilence());
    const work = clientOf(silence.origin).synchronize(request, aborting.signal);
    work.catch(() => undefined);
    await silence.connected;
    await assertInterrupted(work);
  });

  it("lets no sync request leave any more", async () => {
    const server = await serve();
    aborting.abort();
    await assertInterrupted(clientOf(server.origin).synchronize(request, aborting.signal));
    assert.deepEqual(server.arrived, []);
  });

  describe("while credentials are obtained", () => {
    const user = { HW_USER_NAME: "user", HW_USER_PASSWORD: "canary-password", HW_DOMAIN_NAME: "domain" };
    const providers = () => createCredentialProviders(createAuthenticator(clock), clock);
    const byPassword = (iamEndpoint: string) =>
      providers().providerFor({ source: sourceIn(user), iamEndpoint, projectId: "p" }, http.handler);
    const token = (server: RequestListener = () => undefined): RequestListener => {
      const body = JSON.stringify({ token: { expires_at: "2100-01-01T00:00:00.000000Z" } });
      return (message, response) => {
        if (message.url?.startsWith("/v3/auth/tokens"))
          response.writeHead(201, { "X-Subject-Token": "canary-token" }).end(body);
        else server(message, response);
      };
    };

    it("ends a sync request that has not left yet, and its outcome is known", async () => {
      const server = await serve();
      const handler = createAuthenticator(clock)(byPassword(server.origin), http.handler);
      const work = clientOf(server.origin, { handler }).synchronize(request, aborting.signal);
      work.catch(() => undefined);
      await server.next();
      await assertInterrupted(work);
      assert.deepEqual(server.arrived, ["POST /v3/auth/tokens?nocatalog=true"]);
    });

    it("ends one's own wait only: who asked for the same token gets it", async () => {
      let answer: () => void = () => undefined;
      const server = await serve((message, response) => {
        answer = () => token()(message, response);
      });
      const provider = byPassword(server.origin);
      const interrupted = provider.current(aborting.signal);
      const other = provider.current(new AbortController().signal);
      await server.next();
      await assertInterrupted(interrupted);
      answer();
      assert.deepEqual(await other, { kind: "token", token: "canary-token" });
      assert.equal(server.arrived.length, 1);
    });

    it("ends the exchange itself when nobody waits for it any more, and the next who needs it asks again", async () => {
      let hangs = true;
      const server = await serve((message, response) => {
        if (!hangs) token()(message, response);
      });
      const provider = byPassword(server.origin);
      const work = [provider.current(aborting.signal), provider.current(aborting.signal)];
      for (const each of work) each.catch(() => undefined);
      const message = await server.next();
      const closed = new Promise((resolve) => message.socket.once("close", resolve));
      aborting.abort();
      for (const each of work) await assert.rejects(each, InterruptedError);
      await closed;
      hangs = false;
      assert.deepEqual(await provider.current(), { kind: "token", token: "canary-token" });
      assert.equal(server.arrived.length, 2);
    });

    it("ends the look-up of a project", async () => {
      const server = await serve();
      const work = findProjectId("eu-west-101", server.origin, http.handler, clock, aborting.signal);
      work.catch(() => undefined);
      await server.next();
      aborting.abort();
      await assert.rejects(work, InterruptedError);
    });

    it("ends the question to the metadata service", async () => {
      const server = await serve();
      const source = sourceIn({ HW_ENDPOINTS: JSON.stringify({ metadata: server.origin }) });
      const work = providers().providerFor({ source }, http.handler).current(aborting.signal);
      work.catch(() => undefined);
      await server.next();
      await assertInterrupted(work);
    });

    it("ends the wait for the first answer to a key that somebody else uses", async () => {
      const server = await serve();
      const source = sourceIn({ HW_ACCESS_KEY: "AK", HW_SECRET_KEY: "canary-secret" });
      const provider = providers().providerFor({ source }, http.handler);
      const handler = createAuthenticator(clock)(provider, http.handler);
      const cce = clientOf(server.origin, { handler });
      const others = new AbortController();
      const first = cce.showJob("j", others.signal);
      await server.next();
      await assertInterrupted(cce.synchronize(request, aborting.signal));
      assert.equal(server.arrived.length, 1);
      others.abort();
      await assert.rejects(first, InterruptedError);
    });
  });
});

/** A sleep that can be waited for to begin. */
function asleep(sleep: typeof clock.sleep) {
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  const sleeping = (milliseconds: number, signal?: AbortSignal) => {
    resolve();
    return sleep(milliseconds, signal);
  };
  return Object.assign(sleeping, { begun });
}
