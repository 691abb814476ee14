import assert from "node:assert/strict";
import { resolveSettings, type Sources } from "../provider/config.ts";
import { ConfigurationError } from "../provider/errors.ts";

const secrets = {
  secretKey: "canary-secret-key",
  token: "canary-token",
  securityToken: "canary-security-token",
};
const key = { HW_ACCESS_KEY: "ak", HW_SECRET_KEY: secrets.secretKey };
const place = { HW_REGION_NAME: "eu-west-101", HW_PROJECT_ID: "p" };

const sources = (environment: Record<string, string>, config: Record<string, string> = {}): Sources => ({
  config: (name) => config[name],
  environment,
});

/** All that is said about a configuration that cannot be used. */
function problemsOf(environment: Record<string, string>, config?: Record<string, string>): readonly string[] {
  try {
    resolveSettings({}, sources(environment, config));
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    for (const secret of Object.values(secrets)) assert.ok(!error.message.includes(secret));
    return error.problems;
  }
  return [];
}

describe("the configuration", () => {
  it("makes the address from region and cloud, with Europe's own domain", () => {
    const endpointOf = (region: string, more = {}) =>
      resolveSettings({}, sources({ ...key, ...place, HW_REGION_NAME: region, ...more })).endpoint;
    assert.equal(endpointOf("cn-north-4"), "https://cce.cn-north-4.myhuaweicloud.com");
    assert.equal(endpointOf("eu-west-101"), "https://cce.eu-west-101.myhuaweicloud.eu");
    assert.equal(
      endpointOf("eu-de", { HW_CLOUD: "otc.t-systems.com" }),
      "https://cce.eu-de.otc.t-systems.com",
    );
  });

  it("takes an input before Pulumi config, and Pulumi config before the environment", () => {
    const all = sources(
      { ...key, HW_REGION_NAME: "r-3", OS_REGION_NAME: "r-4" },
      { "huaweicloud:region": "r-2" },
    );
    assert.match(resolveSettings({ region: "r-1" }, all).endpoint, /r-1/);
    assert.match(resolveSettings({}, all).endpoint, /r-2/);
    assert.match(resolveSettings({}, { ...all, config: () => undefined }).endpoint, /r-3/);
    assert.match(
      resolveSettings({}, sources({ ...key, HW_REGION_NAME: "", OS_REGION_NAME: "r-4" })).endpoint,
      /r-4/,
    );
  });

  it("takes addresses of services from Pulumi config or HW_ENDPOINTS, https where no scheme is given", () => {
    const settings = resolveSettings(
      {},
      sources(
        { ...key, ...place },
        { "huaweicloud:endpoints": '{"cce":"cce.example/","iam":"http://127.0.0.1:5"}' },
      ),
    );
    assert.equal(settings.endpoint, "https://cce.example");
    assert.equal(settings.iamEndpoint, "http://127.0.0.1:5");
  });

  it("looks a project up by the region's name when its id is not given", () => {
    const settings = resolveSettings({}, sources({ ...key, HW_REGION_NAME: "eu-west-101" }));
    assert.equal(settings.projectId, undefined);
    assert.equal(settings.projectName, "eu-west-101");
  });

  it("takes the credentials of one place only, a token before a key", () => {
    const credentialOf = (environment: Record<string, string>, config = {}) =>
      resolveSettings({}, sources({ ...place, ...environment }, config)).credential;
    assert.deepEqual(credentialOf({ ...key, HW_AUTH_TOKEN: secrets.token }), {
      kind: "token",
      token: secrets.token,
    });
    assert.deepEqual(
      credentialOf(
        { HW_AUTH_TOKEN: secrets.token },
        { "huaweicloud:accessKey": "ck", "huaweicloud:secretKey": "cs" },
      ),
      { kind: "accessKey", key: { accessKey: "ck", secretKey: "cs" } },
    );
    assert.deepEqual(credentialOf({ ...key, HW_SECURITY_TOKEN: secrets.securityToken }), {
      kind: "accessKey",
      key: { accessKey: "ak", secretKey: secrets.secretKey, securityToken: secrets.securityToken },
    });
  });

  it("tells everything that is missing, and every place that was looked at", () => {
    assert.deepEqual(problemsOf({}), [
      "region: not found; looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)",
      "projectId: not found, and without a region it cannot be looked up; looked at: input projectId, Pulumi config huaweicloud:projectId, environment HW_PROJECT_ID, OS_PROJECT_ID",
      "credentials: not found; looked at: Pulumi config huaweicloud:token, huaweicloud:accessKey, huaweicloud:secretKey, huaweicloud:securityToken, environment HW_AUTH_TOKEN, OS_AUTH_TOKEN, HW_ACCESS_KEY, OS_ACCESS_KEY, HW_SECRET_KEY, OS_SECRET_KEY, HW_SECURITY_TOKEN (an access key and its secret key, or a token)",
    ]);
  });

  for (const [what, environment, config, problem] of [
    [
      "half a key",
      { HW_ACCESS_KEY: "ak" },
      {},
      "credentials: HW_ACCESS_KEY is set without HW_SECRET_KEY; set both, or neither",
    ],
    [
      "half a key in Pulumi config, and a whole one in the environment",
      key,
      { "huaweicloud:secretKey": secrets.secretKey },
      "credentials: huaweicloud:secretKey is set without huaweicloud:accessKey; set both, or neither",
    ],
    [
      "a security token alone",
      { HW_SECURITY_TOKEN: secrets.securityToken },
      {},
      "credentials: HW_SECURITY_TOKEN is set without HW_ACCESS_KEY and HW_SECRET_KEY; set both, or neither",
    ],
    [
      "a line break in a token",
      { HW_AUTH_TOKEN: `${secrets.token}\r\nX-Evil: 1` },
      {},
      "credentials: HW_AUTH_TOKEN must hold printable ASCII characters without spaces",
    ],
    [
      "a line break in a secret key, as a file leaves it",
      { ...key, HW_SECRET_KEY: `${secrets.secretKey}\n` },
      {},
      "credentials: HW_SECRET_KEY must hold printable ASCII characters without spaces",
    ],
    [
      "a line break in an access key",
      { ...key, HW_ACCESS_KEY: "ak\r\nX-Evil: 1" },
      {},
      "credentials: HW_ACCESS_KEY must hold printable ASCII characters without spaces",
    ],
    [
      "a line break in a security token",
      { ...key, HW_SECURITY_TOKEN: `${secrets.securityToken}\n` },
      {},
      "credentials: HW_SECURITY_TOKEN must hold printable ASCII characters without spaces",
    ],
    [
      "a project id that would be another path",
      { ...key, HW_PROJECT_ID: ".." },
      {},
      'projectId: must not be "." or ".." (looked at: input projectId, Pulumi config huaweicloud:projectId, environment HW_PROJECT_ID, OS_PROJECT_ID)',
    ],
    [
      "a list of addresses",
      key,
      { "huaweicloud:endpoints": '["https://cce.example"]' },
      'endpoints: Pulumi config huaweicloud:endpoints must be a JSON object of addresses such as {"cce": "https://…"}',
    ],
    [
      "an address that is no text",
      { ...key, HW_ENDPOINTS: '{"cce":5}' },
      {},
      'endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}',
    ],
    [
      "a password in an address",
      { ...key, HW_ENDPOINTS: `{"cce":"https://user:${secrets.token}@cce.example"}` },
      {},
      "endpoint of cce: must be an address without user name, path, query or fragment",
    ],
    [
      "a cloud that would lead elsewhere",
      { ...key, HW_CLOUD: "evil.example/x?" },
      {},
      "endpoint of cce: must be an address without user name, path, query or fragment",
    ],
    [
      "addresses that are no JSON",
      { ...key, HW_ENDPOINTS: "{cce" },
      {},
      'endpoints: environment HW_ENDPOINTS must be a JSON object of addresses such as {"cce": "https://…"}',
    ],
    [
      "http to another machine",
      { ...key, HW_ENDPOINTS: '{"cce":"http://cce.example"}' },
      {},
      "endpoint of cce: must begin with https:// (plain http is taken for loopback addresses only)",
    ],
    [
      "a region that would lead elsewhere",
      { ...key, HW_REGION_NAME: "x.evil.example/" },
      {},
      "region: must be a region such as eu-west-101 (looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME)",
    ],
    [
      "a pace that is none",
      { ...key, CCE_NODEPOOL_SYNC_POLL_INTERVAL: "often" },
      {},
      "pollInterval: must be a number above 0, at most 60 (Pulumi config cce-nodepool-sync:pollInterval, environment CCE_NODEPOOL_SYNC_POLL_INTERVAL)",
    ],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.ok(
        problemsOf({ ...place, ...environment }, config).includes(problem),
        problemsOf({ ...place, ...environment }, config).join("\n"),
      );
    });
  }

  it("says of a wrong region only that it is wrong, not that everything made from it is", () => {
    assert.deepEqual(problemsOf({ ...key, HW_REGION_NAME: "EU West" }), [
      "region: must be a region such as eu-west-101 (looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME)",
    ]);
  });

  it("needs no region when the address and the project are given", () => {
    const environment = { ...key, HW_PROJECT_ID: "p", HW_ENDPOINTS: '{"cce":"https://cce.example"}' };
    const settings = resolveSettings({}, sources(environment));
    assert.deepEqual([settings.endpoint, settings.iamEndpoint], ["https://cce.example", undefined]);
  });

  it("needs a region to look a project up, though the address is given", () => {
    const problems = problemsOf({ ...key, HW_ENDPOINTS: '{"cce":"https://cce.example"}' });
    assert.deepEqual(problems, [
      "projectId: not found, and without a region it cannot be looked up; looked at: input projectId, Pulumi config huaweicloud:projectId, environment HW_PROJECT_ID, OS_PROJECT_ID",
    ]);
  });
});
