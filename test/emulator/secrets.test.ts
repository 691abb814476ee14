import assert from "node:assert/strict";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  saltedPassword,
  type TestRequest,
} from "../support/service/emulatorHarness.ts";

const canary = "Canary-7-plain";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const template = (login: unknown, lifeCycle: unknown = {}) => ({ nodeTemplate: { lifeCycle, login } });

/** Syncs that carry what must not be kept. */
const syncs: Record<string, [spec: Record<string, unknown>, secret: string]> = {
  "a password in the place of userPassword": [template({ userPassword: canary }), canary],
  "a password in the place of login": [template(canary), canary],
  "a password under another name": [template({ userPassword: { username: "root", passwd: canary } }), canary],
  "a password beside the login": [{ nodeTemplate: { passwd: canary } }, canary],
  "a password that lies outside login": [
    { nodeTemplate: { userPassword: { username: "root", pass: canary } } },
    canary,
  ],
  "a password in a list": [template({ userPassword: [canary] }), canary],
  "a password below username": [template({ username: { of: canary } }), canary],
  "a password that is a number": [template({ userPassword: { code: 70_000_000_007 } }), "70000000007"],
  "a salted password in a script's place": [
    template({ sshKey: "my-key" }, { preInstall: saltedPassword }),
    saltedPassword,
  ],
  "a script that sets a salted password": [
    template({ sshKey: "my-key" }, { postInstall: base64("usermod -p '$6$abc$def' root") }),
    base64("usermod -p '$6$abc$def' root"),
  ],
  "a salted password as a node's id": [{ nodeIDs: [saltedPassword] }, saltedPassword],
  "a crypt string that is not encoded": [{ nodeIDs: ["$6$abc$def"] }, "$6$abc$def"],
};

/** Every secret that the emulator has issued, by what it is. */
async function issued(harness: EmulatorHarness): Promise<Record<string, string>> {
  const { secretKey, token, account } = harness.emulator;
  const { user } = account;
  const identity = { methods: ["password"], password: { user: { id: user.id, password: user.password } } };
  const ofIam = await harness.send({ method: "POST", path: "/v3/auth/tokens", body: { auth: { identity } } });
  const ttl = { "X-Metadata-Token-Ttl-Seconds": "60" };
  const metadataToken = await harness.send({
    method: "PUT",
    path: "/meta-data/latest/api/token",
    headers: ttl,
  });
  const key = await harness.send({
    path: "/openstack/latest/securitykey",
    headers: { "X-Metadata-Token": metadataToken.text },
  });
  const { secret, securitytoken } = key.json.credential;
  return {
    secretKey,
    token,
    password: user.password,
    tokenOfIam: ofIam.headers.get("X-Subject-Token") ?? "",
    metadataToken: metadataToken.text,
    temporarySecretKey: secret,
    securityToken: securitytoken,
  };
}

/** Places of a request in which a secret may be sent by mistake. */
const places: Record<string, (harness: EmulatorHarness, secret: string) => TestRequest> = {
  path: (harness, secret) => ({ path: harness.path(`/nodepools/x-${secret}`) }),
  query: (harness, secret) => ({ path: harness.path(`/nodes?marker=${secret}`) }),
  "name of a query": (harness, secret) => ({ path: harness.path(`/nodes?${secret}`) }),
  "percent-encoded query": (harness, secret) => ({
    path: harness.path(
      `/nodes?marker=${[...Buffer.from(secret)].map((byte) => `%${byte.toString(16)}`).join("")}`,
    ),
  }),
  header: (harness, secret) => ({ path: harness.path("/nodes"), headers: { "X-Note": `see ${secret}` } }),
  body: (_, secret) => ({
    method: "POST",
    path: "/v3/auth/tokens",
    body: { note: [{ text: `<${secret}>` }] },
  }),
  "name in a body": (_, secret) => ({ method: "POST", path: "/v3/auth/tokens", body: { [secret]: 1 } }),
  "Base64 text of a path": (harness, secret) => ({ path: harness.path(`/${base64(`a ${secret}`)}`) }),
  "Base64 text of a refused sync": (harness, secret) => ({
    method: "POST",
    path: harness.path(`/nodepools/${harness.poolId}/operation/upgrade`),
    body: { spec: { maxUnavailable: 1, nodePoolID: harness.poolId, nodeIDs: ["x", base64(`a ${secret}`)] } },
  }),
  "Base64 text": (_, secret) => ({
    method: "POST",
    path: "/v3/auth/tokens",
    body: { script: base64(`a ${secret}`) },
  }),
  "sync that is refused": (harness, secret) => ({
    method: "POST",
    path: harness.path(`/nodepools/${harness.poolId}/operation/upgrade`),
    body: { spec: { maxUnavailable: 1, nodePoolID: harness.poolId, nodeIDs: [secret] } },
  }),
};

function assertHidden(harness: EmulatorHarness, secret: string): void {
  const log = JSON.stringify([harness.emulator.requests, harness.emulator.acceptedSyncs]);
  for (const form of [secret, base64(`a ${secret}`)]) assert.equal(log.includes(form), false, log);
  assert.match(log, /\[secret\]/);
}

describe("the emulator's log hides", () => {
  for (const [what, [spec, secret]] of Object.entries(syncs)) {
    it(what, async () => {
      await using harness = await createEmulatorHarness();
      await harness.sync(spec);
      assertHidden(harness, secret);
    });
  }

  for (const [place, request] of Object.entries(places)) {
    it(`every secret that was issued, in the ${place}`, async () => {
      await using harness = await createEmulatorHarness({ metadata: "hardened" });
      for (const [name, secret] of Object.entries(await issued(harness))) {
        assert.ok(secret.length > 8, name);
        await harness.send(request(harness, secret));
        assertHidden(harness, secret);
        const [record] = harness.emulator.requests.slice(-1);
        const shown = JSON.stringify({ ...record, headers: { note: record?.headers["x-note"] } });
        assert.match(shown, /\[secret\]/, name);
        if (place.includes("percent")) assert.equal(record?.query, "[secret]");
      }
    });
  }

  it("a credential in a query, whoever issued it", async () => {
    await using harness = await createEmulatorHarness();
    await harness.get(harness.path(`/nodes?limit=1&password=${canary}&X-Auth-Token=${canary}`));
    assert.equal(harness.emulator.requests[0]?.query, "limit=1&password=[secret]&X-Auth-Token=[secret]");
  });
});

describe("the emulator's log shows", () => {
  it("who logs in, and scripts without a password", async () => {
    await using harness = await createEmulatorHarness();
    const lifeCycle = { preInstall: base64("echo 1"), waitPostInstallFinish: true };
    const password = saltedPassword;
    await harness.sync(template({ userPassword: { username: "root", password } }, lifeCycle));
    const shown = { lifeCycle, login: { userPassword: { username: "root", password: "[secret]" } } };
    assert.deepEqual(harness.emulator.acceptedSyncs[0]?.nodeTemplate, shown);
    const spec = { maxUnavailable: 1, nodePoolID: harness.poolId, nodeTemplate: shown };
    assert.deepEqual(harness.emulator.requests[0]?.body, { spec });
  });

  it("path and query as they were sent", async () => {
    await using harness = await createEmulatorHarness();
    await harness.get(harness.path("/nodepools/a%2Fb%zz?b=%20&a&&c=1=2"));
    const [request] = harness.emulator.requests;
    assert.deepEqual(
      [request?.path, request?.query],
      [harness.path("/nodepools/a%2Fb%zz"), "b=%20&a&&c=1=2"],
    );
  });
});
