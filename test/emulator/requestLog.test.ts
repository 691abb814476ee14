import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index.ts";
import { createEmulatorHarness, saltedPassword } from "../support/service/emulatorHarness.ts";

describe("the emulator's log", () => {
  it("lists every request: kind, path, query, body, status and refusal", async () => {
    await using harness = await createEmulatorHarness();
    await harness.get(harness.path("/nodepools?showDefaultNodePool=true"));
    await harness.sync({ maxUnavailable: 0 });
    await harness.sync();
    const [pools, refused, sync] = harness.emulator.requests;
    assert.deepEqual(
      [pools?.index, pools?.kind, pools?.method, pools?.query, pools?.status, pools?.accepted],
      [1, "pools", "GET", "showDefaultNodePool=true", 200, undefined],
    );
    assert.equal(pools?.path, harness.path("/nodepools"));
    assert.deepEqual([refused?.kind, refused?.status, refused?.accepted], ["sync", 400, false]);
    assert.match(refused?.refusal ?? "", /^CCE\.01400001: .*maxUnavailable/);
    assert.deepEqual([sync?.status, sync?.accepted, sync?.refusal], [200, true, undefined]);
    assert.deepEqual(sync?.body, { spec: { maxUnavailable: 1, nodePoolID: harness.poolId } });
    assert.equal(sync?.at, harness.clock.now());
  });

  it("lists every accepted sync", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 2 });
    const { cluster, acceptedSyncs } = harness.emulator;
    const nodeTemplate = { lifeCycle: { preInstall: "ZWNobyAx" }, login: { sshKey: "my-key" } };
    const { jobid } = (await harness.sync({ maxUnavailable: 2, nodeTemplate })).json;
    assert.deepEqual(acceptedSyncs, [
      {
        serial: 1,
        origin: "request",
        clusterId: cluster.id,
        poolId: harness.poolId,
        targets: cluster.pools[0]?.nodes.map(({ id }) => id),
        maxUnavailable: 2,
        at: harness.clock.now(),
        jobId: jobid,
        nodeTemplate,
      },
    ]);
  });

  it("holds no password, token, signature or secret key, whatever was asked", async () => {
    await using harness = await createEmulatorHarness({ metadata: "hardened" });
    const { emulator } = harness;
    const { user, domain, agency } = emulator.account;
    const secrets = [emulator.secretKey, emulator.token, user.password, saltedPassword, "Canary-7-plain"];
    const login = (password: string) => ({
      nodeTemplate: { lifeCycle: {}, login: { userPassword: { username: "root", password } } },
    });
    await harness.sync(login("Canary-7-plain"));
    await harness.sync(login(saltedPassword));
    await harness.send({ method: "POST", path: harness.path("/x"), body: '{"password":"Canary-7-plain"' });
    const path = harness.path("/nodes");
    await harness.send({ path, key: false, headers: { "X-Auth-Token": emulator.token } });
    const identity = { methods: ["password"], password: { user: { id: user.id, password: user.password } } };
    const token = await harness.send({
      method: "POST",
      path: "/v3/auth/tokens",
      body: { auth: { identity } },
    });
    secrets.push(token.headers.get("X-Subject-Token") ?? "");
    const role = { domain_id: domain.id, agency_name: agency };
    const { credential } = (
      await harness.send({
        method: "POST",
        path: "/v3.0/OS-CREDENTIAL/securitytokens",
        body: { auth: { identity: { methods: ["assume_role"], assume_role: role } } },
      })
    ).json;
    secrets.push(credential.secret, credential.securitytoken);
    const key = {
      accessKey: credential.access,
      secretKey: credential.secret,
      securityToken: credential.securitytoken,
    };
    await harness.send({ path, key });
    const ttl = { "X-Metadata-Token-Ttl-Seconds": "60" };
    const metadataToken = await harness.send({
      method: "PUT",
      path: "/meta-data/latest/api/token",
      headers: ttl,
    });
    secrets.push(metadataToken.text);
    const headers = { "X-Metadata-Token": metadataToken.text };
    await harness.send({ path: "/openstack/latest/securitykey", headers });

    const log = JSON.stringify([emulator.requests, emulator.acceptedSyncs]);
    assert.equal(emulator.requests.length, 9);
    for (const secret of secrets) {
      assert.ok(secret.length > 8);
      assert.equal(log.includes(secret), false);
    }
    assert.doesNotMatch(log, /Signature=/);
    assert.match(log, /"password":"\[secret\]"/);
    assert.match(log, /"username":"root"/);
  });

  it("keeps so many of the newest requests", async () => {
    await using harness = await createEmulatorHarness({ keepRequests: 2 });
    for (let count = 0; count < 5; count += 1) await harness.get(harness.path(""));
    assert.deepEqual(
      harness.emulator.requests.map(({ index }) => index),
      [4, 5],
    );
  });
});

describe("a hook on the emulator's requests", () => {
  it("is called when a request has arrived, was acted upon and is answered, until it is taken back", async () => {
    await using harness = await createEmulatorHarness();
    const seen: unknown[] = [];
    const remove = harness.emulator.onRequest(({ kind, status, accepted }, moment) => {
      seen.push([moment, kind, accepted, status, harness.emulator.acceptedSyncs.length]);
    });
    await harness.sync();
    remove();
    await harness.get(harness.path(""));
    assert.deepEqual(seen, [
      ["arrived", "sync", undefined, undefined, 0],
      ["acted", "sync", true, undefined, 1],
      ["answered", "sync", true, 200, 1],
    ]);
  });

  for (const [moment, accepted] of [
    ["arrived", 0],
    ["acted", 1],
  ] as const) {
    it(`can break the connection when a request has ${moment}`, async () => {
      await using harness = await createEmulatorHarness();
      harness.emulator.onRequest((_, now) => (now === moment ? "drop" : undefined));
      await assert.rejects(harness.sync());
      assert.equal(harness.emulator.acceptedSyncs.length, accepted);
      assert.equal(harness.emulator.requests[0]?.status, undefined);
    });
  }

  it("holds the exchange up until it is done", async () => {
    await using harness = await createEmulatorHarness();
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    harness.emulator.onRequest(async (_, moment) => {
      if (moment !== "arrived") return;
      reached.resolve();
      await gate.promise;
    });
    const answer = harness.sync();
    await reached.promise;
    assert.equal(harness.emulator.acceptedSyncs.length, 0);
    gate.resolve();
    assert.equal((await answer).status, 200);
  });

  it("that throws shows in the client", async () => {
    await using harness = await createEmulatorHarness();
    harness.emulator.onRequest(() => {
      throw new Error("the test is wrong");
    });
    const answer = await harness.sync();
    assert.equal(answer.status, 500);
    assert.match(answer.json.errorMessage, /the test is wrong/);
  });
});

describe("starting the emulator", () => {
  it("says which port is in use, and what to do", async () => {
    await using harness = await createEmulatorHarness();
    const port = Number(new URL(harness.emulator.url).port);
    await assert.rejects(startEmulator({ port }), {
      message: `port ${port} is in use by another program; choose another one, or 0 for any that is free`,
    });
  });

  it("refuses options outside their limits by name", async () => {
    for (const [options, name] of [
      [{ speed: 0 }, /^speed/],
      [{ resetSeconds: -1 }, /^resetSeconds/],
      [{ pools: 1.5 }, /^pools/],
      [{ nodesPerPool: -1 }, /^nodesPerPool/],
      [{ clusters: 0 }, /^clusters/],
      [{ port: 70_000 }, /^port/],
      [{ port: -1 }, /^port/],
      [{ keepRequests: 0 }, /^keepRequests/],
      [{ tokenSeconds: 0 }, /^tokenSeconds/],
      [{ tokenSeconds: Number.POSITIVE_INFINITY }, /^tokenSeconds/],
      [{ metadataKeySeconds: -1 }, /^metadataKeySeconds/],
      [{ metadataKeySeconds: Number.NaN }, /^metadataKeySeconds/],
      [{ speed: Number.POSITIVE_INFINITY }, /^speed/],
      [{ limits: { writesPerMinute: 0 } }, /^limits\.writesPerMinute/],
      [{ limits: { writesPerMinute: 1.5 } }, /^limits\.writesPerMinute/],
      [{ limits: { readsPerSecond: 0 } }, /^limits\.readsPerSecond/],
      [{ limits: { readsPerSecond: 1, readBurst: 0.5 } }, /^limits\.readBurst/],
      [{ limits: { retryAfterShare: 2 } }, /^limits\.retryAfterShare/],
      [{ metadata: "closed" as "off" }, /^metadata/],
      [{ profile: "constructor" as "bare" }, /profile constructor/],
    ] as const) {
      await assert.rejects(startEmulator(options), { name: "RangeError", message: name });
    }
  });

  it("gives the environment that leads a client to it", async () => {
    await using harness = await createEmulatorHarness({ region: "north-1", projectId: "p1" });
    const { environment, url, accessKey, secretKey } = harness.emulator;
    assert.deepEqual(environment, {
      HW_REGION_NAME: "north-1",
      HW_PROJECT_ID: "p1",
      HW_ACCESS_KEY: accessKey,
      HW_SECRET_KEY: secretKey,
      HW_ENDPOINTS: JSON.stringify({ cce: url, iam: url, sts: url, metadata: url }),
    });
  });
});
