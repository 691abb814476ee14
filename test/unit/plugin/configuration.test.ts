import assert from "node:assert/strict";
import { resolveSettings } from "../../../provider/config/settings.ts";
import type { Configuration } from "../../../provider/config/sources.ts";
import {
  configurationOf,
  configurationProblems,
  withSecrets,
} from "../../../provider/plugin/configuration.ts";
import { unknownValue } from "../../../provider/util/unknowns.ts";

const canary = "Canary-of-a-secret-key";

const keys = { HW_ACCESS_KEY: "other-key", HW_SECRET_KEY: "other-secret" };

/** What keeps the configuration from being used. */
function problemsOf(configuration: Configuration): string {
  try {
    resolveSettings({}, configuration);
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

describe("the configuration of a provider instance", () => {
  it("is fine when it is empty, since the environment may have everything", () => {
    assert.deepEqual(configurationProblems({}, {}), []);
  });

  it("is fine with what the engine adds, with unknown values and with null", () => {
    const given = {
      version: "1.2.3",
      pluginDownloadURL: "x",
      region: unknownValue,
      cloud: null,
      pollInterval: 7,
    };
    assert.deepEqual(configurationProblems(given, {}), []);
  });

  it("may have native values, as YAML and Go send them, and texts, as the other SDKs do", () => {
    const endpoints = { cce: "https://cce.example.com" };
    for (const given of [
      { insecure: true, pollInterval: 7, endpoints },
      { insecure: "true", pollInterval: "7", endpoints: JSON.stringify(endpoints) },
    ])
      assert.deepEqual(configurationProblems(given, {}), []);
  });

  it("names every setting that there is none of, with the one that was probably meant", () => {
    const problems = configurationProblems({ acessKey: "a", "huaweicloud:region": "r", region: "r-1" }, {});
    assert.equal(problems.length, 2);
    assert.equal(problems[0], "acessKey: is not a setting; did you mean accessKey?");
    assert.match(problems[1] ?? "", /^huaweicloud:region: is not a setting; /);
  });

  it("names every value of a wrong type, and shows none", () => {
    const given = {
      secretKey: { value: canary },
      pollInterval: [],
      insecure: 3,
      endpoints: ["a"],
      region: true,
    };
    const problems = configurationProblems(given, {});
    assert.deepEqual(problems, [
      "secretKey: must be a string",
      "pollInterval: must be a number",
      "insecure: must be true or false",
      'endpoints: must be a map of addresses such as {"cce": "https://…"}',
      "region: must be a string",
    ]);
  });

  it("names values that no run could use, before any run", () => {
    const given = { pollInterval: 0, insecure: "perhaps", endpoints: { cce: "ftp://x" }, cert: "/nowhere" };
    const problems = configurationProblems(given, {});
    for (const name of ["pollInterval", "insecure", "endpoint of cce", "cert"])
      assert.ok(
        problems.some((problem) => problem.startsWith(`${name}: `)),
        `${name} in ${problems}`,
      );
  });

  it("is recorded with its secrets marked, also those that are not known yet", () => {
    const { region, secretKey, token } = withSecrets({
      region: "r-1",
      secretKey: canary,
      token: unknownValue,
    });
    assert.equal(region, "r-1");
    const marked = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
    assert.deepEqual(secretKey, { ...marked, value: canary });
    assert.deepEqual(token, { ...marked, value: unknownValue });
  });

  it("goes before the environment", () => {
    const given = {
      region: "eu-west-101",
      projectId: "own",
      accessKey: "own-key",
      secretKey: canary,
      pollInterval: "7",
    };
    const environment = { HW_PROJECT_ID: "other", ...keys };
    const { projectId, limits } = resolveSettings({}, configurationOf(given, environment));
    assert.equal(projectId, "own");
    assert.equal(limits.pollInterval, 7);
  });

  it("is named in messages after the instance, with the names that a program gives", () => {
    const half = configurationOf({ region: "eu-west-101", accessKey: "a" }, {}, "production");
    assert.throws(() => resolveSettings({}, half), /accessKey is set without secretKey/);
    const slow = configurationOf({ ...keys, region: "eu-west-101", pollInterval: "0" }, keys, "production");
    assert.throws(() => resolveSettings({}, slow), /provider "production" pollInterval/);
    const role = configurationOf(
      { region: "eu-west-101", assumeRoleAgencyName: "deployer" },
      keys,
      "production",
    );
    assert.throws(() => resolveSettings({}, role), /assumeRoleAgencyName is set without/);
    const none = configurationOf({ endpoints: { cce: "http://127.0.0.1:9" } }, {}, "production");
    assert.throws(
      () => resolveSettings({}, none),
      /neither the provider "production" nor .*, or accessKey and secretKey in the provider "production";/,
    );
  });

  it("is named by the keys of the stack, where no program has made the instance", () => {
    const given = {
      endpoints: { cce: "http://127.0.0.1:9" },
      accessKey: "a",
      pollInterval: "0",
      assumeRoleAgencyName: "deployer",
    };
    const problems = problemsOf(configurationOf(given, {}));
    assert.match(
      problems,
      /credentials: cce-nodepool-sync:accessKey is set without cce-nodepool-sync:secretKey; set both, or neither/,
    );
    assert.match(problems, /\(Pulumi config cce-nodepool-sync:pollInterval, environment CCE_/);
    assert.doesNotMatch(problems, /huaweicloud:|provider "/);
    assert.match(
      problemsOf(configurationOf({ endpoints: { cce: "http://127.0.0.1:9" } }, {})),
      /neither the Pulumi config nor .*, or cce-nodepool-sync:accessKey and cce-nodepool-sync:secretKey in the Pulumi config;/,
    );
    const place = { endpoint: "https://cce.example.com", region: "r-1" };
    assert.throws(
      () => resolveSettings(place, configurationOf({ token: canary }, {})),
      /set it in Pulumi config cce-nodepool-sync:endpoints or HW_ENDPOINTS/,
    );
  });

  it("is named after its instance in what a check finds", () => {
    const given = { endpoints: { cce: "ftp://x" } };
    assert.match(
      configurationProblems(given, {}, "production").join(),
      /from provider "production" endpoints/,
    );
    assert.match(configurationProblems(given, {}).join(), /from Pulumi config cce-nodepool-sync:endpoints/);
  });
});
