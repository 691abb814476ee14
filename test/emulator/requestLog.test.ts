import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index.ts";
import { openScene, saltedPassword } from "./client.ts";

describe("the emulator's log", () => {
  it("tells every request: kind, path, query, body, status and refusal", async () => {
    await using scene = await openScene();
    await scene.get(scene.path("/nodepools?showDefaultNodePool=true"));
    await scene.sync({ maxUnavailable: 0 });
    await scene.sync();
    const [pools, refused, sync] = scene.emulator.requests;
    assert.deepEqual(
      [pools?.index, pools?.kind, pools?.method, pools?.query, pools?.status, pools?.accepted],
      [1, "pools", "GET", "showDefaultNodePool=true", 200, undefined],
    );
    assert.equal(pools?.path, scene.path("/nodepools"));
    assert.deepEqual([refused?.kind, refused?.status, refused?.accepted], ["sync", 400, false]);
    assert.match(refused?.refusal ?? "", /^CCE\.01400001: .*maxUnavailable/);
    assert.deepEqual([sync?.status, sync?.accepted, sync?.refusal], [200, true, undefined]);
    assert.deepEqual(sync?.body, { spec: { maxUnavailable: 1, nodePoolID: scene.poolId } });
    assert.equal(sync?.at, scene.clock.now());
  });

  it("tells every accepted sync", async () => {
    await using scene = await openScene({ nodesPerPool: 2 });
    const { cluster, acceptedSyncs } = scene.emulator;
    const nodeTemplate = { lifeCycle: { preInstall: "ZWNobyAx" }, login: { sshKey: "my-key" } };
    const { jobid } = (await scene.sync({ maxUnavailable: 2, nodeTemplate })).json;
    assert.deepEqual(acceptedSyncs, [
      {
        clusterId: cluster.id,
        poolId: scene.poolId,
        targets: cluster.pools[0]?.nodes.map(({ id }) => id),
        maxUnavailable: 2,
        at: scene.clock.now(),
        jobId: jobid,
        nodeTemplate,
      },
    ]);
  });

  it("holds no password, token, signature or secret key, whatever was asked", async () => {
    await using scene = await openScene({ metadata: "hardened" });
    const { emulator } = scene;
    const { user, domain, agency } = emulator.account;
    const secrets = [emulator.secretKey, emulator.token, user.password, saltedPassword, "Canary-7-plain"];
    const login = (password: string) => ({
      nodeTemplate: { lifeCycle: {}, login: { userPassword: { username: "root", password } } },
    });
    await scene.sync(login("Canary-7-plain"));
    await scene.sync(login(saltedPassword));
    await scene.send({ method: "POST", path: scene.path("/x"), body: '{"password":"Canary-7-plain"' });
    const path = scene.path("/nodes");
    await scene.send({ path, key: false, headers: { "X-Auth-Token": emulator.token } });
    const identity = { methods: ["password"], password: { user: { id: user.id, password: user.password } } };
    const token = await scene.send({ method: "POST", path: "/v3/auth/tokens", body: { auth: { identity } } });
    secrets.push(token.headers.get("X-Subject-Token") ?? "");
    const role = { domain_id: domain.id, agency_name: agency };
    const { credential } = (
      await scene.send({
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
    await scene.send({ path, key });
    const ttl = { "X-Metadata-Token-Ttl-Seconds": "60" };
    const metadataToken = await scene.send({
      method: "PUT",
      path: "/meta-data/latest/api/token",
      headers: ttl,
    });
    secrets.push(metadataToken.text);
    const headers = { "X-Metadata-Token": metadataToken.text };
    await scene.send({ path: "/openstack/latest/securitykey", headers });

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
    await using scene = await openScene({ keepRequests: 2 });
    for (let count = 0; count < 5; count += 1) await scene.get(scene.path(""));
    assert.deepEqual(
      scene.emulator.requests.map(({ index }) => index),
      [4, 5],
    );
  });
});

describe("a hook on the emulator's requests", () => {
  it("is called when a request has arrived, was acted upon and is answered, until it is taken back", async () => {
    await using scene = await openScene();
    const seen: unknown[] = [];
    const remove = scene.emulator.onRequest(({ kind, status, accepted }, moment) => {
      seen.push([moment, kind, accepted, status, scene.emulator.acceptedSyncs.length]);
    });
    await scene.sync();
    remove();
    await scene.get(scene.path(""));
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
      await using scene = await openScene();
      scene.emulator.onRequest((_, now) => (now === moment ? "drop" : undefined));
      await assert.rejects(scene.sync());
      assert.equal(scene.emulator.acceptedSyncs.length, accepted);
      assert.equal(scene.emulator.requests[0]?.status, undefined);
    });
  }

  it("holds the exchange up until it is done", async () => {
    await using scene = await openScene();
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    scene.emulator.onRequest(async (_, moment) => {
      if (moment !== "arrived") return;
      reached.resolve();
      await gate.promise;
    });
    const answer = scene.sync();
    await reached.promise;
    assert.equal(scene.emulator.acceptedSyncs.length, 0);
    gate.resolve();
    assert.equal((await answer).status, 200);
  });

  it("that throws shows in the client", async () => {
    await using scene = await openScene();
    scene.emulator.onRequest(() => {
      throw new Error("the test is wrong");
    });
    const answer = await scene.sync();
    assert.equal(answer.status, 500);
    assert.match(answer.json.errorMessage, /the test is wrong/);
  });
});

describe("starting the emulator", () => {
  it("says which port is in use, and what to do", async () => {
    await using scene = await openScene();
    const port = Number(new URL(scene.emulator.url).port);
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
    await using scene = await openScene({ region: "north-1", projectId: "p1" });
    const { environment, url, accessKey, secretKey } = scene.emulator;
    assert.deepEqual(environment, {
      HW_REGION_NAME: "north-1",
      HW_PROJECT_ID: "p1",
      HW_ACCESS_KEY: accessKey,
      HW_SECRET_KEY: secretKey,
      HW_ENDPOINTS: JSON.stringify({ cce: url, iam: url, sts: url, metadata: url }),
    });
  });
});
