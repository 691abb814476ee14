import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { EmulatorOptions } from "../../emulator/index.ts";
import { createLifecycleHarness, type LifecycleHarness } from "../support/lifecycle/lifecycleHarness.ts";
import { outcomeOf, outcomesOfAll } from "../support/lifecycle/outcome.ts";
import { VirtualClock } from "../support/lifecycle/virtualClock.ts";
import { withFolder } from "../support/programs/temporaryFolder.ts";
import { assertNoSecret } from "../support/secretSearch.ts";
import { outdate } from "../support/service/outdate.ts";

const manyResources = 200;

describe("authentication", () => {
  let harness: LifecycleHarness;
  /** What is set beside the emulator's own variables; read anew whenever a resource is worked on. */
  let environment: Record<string, string>;
  const open = async (options?: EmulatorOptions) => {
    environment = {};
    harness = await createLifecycleHarness(options, environment);
    outdate(harness);
  };
  const kinds = () => harness.emulator.requests.map(({ kind }) => kind);
  afterEach(() => harness.close());

  it("with an access key signs every request", async () => {
    await open();
    assert.equal((await outcomeOf(harness)).end, "synced");
    for (const { headers } of harness.emulator.requests) {
      assert.ok("authorization" in headers && "x-sdk-date" in headers);
      assert.ok(!("x-auth-token" in headers));
    }
  });

  it("with a token sends it as it is and signs nothing, even beside an access key", async () => {
    await open();
    environment.HW_AUTH_TOKEN = harness.emulator.token;
    assert.equal((await outcomeOf(harness)).end, "synced");
    for (const { headers } of harness.emulator.requests) {
      assert.ok("x-auth-token" in headers);
      assert.ok(!("authorization" in headers));
    }
  });

  it("with a token that the service does not know ends at once, and nothing is reset", async () => {
    await open();
    environment.HW_AUTH_TOKEN = "canary-of-a-token";
    const { end, message } = await outcomeOf(harness);
    assert.equal(end, "refused");
    assert.match(message, /401 APIGW\.0301 .*the token is invalid/);
    assertNoSecret({ message }, ["canary-of-a-token"]);
    assert.ok(!kinds().includes("sync"));
  });

  for (const [what, minutes, says] of [
    ["is behind", 47, "it is 47 minutes behind the service's"],
    ["goes ahead", -20, "it is 20 minutes ahead of the service's"],
  ] as const) {
    it(`says by how much this machine's clock ${what}, and not that the key is wrong`, async () => {
      const here = new VirtualClock().now();
      await open({ now: () => here + minutes * 60_000 });
      const { end, message } = await outcomeOf(harness);
      assert.equal(end, "refused");
      assert.match(message, /401 APIGW\.0303 /);
      assert.ok(message.includes(`Set this machine's clock: ${says}. [`), message);
      assert.doesNotMatch(message, /access key/);
    });
  }

  it("with temporary keys sends their security token", async () => {
    await open();
    Object.assign(environment, await temporaryKeys(harness));
    assert.equal((await outcomeOf(harness)).end, "synced");
    const signed = harness.emulator.requests.filter(({ kind }) => kind !== "metadata");
    assert.ok(signed.every(({ headers }) => "x-security-token" in headers));
  });

  it("with temporary keys that end while the sync runs keeps the state, and newer keys find the sync", async () => {
    await open({ nodesPerPool: 20, metadataKeySeconds: 900 });
    Object.assign(environment, await temporaryKeys(harness));
    const first = await outcomeOf(harness);
    assert.equal(first.end, "inProgress");
    assert.match(first.message, /the sync was accepted .*the temporary access key has expired/);
    Object.assign(environment, await temporaryKeys(harness));
    assert.equal((await outcomeOf(harness, { previous: first.state })).end, "synced");
    assert.equal(harness.emulator.acceptedSyncs.length, 1);
  });

  it("with a profile whose keys are renewed in its file signs with the newer ones for what comes after", async () => {
    const keySeconds = 3600;
    await open({ pools: 2, metadataKeySeconds: keySeconds });
    await withFolder(async (folder) => {
      const path = join(folder, "config.json");
      Object.assign(environment, { HW_ACCESS_KEY: "", HW_SECRET_KEY: "", HW_SHARED_CONFIG_FILE: path });
      for (const { id: nodePoolId } of harness.emulator.cluster.pools) {
        const keys = await temporaryKeys(harness);
        const stsToken = {
          accessKeyId: keys.HW_ACCESS_KEY,
          secretAccessKey: keys.HW_SECRET_KEY,
          securityToken: keys.HW_SECURITY_TOKEN,
        };
        const profiles = [{ name: "sso", mode: "SSO", ssoAuth: { stsToken } }];
        await writeFile(path, JSON.stringify({ current: "sso", profiles }));
        const { end } = await outcomeOf(harness, { inputs: { ...harness.inputs, nodePoolId } });
        assert.equal(end, "synced");
        await harness.clock.sleep(keySeconds * 1000);
      }
    });
  });

  for (const [what, projectId] of [
    ["", undefined],
    [" whose project has to be looked up", ""],
  ] as const) {
    it(`with a wrong secret key sends one request for ${manyResources} resources${what}, and none ever after`, async () => {
      // One resource a cluster: those of one cluster share their looks, which would hide what each of them sends.
      await open({ clusters: manyResources, nodesPerPool: 1 });
      Object.assign(environment, { HW_SECRET_KEY: "canary-of-a-secret-key" });
      if (projectId !== undefined) environment.HW_PROJECT_ID = projectId;
      const outcomes = [...(await outcomesOfAll(harness)), await outcomeOf(harness)];
      assert.equal(outcomes.length, manyResources + 1);
      for (const { end, message } of outcomes) {
        assert.equal(end, "refused");
        assert.match(message, /401 APIGW\.0301 .*Check the access key and the secret key/);
        assertNoSecret({ message }, ["canary-of-a-secret-key"]);
      }
      assert.equal(harness.emulator.requests.length, 1);
      assert.match(harness.emulator.requests[0]?.refusal ?? "", /verify aksk signature fail/);
    });
  }

  it("looks the project up by the region's name once, however many resources need it", async () => {
    await open({ pools: 10, nodesPerPool: 1 });
    environment.HW_PROJECT_ID = "";
    const outcomes = await outcomesOfAll(harness);
    assert.ok(outcomes.every(({ end }) => end === "synced"));
    const lookups = harness.emulator.requests.filter(({ kind }) => kind === "projects");
    assert.deepEqual(
      lookups.map(({ query }) => query),
      [`name=${harness.emulator.region}`],
    );
    const paths = harness.emulator.requests.filter(({ kind }) => kind !== "projects").map(({ path }) => path);
    assert.ok(paths.every((path) => path.startsWith(`/api/v3/projects/${harness.emulator.projectId}/`)));
  });

  it("names the project that is not there, and the places where its id can be set", async () => {
    await open();
    Object.assign(environment, { HW_PROJECT_ID: "", HW_PROJECT_NAME: "nowhere" });
    const { end, message } = await outcomeOf(harness);
    assert.equal(end, "refused");
    assert.match(
      message,
      /no project is named nowhere\. Set projectId, as an input or in the provider configuration, or HW_PROJECT_ID, /,
    );
    assert.deepEqual(kinds(), ["projects"]);
  });

  describe("to an endpoint that only the resource names", () => {
    const endpoint = "https://cce.example.com";
    /** Leads requests to that host to the emulator, which sees the host that they were meant for. */
    const lead = () =>
      harness.intercept((handler) => (request) => {
        const origin = request.origin === endpoint ? harness.emulator.url : request.origin;
        return handler({ ...request, origin });
      });

    it("sends signed requests with a warning, once for all resources", async () => {
      await open({ pools: 3 });
      lead();
      const pools = harness.emulator.cluster.pools;
      for (const { id: nodePoolId } of pools)
        assert.equal(
          (await outcomeOf(harness, { inputs: { ...harness.inputs, nodePoolId, endpoint } })).end,
          "synced",
        );
      assert.deepEqual(
        harness.messages.filter(({ severity }) => severity === "warning").map(({ message }) => message),
        [
          "requests go to https://cce.example.com, which is neither made from the region nor configured: whoever runs that host can read the requests and answer them; set it in endpoints of the provider configuration or in HW_ENDPOINTS if you trust it",
        ],
      );
    });

    for (const what of ["a token", "a user's password"]) {
      it(`with ${what} sends nothing at all`, async () => {
        await open();
        lead();
        const { user } = harness.emulator.account;
        const own = {
          HW_USER_ID: user.id,
          HW_USER_PASSWORD: user.password,
          HW_ACCESS_KEY: "",
          HW_SECRET_KEY: "",
        };
        Object.assign(environment, what === "a token" ? { HW_AUTH_TOKEN: harness.emulator.token } : own);
        const { end, message } = await outcomeOf(harness, { inputs: { ...harness.inputs, endpoint } });
        assert.equal(end, "refused");
        assert.match(
          message,
          /nothing was sent:\n- endpoint of cce: https:\/\/cce\.example\.com would get a token \((token|IAM user)\), /,
        );
        assert.deepEqual(harness.emulator.requests, []);
      });
    }
  });

  for (const [what, cce] of [
    ["plain http to a host that is not this machine", "http://cce.example.com"],
    ["plain http to a host whose name begins like this machine's", "http://localhost.example.com"],
    ["no URL", "::"],
    ["an address with a path", "https://cce.example.com/v3"],
    ["an address with a password", "https://user:canary-of-a-password@cce.example.com"],
  ] as const) {
    it(`refuses an endpoint that is ${what} before anything is sent, the look-up of the project too`, async () => {
      await open();
      environment.HW_PROJECT_ID = "";
      environment.HW_ENDPOINTS = JSON.stringify({ cce, iam: harness.emulator.url });
      const { end, message } = await outcomeOf(harness);
      assert.equal(end, "refused");
      assert.match(message, /nothing was sent:\n- endpoint of cce: must /);
      assertNoSecret({ message }, ["canary-of-a-password"]);
      const asInput = await outcomeOf(harness, { inputs: { ...harness.inputs, endpoint: cce } });
      assert.match(asInput.message, /nothing was sent:\n- endpoint of cce: must /);
      assert.equal(harness.emulator.requests.length, 0);
    });
  }
});

/** Keys that the emulated metadata service hands out, as environment variables. */
async function temporaryKeys({ emulator }: LifecycleHarness): Promise<Record<string, string>> {
  const answer = await fetch(`${emulator.url}/openstack/latest/securitykey`);
  const { credential } = (await answer.json()) as { credential: Record<string, string> };
  const { access = "", secret = "", securitytoken = "" } = credential;
  return { HW_ACCESS_KEY: access, HW_SECRET_KEY: secret, HW_SECURITY_TOKEN: securitytoken };
}
