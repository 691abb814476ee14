import assert from "node:assert/strict";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  type TestRequest,
} from "../support/service/emulatorHarness.ts";

const minute = 60_000;

/** Requests that the gateway refuses, and why. */
const refused: Record<
  string,
  [request: (harness: EmulatorHarness) => Partial<TestRequest>, code: string, text: RegExp]
> = {
  "without a credential": [() => ({ key: false }), "APIGW.0301", /neither/],
  "with an unknown access key": [
    () => ({ key: { accessKey: "UNKNOWN", secretKey: "x" } }),
    "APIGW.0301",
    /does not exist/,
  ],
  "with a wrong secret key": [
    ({ emulator }) => ({ key: { accessKey: emulator.accessKey, secretKey: "wrong" } }),
    "APIGW.0301",
    /verify aksk signature fail/,
  ],
  "whose body was changed": [
    (harness) => ({
      method: "POST",
      path: harness.path(`/nodepools/${harness.poolId}/operation/upgrade`),
      body: "{}",
      forgedBody: "[]",
    }),
    "APIGW.0301",
    /verify aksk signature fail/,
  ],
  "whose signed header was changed": [
    () => ({ headers: { "X-Some": "a" }, after: { "X-Some": "b" } }),
    "APIGW.0301",
    /verify aksk signature fail/,
  ],
  "signed 16 minutes ago": [({ clock }) => ({ at: clock.now() - 16 * minute }), "APIGW.0303", /15 minutes/],
  "signed 16 minutes ahead": [({ clock }) => ({ at: clock.now() + 16 * minute }), "APIGW.0303", /15 minutes/],
  "without a date": [() => ({ after: { "X-Sdk-Date": "" } }), "APIGW.0303", /15 minutes/],
  "with a malformed Authorization": [
    () => ({ after: { Authorization: "SDK-HMAC-SHA256 nothing" } }),
    "APIGW.0301",
    /malformed/,
  ],
  "that names a signed header and lacks it": [
    () => ({
      after: {
        Authorization: `SDK-HMAC-SHA256 Access=%KEY%, SignedHeaders=x-absent;x-sdk-date, Signature=${"0".repeat(64)}`,
      },
    }),
    "APIGW.0301",
    /x-absent is missing/,
  ],
  "whose date is not signed": [
    () => ({
      after: {
        Authorization: `SDK-HMAC-SHA256 Access=%KEY%, SignedHeaders=host, Signature=${"0".repeat(64)}`,
      },
    }),
    "APIGW.0301",
    /x-sdk-date is not signed/,
  ],
  "with an unknown token": [
    () => ({ key: false, headers: { "X-Auth-Token": "nobody's" } }),
    "APIGW.0301",
    /token is invalid/,
  ],
};

describe("the emulated gateway", () => {
  for (const [what, [request, code, text]] of Object.entries(refused)) {
    it(`refuses a request ${what}`, async () => {
      await using harness = await createEmulatorHarness();
      const { after, ...rest } = request(harness);
      const given = after?.Authorization?.replace("%KEY%", harness.emulator.accessKey);
      const answer = await harness.send({
        path: harness.path("/nodes"),
        ...rest,
        after: given === undefined ? after : { ...after, Authorization: given },
      });
      assert.equal(answer.status, 401, answer.text);
      assert.equal(answer.json.error_code, code);
      assert.match(answer.json.error_msg, text);
      assert.match(answer.json.request_id, /^[0-9a-f]{32}$/);
    });
  }

  it("lets a signed request through, 14 minutes off too", async () => {
    await using harness = await createEmulatorHarness();
    for (const at of [0, -14 * minute, 14 * minute]) {
      const answer = await harness.send({
        path: harness.path("/nodes?limit=1"),
        at: harness.clock.now() + at,
      });
      assert.equal(answer.status, 200, answer.text);
    }
  });

  it("lets a token through in place of a signature", async () => {
    await using harness = await createEmulatorHarness();
    const headers = { "X-Auth-Token": harness.emulator.token };
    assert.equal((await harness.send({ path: harness.path("/nodes"), key: false, headers })).status, 200);
  });

  it("refuses a project that is not the caller's", async () => {
    await using harness = await createEmulatorHarness();
    const path = harness.path("").replace(harness.emulator.projectId, "stranger");
    const answer = await harness.get(path);
    assert.equal(answer.status, 403);
    assert.equal(answer.json.errorCode, "CCE.01403001");
  });

  it("does not know other paths and methods", async () => {
    await using harness = await createEmulatorHarness();
    for (const request of [{ path: "/api/v3/other" }, { path: harness.path(""), method: "DELETE" }]) {
      const answer = await harness.send(request);
      assert.equal(answer.status, 404);
      assert.equal(answer.json.error_code, "APIGW.0101");
    }
  });

  it("locks a key for five minutes after six refused signatures in a row, and the log says so", async () => {
    await using harness = await createEmulatorHarness();
    const { accessKey } = harness.emulator;
    const path = harness.path("/nodes");
    const wrong = { path, key: { accessKey, secretKey: "wrong" } };
    for (let count = 0; count < 5; count += 1) await harness.send(wrong);
    assert.equal((await harness.get(path)).status, 200, "a good signature ends the row");
    for (let count = 0; count < 6; count += 1) await harness.send(wrong);
    assert.equal((await harness.get(path)).status, 401);
    assert.match(harness.emulator.requests.at(-1)?.refusal ?? "", /the access key is locked/);
    harness.clock.pass(5 * 60);
    assert.equal((await harness.get(path)).status, 200);
  });

  it("counts anew when a lock has ended", async () => {
    await using harness = await createEmulatorHarness();
    const { accessKey } = harness.emulator;
    const path = harness.path("/nodes");
    const wrong = { path, key: { accessKey, secretKey: "wrong" } };
    for (let count = 0; count < 6; count += 1) await harness.send(wrong);
    harness.clock.pass(5 * 60);
    for (let count = 0; count < 5; count += 1) await harness.send(wrong);
    assert.equal((await harness.get(path)).status, 200);
    for (let count = 0; count < 6; count += 1) await harness.send(wrong);
    assert.equal((await harness.get(path)).status, 401);
  });

  it("locks no key for a wrong clock, a missing header or security token, or because the key has ended", async () => {
    await using harness = await createEmulatorHarness({ metadataKeySeconds: 60 });
    const path = harness.path("/nodes");
    const { access, secret, securitytoken } = (
      await harness.send({ path: "/openstack/latest/securitykey", key: false })
    ).json.credential;
    const [accessKey, secretKey] = [access, secret];
    const key = { accessKey, secretKey, securityToken: securitytoken };
    const unsigned = `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=host, Signature=${"0".repeat(64)}`;
    const early = harness.clock.now() - 16 * minute;
    for (const request of [
      { at: early, key },
      { key: { accessKey, secretKey } },
      { key, after: { Authorization: unsigned } },
    ]) {
      for (let count = 0; count < 7; count += 1) {
        assert.equal((await harness.send({ path, ...request })).status, 401);
      }
      assert.equal((await harness.send({ path, key })).status, 200);
    }
    harness.clock.pass(60);
    for (let count = 0; count < 7; count += 1) {
      assert.match((await harness.send({ path, key })).json.error_msg, /expired/);
    }
  });

  it("refuses an X-Project-Id that is not the path's project, and takes the path's", async () => {
    await using harness = await createEmulatorHarness();
    const path = harness.path("/nodes");
    const other = harness.emulator.account.projects[1]?.id ?? "";
    for (const [id, status] of [
      [harness.emulator.projectId, 200],
      [other, 403],
      ["stranger", 403],
    ] as const) {
      assert.equal((await harness.send({ path, headers: { "X-Project-Id": id } })).status, status);
      assert.equal((await harness.send({ path, after: { "X-Project-Id": id } })).status, status);
    }
    assert.equal(
      (await harness.send({ path: "/v3/projects", headers: { "X-Project-Id": other } })).status,
      200,
      "a call without a project takes any",
    );
  });
});
