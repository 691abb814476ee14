import assert from "node:assert/strict";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  type TestAnswer,
} from "../support/service/emulatorHarness.ts";

const tokenPath = "/v3/auth/tokens";
const securityTokenPath = "/v3.0/OS-CREDENTIAL/securitytokens";
const stsPath = "/v5/agencies/assume";
const securityKeyPath = "/openstack/latest/securitykey";
const metadataTokenPath = "/meta-data/latest/api/token";

function askForToken(harness: EmulatorHarness, user: unknown, scope?: unknown): Promise<TestAnswer> {
  const identity = { methods: ["password"], password: { user } };
  return harness.send({ method: "POST", path: tokenPath, key: false, body: { auth: { identity, scope } } });
}

function nodesWith(harness: EmulatorHarness, token: string): Promise<TestAnswer> {
  return harness.send({ path: harness.path("/nodes"), key: false, headers: { "X-Auth-Token": token } });
}

function assumeRole(harness: EmulatorHarness, role: Record<string, unknown>): Promise<TestAnswer> {
  const identity = { methods: ["assume_role"], assume_role: role };
  return harness.send({ method: "POST", path: securityTokenPath, body: { auth: { identity } } });
}

describe("the emulated IAM", () => {
  it("issues a token by user name or id, for a project by its name or id", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, user } = harness.emulator.account;
    const { projectId, region } = harness.emulator;
    for (const [who, project] of [
      [{ name: user.name, password: user.password, domain: { name: domain.name } }, { name: region }],
      [{ name: user.name, password: user.password, domain: { id: domain.id } }, { id: projectId }],
      [{ id: user.id, password: user.password }, { id: projectId }],
    ]) {
      const answer = await askForToken(harness, who, { project });
      assert.equal(answer.status, 201, answer.text);
      assert.equal(answer.json.token.project.id, projectId);
      assert.equal(answer.json.token.expires_at, "2026-01-16T12:00:00.000000Z");
      assert.equal((await nodesWith(harness, answer.headers.get("X-Subject-Token") ?? "")).status, 200);
    }
  });

  it("lets a token end when its time is over", async () => {
    await using harness = await createEmulatorHarness({ tokenSeconds: 600 });
    const { user } = harness.emulator.account;
    const scope = { project: { id: harness.emulator.projectId } };
    const answer = await askForToken(harness, { id: user.id, password: user.password }, scope);
    const token = answer.headers.get("X-Subject-Token") ?? "";
    harness.clock.pass(599);
    assert.equal((await nodesWith(harness, token)).status, 200);
    harness.clock.pass(1);
    const late = await nodesWith(harness, token);
    assert.deepEqual([late.status, late.json.error_code], [401, "APIGW.0301"]);
  });

  it("issues a token for the domain, which is not good for a project's clusters", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, user } = harness.emulator.account;
    const answer = await askForToken(
      harness,
      { id: user.id, password: user.password },
      { domain: { id: domain.id } },
    );
    assert.equal(answer.json.token.domain.id, domain.id);
    const token = answer.headers.get("X-Subject-Token") ?? "";
    assert.equal((await nodesWith(harness, token)).status, 403);
    const headers = { "X-Auth-Token": token };
    assert.equal((await harness.send({ path: "/v3/projects", key: false, headers })).status, 200);
  });

  it("refuses a wrong password, user, domain, project and body in Keystone's shape", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, user } = harness.emulator.account;
    const { id, name, password } = user;
    for (const [who, scope, status] of [
      [{ id, password: "wrong" }, undefined, 401],
      [{ id: "nobody", password }, undefined, 401],
      [{ name, password, domain: { name: "elsewhere" } }, undefined, 401],
      [{ id, password }, { project: { name: "elsewhere" } }, 404],
      [{ id, password }, { domain: { name: "elsewhere" } }, 404],
      [{ name, domain: { name: domain.name } }, undefined, 400],
    ] as const) {
      const answer = await askForToken(harness, who, scope);
      assert.equal(answer.status, status);
      assert.equal(answer.json.error.code, status);
      assert.equal(answer.headers.get("X-Subject-Token"), null);
    }
  });

  it("looks up projects by name, for those who may ask", async () => {
    await using harness = await createEmulatorHarness({ region: "north-1", projectId: "p".repeat(32) });
    const found = async (query: string) =>
      (await harness.get(`/v3/projects${query}`)).json.projects.map(({ id }: { id: string }) => id);
    assert.deepEqual(await found("?name=north-1"), ["p".repeat(32)]);
    assert.deepEqual(await found("?name=south-1"), []);
    assert.equal((await found("")).length, 2);
    assert.equal((await harness.send({ path: "/v3/projects", key: false })).status, 401);
  });

  it("hands out temporary keys of an agency, which need their security token and end", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, agency } = harness.emulator.account;
    for (const who of [{ domain_name: domain.name }, { domain_id: domain.id }]) {
      const role = { ...who, agency_name: agency, duration_seconds: 900 };
      const answer = await assumeRole(harness, role);
      assert.equal(answer.status, 201, answer.text);
      const { access, secret, securitytoken } = answer.json.credential;
      await assertTemporary(harness, { accessKey: access, secretKey: secret, securityToken: securitytoken });
    }
  });

  it("hands out the same by STS", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, agency } = harness.emulator.account;
    const answer = await harness.send({
      method: "POST",
      path: stsPath,
      body: {
        agency_urn: `iam::${domain.id}:agency:${agency}`,
        agency_session_name: "test",
        duration_seconds: 900,
      },
    });
    assert.equal(answer.status, 200, answer.text);
    const { access_key_id, secret_access_key, security_token } = answer.json.credentials;
    await assertTemporary(harness, {
      accessKey: access_key_id,
      secretKey: secret_access_key,
      securityToken: security_token,
    });
  });

  it("refuses an unknown agency, a wrong duration, and who has no credential", async () => {
    await using harness = await createEmulatorHarness();
    const { domain, agency } = harness.emulator.account;
    const role = { domain_id: domain.id, agency_name: agency, duration_seconds: 900 };
    assert.equal((await assumeRole(harness, { ...role, agency_name: "other" })).status, 403);
    assert.equal((await assumeRole(harness, { ...role, duration_seconds: 60 })).status, 400);
    const body = { agency_urn: "iam::x:agency:y", agency_session_name: "test", duration_seconds: 900 };
    assert.equal((await harness.send({ method: "POST", path: stsPath, body })).status, 403);
    assert.equal((await harness.send({ method: "POST", path: stsPath, body, key: false })).status, 401);
  });
});

describe("the id of a request", () => {
  const ids = ["X-Request-Id", "X-IAM-Trace-Id"];
  const idHeaders = ({ headers }: TestAnswer) =>
    ids.filter((name) => /^[0-9a-f]{32}$/.test(headers.get(name) ?? ""));

  it("is X-IAM-Trace-Id in the answers of IAM, in refusals too, and X-Request-Id in CCE's", async () => {
    await using harness = await createEmulatorHarness();
    const { account, projectId } = harness.emulator;
    const { id, password } = account.user;
    const ofIam = [
      await askForToken(harness, { id, password }, { project: { id: projectId } }),
      await askForToken(harness, { id, password: "wrong" }),
      await harness.get("/v3/projects"),
      await harness.send({ path: "/v3/projects", key: false }),
      await assumeRole(harness, { agency_name: "none" }),
      await harness.send({ method: "POST", path: stsPath, body: {} }),
    ];
    assert.deepEqual(
      ofIam.map(({ status }) => status),
      [201, 401, 200, 401, 400, 400],
    );
    for (const answer of ofIam) assert.deepEqual(idHeaders(answer), ["X-IAM-Trace-Id"]);
    for (const path of [harness.path("/nodes"), harness.path("/nodepools/x"), "/v3/other"]) {
      assert.deepEqual(idHeaders(await harness.get(path)), ["X-Request-Id"]);
    }
  });

  it("is the same in the header and in the body of a refusal by the gateway", async () => {
    await using harness = await createEmulatorHarness();
    for (const [path, name] of [
      [harness.path("/nodes"), "X-Request-Id"],
      ["/v3/projects", "X-IAM-Trace-Id"],
    ] as const) {
      const answer = await harness.send({ path, key: false });
      assert.equal(answer.headers.get(name), answer.json.request_id);
    }
  });
});

describe("the emulated metadata service", () => {
  it("hands out temporary keys to everyone", async () => {
    await using harness = await createEmulatorHarness({ metadataKeySeconds: 900 });
    const answer = await harness.send({ path: securityKeyPath, key: false });
    const { access, secret, securitytoken, expires_at } = answer.json.credential;
    assert.equal(expires_at, "2026-01-15T12:15:00.000000Z");
    await assertTemporary(harness, { accessKey: access, secretKey: secret, securityToken: securitytoken });
    assert.equal((await harness.send({ method: "PUT", path: metadataTokenPath, key: false })).status, 404);
  });

  it("asks for a token of its own where it is hardened", async () => {
    await using harness = await createEmulatorHarness({ metadata: "hardened" });
    assert.equal((await harness.send({ path: securityKeyPath, key: false })).status, 401);
    const ttl = (seconds: string) => ({ "X-Metadata-Token-Ttl-Seconds": seconds });
    const put = { method: "PUT", path: metadataTokenPath, key: false } as const;
    assert.equal((await harness.send({ ...put, headers: ttl("21601") })).status, 400);
    const { text } = await harness.send({ ...put, headers: ttl("60") });
    const withToken = { path: securityKeyPath, key: false, headers: { "X-Metadata-Token": text } } as const;
    assert.equal((await harness.send(withToken)).status, 200);
    harness.clock.pass(60);
    assert.equal((await harness.send(withToken)).status, 401);
  });

  it("can be absent", async () => {
    await using harness = await createEmulatorHarness({ metadata: "off" });
    assert.equal((await harness.send({ path: securityKeyPath, key: false })).status, 404);
  });
});

/** Temporary keys are good with their token, for 900 seconds, and not without it. */
async function assertTemporary(
  harness: EmulatorHarness,
  key: { accessKey: string; secretKey: string; securityToken: string },
): Promise<void> {
  const path = harness.path("/nodes");
  const { accessKey, secretKey } = key;
  assert.equal((await harness.send({ path, key })).status, 200);
  assert.equal((await harness.send({ path, key: { accessKey, secretKey } })).status, 401);
  harness.clock.pass(900);
  const late = await harness.send({ path, key });
  assert.equal(late.status, 401);
  assert.match(late.json.error_msg, /expired/);
}
