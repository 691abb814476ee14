import assert from "node:assert/strict";
import { resolveSettings } from "../../../provider/config/settings.ts";
import { key, partsOf, place, problemsOf, secrets, sources } from "../../support/inputs/configuration.ts";

const ready = { ...place, ...key };

describe("configuration that would not be read", () => {
  for (const [config, problem] of [
    ["huaweicloud:access_key", "did you mean huaweicloud:accessKey?"],
    ["huaweicloud:accesskey", "did you mean huaweicloud:accessKey?"],
    ["huaweicloud:AccessKey", "did you mean huaweicloud:accessKey?"],
    ["huaweicloud:acessKey", "did you mean huaweicloud:accessKey?"],
    ["huawei-cloud:accessKey", "did you mean huaweicloud:accessKey?"],
    ["huaweiCloud:region", "did you mean huaweicloud:region?"],
    ["huaweicloud:regions", "did you mean huaweicloud:region?"],
    ["huaweicloud:regoin", "did you mean huaweicloud:region?"],
    ["huaweicloud:rigeon", "did you mean huaweicloud:region?"],
    ["huaweicloud:clodu", "did you mean huaweicloud:cloud?"],
    ["huaweicloud:projetcName", "did you mean huaweicloud:projectName?"],
    ["huaweicloud:tenant_name", "did you mean huaweicloud:tenantName?"],
    ["huaweicloud:assume_role", "did you mean huaweicloud:assumeRole?"],
    ["huaweicloud:shared_config_file", "did you mean huaweicloud:sharedConfigFile?"],
    ["cce-nodepool-sync:poll_interval", "did you mean cce-nodepool-sync:pollInterval?"],
    ["cce-nodepool-sync:pollIntervall", "did you mean cce-nodepool-sync:pollInterval?"],
    ["cce-nodepool-sync:secretKey", "it is the plugin's, and the npm package reads huaweicloud:secretKey"],
    [
      "cce-nodepool-sync:assumeRoleAgencyName",
      "it is the plugin's, and the npm package reads huaweicloud:assumeRole.agencyName",
    ],
    [
      "huaweicloud:assumeRole.agencyName",
      "set it with `pulumi config set --path huaweicloud:assumeRole.agencyName`",
    ],
    [
      "huaweicloud:assumeRoleAgencyName",
      "set it with `pulumi config set --path huaweicloud:assumeRole.agencyName`",
    ],
    [
      "huaweicloud:endpoints.cce",
      "set it as a part of huaweicloud:endpoints, with `pulumi config set --path`",
    ],
  ] as const) {
    it(`is an error that names it: the key ${config}`, () => {
      assert.deepEqual(problemsOf(ready, { [config]: secrets.secretKey }), [
        `Pulumi config ${config}: is not a known key; ${problem}`,
      ]);
    });
  }

  it("is left alone where it is the plugin's, and has a value for this package too", () => {
    const keys = ["huaweicloud:region", "cce-nodepool-sync:region"];
    assert.deepEqual(problemsOf(ready, Object.fromEntries(keys.map((name) => [name, "eu-west-101"]))), []);
  });

  for (const [variable, meant] of [
    ["HW_ACCESSKEY", "HW_ACCESS_KEY"],
    ["hw_region_name", "HW_REGION_NAME"],
    ["OS_TENANTNAME", "OS_TENANT_NAME"],
    ["CCE_NODEPOOL_SYNC_POLLINTERVAL", "CCE_NODEPOOL_SYNC_POLL_INTERVAL"],
    ["CCE_NODEPOOL_SYNC_REQUEST_TIME_OUT", "CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT"],
    ["CCE_NODEPOOL_SYNC_READS_PER_SECONDS", "CCE_NODEPOOL_SYNC_READS_PER_SECOND"],
  ] as const) {
    it(`is an error that names it: the variable ${variable}`, () => {
      assert.deepEqual(problemsOf({ ...ready, [variable]: secrets.token }), [
        `environment ${variable}: is not a known variable; did you mean ${meant}?`,
      ]);
    });
  }

  for (const [variable, meant, left] of [
    ["HW_REGION", "HW_REGION_NAME", key],
    ["HW_REGOIN_NAME", "HW_REGION_NAME", key],
    ["HW_ACCES_KEY", "HW_ACCESS_KEY", { ...place, HW_SECRET_KEY: secrets.secretKey }],
    ["HW_SECERT_KEY", "HW_SECRET_KEY", { ...place, HW_ACCESS_KEY: "ak" }],
    ["HW_CLUOD", "HW_CLOUD", ready],
  ] as const) {
    it(`is an error that names it where the setting has no value: the variable ${variable}`, () => {
      const hint = `environment ${variable}: is not a known variable; did you mean ${meant}?`;
      assert.equal(problemsOf({ ...left, [variable]: secrets.token })[0], hint);
    });
  }

  it("is left alone where a variable has more words than that of a setting, as those of further accounts have", () => {
    const environment = {
      HW_ACCESS_KEY_2: "x",
      HW_PROJECT_ID_2: "x",
      HW_DOMAIN_NAME_B: "x",
      HW_CLOUD_2: "x",
    };
    assert.deepEqual(problemsOf({ ...key, ...environment, HW_REGION_NAME: "eu-west-101" }), []);
  });

  it("is left alone where a variable has a name much like that of a setting that has a value elsewhere", () => {
    const environment = { ...ready, HW_REGION: "x", HW_ACCES_KEY: "x" };
    assert.deepEqual(problemsOf(environment), []);
    const elsewhere = { HW_REGION: "x", HW_ACCES_KEY: "x", HW_SECRET_KEY: secrets.secretKey };
    const config = { "huaweicloud:accessKey": "ak", "huaweicloud:secretKey": secrets.secretKey };
    assert.deepEqual(problemsOf(elsewhere, config, { region: "eu-west-101" }), []);
  });

  for (const name of ["HW_ASSUME_ROLE_IDP_ID", "HW_ASSUME_ROLE_ID_TOKEN", "HW_ASSUME_ROLE_ID_TOKEN_FILE"]) {
    it(`is an error that names it: an identity provider in ${name}`, () => {
      assert.deepEqual(problemsOf({ ...ready, [name]: secrets.token }), [
        `assumeRole: ${name}: identity providers are not supported; remove it, and use another way to authenticate`,
      ]);
    });
  }

  it("is left alone where it is for others: the vendor's own keys, other tools' variables, the program's keys", () => {
    const environment = {
      ...ready,
      HW_REGION_NAME_1: "x",
      HW_MAX_RETRIES: "3",
      OS_CLOUD: "x",
      CCE_OTHER: "x",
    };
    const keys = ["regional", "maxRetries", "enterpriseProjectId", "defaultTags", "skipCheckUpgrade"];
    const config = Object.fromEntries(keys.map((name) => [`huaweicloud:${name}`, "x"]));
    const program = {
      "cce-nodepool-sync:clusterId": "c",
      "web:accessKey": "a",
      "huaweicloud:access_key": "",
    };
    assert.deepEqual(problemsOf(environment, { ...config, ...program }), []);
  });
});

describe("a role that is not understood", () => {
  const named = "assumeRole: Pulumi config huaweicloud:assumeRole";
  for (const [what, value, problem] of [
    [
      "a list",
      '[{"agencyName":"a","domainName":"d"}]',
      `${named} must be a JSON object such as {"agencyName": "…", "domainName": "…"}`,
    ],
    [
      "a bare name",
      "deployer",
      `${named} must be a JSON object such as {"agencyName": "…", "domainName": "…"}`,
    ],
    [
      "keys in snake case",
      '{"agency_name":"a","domainName":"d"}',
      `${named} has the part agency_name, which is none of agencyName, domainName, domainId, duration; did you mean agencyName?`,
    ],
    [
      "a part that is not known",
      '{"agencyName":"a","domainName":"d","policy":"p"}',
      `${named} has the part policy, which is none of agencyName, domainName, domainId, duration`,
    ],
    [
      "a part that is an object",
      '{"agencyName":{"name":"a"},"domainName":"d"}',
      `${named} must have a string or number as its part agencyName`,
    ],
    [
      "no agency",
      '{"domainName":"d"}',
      "assumeRole: huaweicloud:assumeRole.domainName is set without huaweicloud:assumeRole.agencyName, the agency",
    ],
    [
      "a duration alone",
      '{"duration":900}',
      "assumeRole: huaweicloud:assumeRole.duration is set without huaweicloud:assumeRole.agencyName, the agency",
    ],
  ] as const) {
    it(`ends the run with ${what}, and nobody goes ahead without it`, () => {
      assert.deepEqual(problemsOf(ready, { "huaweicloud:assumeRole": value }), [problem]);
    });
  }

  it("ends the run with the account of an agency in the environment, and no agency", () => {
    assert.deepEqual(problemsOf({ ...ready, HW_ASSUME_ROLE_DOMAIN_ID: "d" }), [
      "assumeRole: HW_ASSUME_ROLE_DOMAIN_ID is set without HW_ASSUME_ROLE_AGENCY_NAME, the agency",
    ]);
  });

  it("is another thing than a role whose parts are in several places, which is assumed", () => {
    const environment = { ...ready, HW_ASSUME_ROLE_DOMAIN_NAME: "d", HW_ASSUME_ROLE_DURATION: "900" };
    const config = { "huaweicloud:assumeRole": '{"agencyName":"a"}' };
    const [name, role] = partsOf(resolveSettings({}, sources(environment, config)).source);
    assert.deepEqual(
      [name, role],
      ["assumed role", { agencyName: "a", domain: { name: "d" }, duration: 900 }],
    );
  });
});
