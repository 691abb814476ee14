import assert from "node:assert/strict";
import { resolveSettings } from "../../../provider/config/settings.ts";
import {
  key,
  partsOf,
  place,
  problemsOf,
  secrets,
  sourceIn,
  sources,
} from "../../support/inputs/configuration.ts";

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
      partsOf(resolveSettings({}, sources({ ...place, ...environment }, config)).source);
    assert.deepEqual(credentialOf({ ...key, HW_AUTH_TOKEN: secrets.token }), ["token", secrets.token]);
    assert.deepEqual(
      credentialOf(
        { HW_AUTH_TOKEN: secrets.token },
        { "huaweicloud:accessKey": "ck", "huaweicloud:secretKey": "cs" },
      ),
      ["access key", { accessKey: "ck", secretKey: "cs" }],
    );
    assert.deepEqual(credentialOf({ ...key, HW_SECURITY_TOKEN: secrets.securityToken }), [
      "access key",
      { accessKey: "ak", secretKey: secrets.secretKey, securityToken: secrets.securityToken },
    ]);
  });

  it("names everything that is missing, and of the many ways to authenticate the usual one", () => {
    assert.deepEqual(problemsOf({}), [
      "region: not found; looked at: input region, Pulumi config huaweicloud:region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)",
      "projectId: not found, and without a region it cannot be looked up; looked at: input projectId, Pulumi config huaweicloud:projectId, huaweicloud:tenantId, environment HW_PROJECT_ID, OS_PROJECT_ID, OS_TENANT_ID",
      "credentials: not found (neither the Pulumi config nor the environment has any; the metadata service of this server was not queried, because it alone would not help). Set HW_ACCESS_KEY and HW_SECRET_KEY in the environment, or huaweicloud:accessKey and huaweicloud:secretKey in the Pulumi config; docs/credentials.md of this package has all other ways",
    ]);
  });

  it("says of a wrong region only that it is wrong, not that everything made from it is", () => {
    assert.deepEqual(problemsOf({ ...key, HW_REGION_NAME: "EU West" }), [
      "region: must be a region such as eu-west-101; it comes from environment HW_REGION_NAME",
    ]);
  });

  it("takes IAM's address from authUrl too, with or without its version, and endpoints before that", () => {
    const iamOf = (environment: Record<string, string>) =>
      resolveSettings({}, sources({ ...key, ...place, ...environment })).iamEndpoint;
    for (const url of ["https://iam.example", "https://iam.example/v3", "https://iam.example/v3/"])
      assert.equal(iamOf({ HW_AUTH_URL: url }), "https://iam.example");
    const endpoints = '{"iam":"https://own.example","sts":"https://sts.example"}';
    assert.equal(
      iamOf({ OS_AUTH_URL: "https://iam.example/v3", HW_ENDPOINTS: endpoints }),
      "https://own.example",
    );
  });

  it("does not take the configuration's project for a resource of another region", () => {
    const environment = { ...key, HW_REGION_NAME: "eu-west-101", HW_PROJECT_ID: "p", HW_PROJECT_NAME: "n" };
    const inRegion = (region?: string, projectId?: string) => {
      const settings = resolveSettings({ region, projectId }, sources(environment));
      return [settings.endpoint, settings.iamEndpoint, settings.projectId, settings.projectName];
    };
    const europe = ["https://cce.eu-west-101.myhuaweicloud.eu", "https://iam.eu-west-101.myhuaweicloud.eu"];
    const china = ["https://cce.cn-north-4.myhuaweicloud.com", "https://iam.cn-north-4.myhuaweicloud.com"];
    assert.deepEqual(inRegion(), [...europe, "p", "n"]);
    assert.deepEqual(inRegion("eu-west-101"), [...europe, "p", "n"]);
    assert.deepEqual(inRegion("cn-north-4"), [...china, undefined, "cn-north-4"]);
    assert.deepEqual(inRegion("cn-north-4", "own"), [...china, "own", "cn-north-4"]);
  });

  it("asks a server's metadata service when nothing else is there, but never for a service on this machine", () => {
    const found = (environment: Record<string, string>) => partsOf(sourceIn(environment)).slice(0, 2);
    assert.deepEqual(found({}), ["metadata service", "http://169.254.169.254"]);
    const own = found({ HW_ENDPOINTS: '{"metadata":"http://169.254.1.2"}' });
    assert.deepEqual(own, ["metadata service", "http://169.254.1.2"]);
    assert.match(
      problemsOf({ ...place, HW_ENDPOINTS: '{"cce":"http://127.0.0.1:1"}' }).join(),
      /credentials: not found .*the metadata service is not used with a local endpoint/s,
    );
  });

  it("assumes a role on top of any source of credentials, also by the names of an older form", () => {
    const config = { "huaweicloud:assumeRole": '{"agencyName":"a","domainId":"d"}' };
    const role = { agencyName: "a", domain: { id: "d" }, duration: 43_200 };
    const base = ["token", secrets.token];
    const token = { HW_AUTH_TOKEN: secrets.token };
    const found = (environment: Record<string, string>, more = {}) =>
      partsOf(resolveSettings({}, sources({ ...place, ...environment }, more)).source);
    assert.deepEqual(found(token, config), ["assumed role", role, base]);
    const older = { OS_AGENCY_NAME: "a", OS_AGENCY_DOMAIN_NAME: "n" };
    const other = { ...role, domain: { name: "n" } };
    assert.deepEqual(found({ ...token, ...older }), ["assumed role", other, base]);
  });

  it("takes one proxy for requests over TLS, however its variable is spelled, and http where no scheme is given", () => {
    const proxyOf = (environment: Record<string, string>) =>
      resolveSettings({}, sources({ ...key, ...place, ...environment })).transport.httpsProxy;
    assert.equal(proxyOf({ HTTPS_PROXY: "http://a.example:1" }), "http://a.example:1");
    assert.equal(
      proxyOf({ HTTPS_PROXY: "http://a.example:1", https_proxy: "b.example:2" }),
      "http://b.example:2",
    );
    assert.equal(proxyOf({ HTTP_PROXY: "http://a.example:1" }), undefined);
  });

  it("needs no region when the address and the project are given", () => {
    const environment = { ...key, HW_PROJECT_ID: "p", HW_ENDPOINTS: '{"cce":"https://cce.example"}' };
    const settings = resolveSettings({}, sources(environment));
    assert.deepEqual([settings.endpoint, settings.iamEndpoint], ["https://cce.example", undefined]);
  });

  it("needs a region to look a project up, though the address is given", () => {
    const problems = problemsOf({ ...key, HW_ENDPOINTS: '{"cce":"https://cce.example"}' });
    assert.deepEqual(problems, [
      "projectId: not found, and without a region it cannot be looked up; looked at: input projectId, Pulumi config huaweicloud:projectId, huaweicloud:tenantId, environment HW_PROJECT_ID, OS_PROJECT_ID, OS_TENANT_ID",
    ]);
  });
});

describe("a source of credentials", () => {
  const role = { HW_ASSUME_ROLE_AGENCY_NAME: "deployer", HW_ASSUME_ROLE_DOMAIN_NAME: "production" };
  for (const [environment, config, instance, setting] of [
    [key, {}, undefined, "environment HW_ACCESS_KEY and HW_SECRET_KEY"],
    [
      {},
      { "huaweicloud:accessKey": "ak", "huaweicloud:secretKey": secrets.secretKey },
      undefined,
      "Pulumi config huaweicloud:accessKey and huaweicloud:secretKey",
    ],
    [
      {},
      { "huaweicloud:accessKey": "ak", "huaweicloud:secretKey": secrets.secretKey },
      "production",
      'provider "production" accessKey and secretKey',
    ],
    [{ OS_AUTH_TOKEN: secrets.token }, {}, undefined, "environment OS_AUTH_TOKEN"],
    [
      { HW_USER_ID: "user", HW_USER_PASSWORD: secrets.token },
      {},
      undefined,
      "environment HW_USER_ID and HW_USER_PASSWORD",
    ],
    [{}, {}, undefined, "the metadata service at http://169.254.169.254"],
    [
      { ...key, ...role },
      {},
      undefined,
      "environment HW_ASSUME_ROLE_AGENCY_NAME, a role assumed with environment HW_ACCESS_KEY and HW_SECRET_KEY",
    ],
  ] as const)
    it(`says where it is configured: ${setting}`, () => {
      const configuration = { ...sources({ ...place, ...environment }, config), instance };
      assert.equal(resolveSettings({}, configuration).source.setting, setting);
    });
});

describe("a provider instance's configuration", () => {
  const theirs = { "huaweicloud:accessKey": "their-ak", "huaweicloud:secretKey": secrets.secretKey };
  const ours = {
    ...key,
    ...place,
    HW_ASSUME_ROLE_AGENCY_NAME: "ours",
    HW_ASSUME_ROLE_DOMAIN_NAME: "ours",
    HW_PROJECT_NAME: "ours",
    HW_CLOUD: "cloud.example",
    HW_INSECURE: "true",
    CCE_NODEPOOL_SYNC_READS_PER_SECOND: "3",
  };
  const settingsOf = (config: Record<string, string>, environment: Record<string, string> = ours) =>
    resolveSettings({}, { ...sources(environment, config), instance: "other" });

  it("with credentials takes neither role nor project of the environment, and everything else", () => {
    const { source, projectId, projectName, endpoint, transport, limits } = settingsOf(theirs);
    assert.deepEqual(partsOf(source)[1], { accessKey: "their-ak", secretKey: secrets.secretKey });
    assert.deepEqual([projectId, projectName], [undefined, "eu-west-101"]);
    assert.equal(endpoint, "https://cce.eu-west-101.cloud.example");
    assert.deepEqual([transport.insecure, limits.readsPerSecond], [true, 3]);
  });

  it("with credentials needs no environment that can be understood to say who authenticates", () => {
    assert.equal(settingsOf(theirs, { ...place, HW_ACCESS_KEY: "half" }).source.name, "access key");
    assert.equal(settingsOf(theirs, { ...place, HW_ASSUME_ROLE_IDP_ID: "idp" }).source.name, "access key");
  });

  it("without credentials takes those of the environment, with their role and, in the same region, their project", () => {
    const { source, projectId } = settingsOf({ "huaweicloud:region": "eu-west-101" });
    const [name, role, base] = partsOf(source);
    assert.deepEqual([name, (role as { agencyName: string }).agencyName], ["assumed role", "ours"]);
    assert.deepEqual((base as unknown[])[0], "access key");
    assert.equal(projectId, "p");
    const elsewhere = settingsOf({ "huaweicloud:region": "cn-north-4" });
    assert.deepEqual([elsewhere.projectId, elsewhere.projectName], [undefined, "cn-north-4"]);
  });

  it("names its settings by the inputs of the instance", () => {
    assert.throws(
      () => settingsOf({ "huaweicloud:assumeRole": '{"domainName":"d"}', ...theirs }, {}),
      ({ problems }: { problems: string[] }) => {
        assert.deepEqual(problems, [
          "assumeRole: assumeRoleDomainName is set without assumeRoleAgencyName, the agency",
          'region: not found; looked at: input region, provider "other" region, environment HW_REGION_NAME, OS_REGION_NAME (an endpoint for cce would do as well)',
          'projectId: not found, and without a region it cannot be looked up; looked at: input projectId, provider "other" projectId',
        ]);
        return true;
      },
    );
  });
});
