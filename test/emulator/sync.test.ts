import assert from "node:assert/strict";
import {
  createEmulatorHarness,
  type EmulatorHarness,
  saltedPassword,
} from "../support/service/emulatorHarness.ts";

const template = (lifeCycle: unknown, login: unknown) => ({ nodeTemplate: { lifeCycle, login } });
const key = { sshKey: "my-key" };
const withPassword = (password: string) => template({}, { userPassword: { password } });
const script = (characters: number) => "A".repeat(characters);

const accepted: Record<string, Record<string, unknown>> = {
  "the smallest request": {},
  "maxUnavailable at its lower bound": { maxUnavailable: 1 },
  "maxUnavailable at its upper bound": { maxUnavailable: 20 },
  "a key pair": template({}, key),
  "a salted password": withPassword(saltedPassword),
  "scripts of 10,240 characters together": template(
    { preInstall: script(5120), postInstall: script(5120) },
    key,
  ),
  "the fields that the newer SDKs know": {
    ...template({ waitPostInstallFinish: true }, key),
    force: true,
    retryTimes: 2,
    skippedNodes: ["some-node"],
    validateStorage: true,
  },
  "a policy for volumes": {
    nodeTemplate: {
      lifeCycle: {},
      login: key,
      volumeConfig: { volumeResetPolicy: "retain_custom_volumes" },
    },
  },
};

const refused: Record<string, [spec: Record<string, unknown>, problem: RegExp]> = {
  "no maxUnavailable": [{ maxUnavailable: undefined }, /spec\.maxUnavailable/],
  "maxUnavailable below 1": [{ maxUnavailable: 0 }, /spec\.maxUnavailable/],
  "maxUnavailable above 20": [{ maxUnavailable: 21 }, /spec\.maxUnavailable/],
  "maxUnavailable that is no whole number": [{ maxUnavailable: 1.5 }, /spec\.maxUnavailable/],
  "maxUnavailable as text": [{ maxUnavailable: "1" }, /spec\.maxUnavailable/],
  "no nodePoolID": [{ nodePoolID: undefined }, /spec\.nodePoolID/],
  "an empty nodePoolID": [{ nodePoolID: "" }, /spec\.nodePoolID/],
  "a nodePoolID that is not the path's": [{ nodePoolID: "DefaultPool" }, /not the node pool of the path/],
  "node ids that are no texts": [{ nodeIDs: [1] }, /spec\.nodeIDs\.0/],
  "an empty list of nodes": [{ nodeIDs: [] }, /spec\.nodeIDs/],
  "a node named twice": [{ nodeIDs: ["a", "a"] }, /each node once/],
  "nodes that are not in the pool": [{ nodeIDs: ["stranger-1", "stranger-2"] }, /stranger-1, stranger-2/],
  "a template without lifeCycle": [{ nodeTemplate: { login: key } }, /nodeTemplate\.lifeCycle/],
  "a template without login": [{ nodeTemplate: { lifeCycle: {} } }, /nodeTemplate\.login/],
  "lifeCycle spelled as another API has it": [
    { nodeTemplate: { lifecycle: {}, lifeCycle: {}, login: key } },
    /lifecycle/,
  ],
  "a login by no way": [template({}, {}), /either sshKey or userPassword/],
  "a login by two ways": [
    template({}, { ...key, userPassword: { password: saltedPassword } }),
    /either sshKey or userPassword/,
  ],
  "a password in plain text": [withPassword("Canary-7-plain"), /password: must be salted/],
  "a password that is Base64 by chance": [withPassword("Passw0rd"), /password: must be salted/],
  "a salted password that is not encoded": [withPassword(`$6$a$${"x".repeat(86)}`), /must be salted/],
  "a script that is not Base64": [template({ preInstall: "echo 1" }, key), /preInstall: must be Base64/],
  "scripts of more than 10,240 characters together": [
    template({ preInstall: script(5120), postInstall: script(5124) }, key),
    /10240 characters/,
  ],
  "an unknown policy for volumes": [
    { nodeTemplate: { lifeCycle: {}, login: key, volumeConfig: { volumeResetPolicy: "keep" } } },
    /volumeResetPolicy/,
  ],
  "a field that is not the API's": [{ triggers: ["a"] }, /triggers/],
};

describe("the emulated sync call", () => {
  for (const [what, spec] of Object.entries(accepted)) {
    it(`accepts ${what}`, async () => {
      await using harness = await createEmulatorHarness();
      const answer = await harness.sync(spec);
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.json.jobid, /^[0-9a-f-]{36}$/);
      assert.equal(harness.emulator.acceptedSyncs.length, 1);
    });
  }

  for (const [what, [spec, problem]] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      await using harness = await createEmulatorHarness();
      assertRefused(await harness.sync(spec), 400, "CCE.01400001", problem);
      assert.deepEqual(harness.emulator.acceptedSyncs, []);
    });
  }

  it("never quotes what it refuses", async () => {
    await using harness = await createEmulatorHarness();
    const { text } = await harness.sync(withPassword("Canary-7-plain"));
    assert.doesNotMatch(text, /Canary/);
  });

  it("takes kind, apiVersion and metadata beside the spec, as SDKs send them, and nothing else", async () => {
    await using harness = await createEmulatorHarness();
    const spec = { maxUnavailable: 1, nodePoolID: harness.poolId };
    const sdk = { kind: "NodePool", apiVersion: "v3", metadata: { name: "x" }, spec };
    assertRefused(await post(harness, { ...sdk, status: {} }), 400, "CCE.01400001", /status/);
    assert.equal((await post(harness, sdk)).status, 200);
  });

  it("refuses a body that is no JSON, and one of another type", async () => {
    await using harness = await createEmulatorHarness();
    assertRefused(await post(harness, "{"), 400, "CCE.01400001", /body/);
    const headers = { "Content-Type": "text/plain" };
    assertRefused(await post(harness, "{}", headers), 400, "CCE.01400001", /Content-Type/);
  });

  it("allows validateStorage for at most 200 nodes, also when none is named", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 201 });
    const spec = { validateStorage: true };
    assertRefused(await harness.sync(spec), 400, "CCE.01400001", /at most 200 nodes/);
    const ids = harness.emulator.cluster.pools[0]?.nodes.map(({ id }) => id) ?? [];
    assert.equal((await harness.sync({ ...spec, nodeIDs: ids.slice(1) })).status, 200);
  });

  it("does not find a cluster or a pool that is not there", async () => {
    await using harness = await createEmulatorHarness();
    const spec = { maxUnavailable: 1, nodePoolID: "x" };
    const elsewhere = harness.path("x/nodepools/x/operation/upgrade");
    for (const path of [elsewhere, harness.path("/nodepools/x/operation/upgrade")]) {
      const answer = await harness.send({ method: "POST", path, body: { spec } });
      assertRefused(answer, 404, "CCE.01404001", /does not exist/);
    }
  });

  it("does not find a pool of another cluster", async () => {
    await using harness = await createEmulatorHarness({ clusters: 2 });
    const other = harness.emulator.clusters[1]?.pools[0]?.id ?? "";
    const path = harness.path(`/nodepools/${other}/operation/upgrade`);
    const body = { spec: { maxUnavailable: 1, nodePoolID: other } };
    assert.equal((await harness.send({ method: "POST", path, body })).status, 404);
  });

  it("refuses a second sync of the pool while one runs, and takes it afterwards", async () => {
    await using harness = await createEmulatorHarness({ nodesPerPool: 1, resetSeconds: 120 });
    await harness.sync();
    assertRefused(await harness.sync(), 403, "CCE.01403003", /being synchronized/);
    harness.clock.pass(119.9);
    assert.equal((await harness.sync()).status, 403);
    harness.clock.pass(0.1);
    assert.equal((await harness.sync()).status, 200);
    assert.equal(harness.emulator.acceptedSyncs.length, 2);
  });

  it("refuses while the cluster is in any phase but Available", async () => {
    await using harness = await createEmulatorHarness();
    harness.emulator.cluster.setPhase("Hibernation");
    assertRefused(await harness.sync(), 403, "CCE.01403009", /Hibernation/);
    assert.equal((await harness.get(harness.path(""))).json.status.phase, "Hibernation");
  });

  it("refuses while the pool is being scaled", async () => {
    await using harness = await createEmulatorHarness();
    harness.emulator.cluster.startScaling(harness.poolId, 60);
    assertRefused(await harness.sync(), 400, "CCE.01400023", /scaled/);
    assert.equal((await firstPool(harness)).status.phase, "Synchronizing");
    harness.clock.pass(60);
    assert.equal((await harness.sync()).status, 200);
  });

  it("refuses the default pool without a template, since it has none of its own", async () => {
    await using harness = await createEmulatorHarness({ defaultPoolNodes: 1 });
    const answer = await harness.send({
      method: "POST",
      path: harness.path("/nodepools/DefaultPool/operation/upgrade"),
      body: { spec: { maxUnavailable: 1, nodePoolID: "DefaultPool" } },
    });
    assertRefused(answer, 400, "CCE.01400001", /nodeTemplate is required for DefaultPool/);
    assert.deepEqual(harness.emulator.acceptedSyncs, []);
  });

  it("takes the default pool, with the nodes that belong to no other", async () => {
    await using harness = await createEmulatorHarness({ defaultPoolNodes: 2 });
    const answer = await harness.send({
      method: "POST",
      path: harness.path("/nodepools/DefaultPool/operation/upgrade"),
      body: { spec: { maxUnavailable: 1, nodePoolID: "DefaultPool", ...template({}, key) } },
    });
    assert.equal(answer.status, 200);
    const ids = harness.emulator.cluster.defaultPool.nodes.map(({ id }) => id);
    assert.deepEqual(harness.emulator.acceptedSyncs[0]?.targets, ids);
  });
});

function post(harness: EmulatorHarness, body: unknown, headers: Record<string, string> = {}) {
  const path = harness.path(`/nodepools/${harness.poolId}/operation/upgrade`);
  return harness.send({ method: "POST", path, body, headers });
}

async function firstPool(harness: EmulatorHarness) {
  return (await harness.get(harness.path(`/nodepools/${harness.poolId}`))).json;
}

function assertRefused(
  answer: Awaited<ReturnType<EmulatorHarness["sync"]>>,
  status: number,
  code: string,
  text: RegExp,
) {
  assert.equal(answer.status, status, answer.text);
  assert.equal(answer.json.errorCode, code);
  assert.match(answer.json.errorMessage, text);
  assert.match(answer.headers.get("X-Request-Id") ?? "", /^[0-9a-f]{32}$/);
}
