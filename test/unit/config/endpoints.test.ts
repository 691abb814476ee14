import assert from "node:assert/strict";
import { resolveSettings } from "../../../provider/config/settings.ts";
import { key, place, problemsOf, secrets, sources } from "../../support/inputs/configuration.ts";

const ready = { ...place, ...key };

describe("an address that cannot be used", () => {
  const region = { HW_ACCESS_KEY: "ak", HW_SECRET_KEY: secrets.secretKey };
  for (const [what, environment, config, problem] of [
    [
      "in the environment",
      { HW_ENDPOINTS: '{"cce":"ftp://cce.example"}' },
      {},
      "endpoint of cce: must be a URL such as https://cce.eu-west-101.myhuaweicloud.eu; this address comes from environment HW_ENDPOINTS",
    ],
    [
      "in the Pulumi configuration",
      { HW_PROJECT_ID: "p" },
      { "huaweicloud:endpoints": '{"cce":"http://cce.example"}' },
      "endpoint of cce: must begin with https:// (plain http is accepted for loopback addresses only); this address comes from Pulumi config huaweicloud:endpoints",
    ],
    [
      "of IAM",
      { HW_ENDPOINTS: '{"cce":"https://cce.example"}', OS_AUTH_URL: "https://iam.example/v2.0" },
      {},
      "endpoint of iam: must be an address without user name, path, query or fragment; this address comes from environment OS_AUTH_URL",
    ],
    [
      "for its service's name",
      { HW_ENDPOINTS: '{"CCE":"https://cce.example"}', HW_PROJECT_ID: "p" },
      {},
      "endpoints: environment HW_ENDPOINTS has the part CCE, which is none of cce, iam, sts, metadata; did you mean cce?",
    ],
    [
      "for a service that is spelled wrong",
      { HW_ENDPOINTS: '{"ccee":"https://cce.example"}', HW_PROJECT_ID: "p" },
      {},
      "endpoints: environment HW_ENDPOINTS has the part ccee, which is none of cce, iam, sts, metadata; did you mean cce?",
    ],
    [
      "for a service that this package never calls",
      { HW_ENDPOINTS: '{"cce":"https://cce.example","ecs":"https://ecs.example"}', HW_PROJECT_ID: "p" },
      {},
      "endpoints: environment HW_ENDPOINTS has the part ecs, which is none of cce, iam, sts, metadata",
    ],
    [
      "for a service that is spelled wrong in what the vendor's provider reads too",
      { HW_PROJECT_ID: "p" },
      { "huaweicloud:endpoints": '{"ecs":"https://ecs.example","metdata":"https://cce.example"}' },
      "endpoints: Pulumi config huaweicloud:endpoints has the part metdata, which is none of cce, iam, sts, metadata; did you mean metadata?",
    ],
  ] as const) {
    it(`is named with the setting that it comes from, and nothing is said that follows from it: ${what}`, () => {
      assert.deepEqual(problemsOf({ ...region, ...environment }, config), [problem]);
    });
  }

  it("is not one for the vendor's provider, which has services whose names are much like ours", () => {
    for (const service of ["ecs", "cci", "cse", "cts", "iec", "sms", "ccev1", "cce_addon"]) {
      const endpoints = JSON.stringify({ [service]: "not of ours", cce: "https://cce.example" });
      const settings = resolveSettings({}, sources(ready, { "huaweicloud:endpoints": endpoints }));
      assert.equal(settings.endpoint, "https://cce.example", service);
    }
  });

  it("is one in a provider instance, whose endpoints are for this package alone", () => {
    const config: Record<string, string> = { "huaweicloud:endpoints": '{"ecs":"https://ecs.example"}' };
    assert.throws(
      () => resolveSettings({}, { config: (name) => config[name], environment: ready, instance: "other" }),
      /endpoints: provider "other" endpoints has the part ecs, which is none of cce, iam, sts, metadata/,
    );
  });

  it("is not one for the blanks around it", () => {
    const environment = { HW_REGION_NAME: " eu-west-101\n", HW_PROJECT_ID: "p ", ...region };
    const plain = resolveSettings({}, sources(environment));
    assert.deepEqual([plain.endpoint, plain.projectId], ["https://cce.eu-west-101.myhuaweicloud.eu", "p"]);
    const endpoints = {
      HW_ENDPOINTS: ' {"cce":" https://cce.example "} ',
      HW_AUTH_URL: " https://iam.example/v3 ",
    };
    const given = resolveSettings({}, sources({ ...environment, ...endpoints }));
    assert.deepEqual([given.endpoint, given.iamEndpoint], ["https://cce.example", "https://iam.example"]);
  });
});

describe("an endpoint that only a resource names", () => {
  const token = { ...place, HW_AUTH_TOKEN: secrets.token };
  const user = { ...place, HW_USER_ID: "u", HW_USER_PASSWORD: secrets.token };
  const trusted = [
    "https://cce.eu-west-101.myhuaweicloud.eu",
    "https://cce.ap-southeast-3.myhuaweicloud.com",
    "http://127.0.0.1:8080",
  ];
  const strange = [
    "https://cce.example.com",
    "https://cce.eu-west-101.myhuaweicloud.eu.example.com",
    "https://cce.eu-west-101.myhuaweicloud.eu:8443",
    "https://cce.obs.myhuaweicloud.com",
    "https://ecs.eu-west-101.myhuaweicloud.eu",
    "https://evil.com.cce.eu-west-101.myhuaweicloud.eu",
    "https://cce.eu-west-101.myhuaweicloud.evil",
  ];

  for (const [name, environment] of Object.entries({ token, "IAM user": user })) {
    it(`gets no token (${name}) unless it is made from a region, configured, or on this machine`, () => {
      for (const endpoint of trusted)
        assert.equal(resolveSettings({ endpoint }, sources(environment)).isTrustedEndpoint, true);
      for (const endpoint of strange) {
        const problem = `endpoint of cce: ${endpoint} would get a token (${name}), and is neither made from the region nor configured; set it in Pulumi config huaweicloud:endpoints or HW_ENDPOINTS if you trust it, or use an access key`;
        assert.deepEqual(problemsOf(environment, {}, { endpoint }), [problem]);
        const configured = { ...environment, HW_ENDPOINTS: JSON.stringify({ cce: endpoint }) };
        assert.equal(resolveSettings({ endpoint }, sources(configured)).isTrustedEndpoint, true);
      }
    });
  }

  it("gets signatures, and is known as one that nobody vouched for", () => {
    for (const endpoint of strange)
      assert.equal(resolveSettings({ endpoint }, sources(ready)).isTrustedEndpoint, false);
  });

  it("is not trusted for being recorded in the state either", () => {
    const endpoint = "https://cce.example.com";
    assert.match(
      problemsOf(token, {}, { endpoint, endpointSetting: "the recorded state" }).join(),
      /would get a token/,
    );
  });
});
