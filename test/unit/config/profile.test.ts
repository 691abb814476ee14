import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolveSettings, type Settings } from "../../../provider/config/settings.ts";
import { ConfigurationError } from "../../../provider/errors/errors.ts";
import { partsOf } from "../../support/inputs/configuration.ts";

const secret = "canary-of-a-secret-key";
const keys = { accessKeyId: "ak", secretAccessKey: secret };

describe("the shared configuration file", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "profile-"));
    path = join(folder, "config.json");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: unknown) =>
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  /** The settings when the environment names the file, and the stack's configuration holds `config`. */
  const settings = (
    environment: Record<string, string> = {},
    config: Record<string, string> = {},
  ): Settings =>
    resolveSettings(
      {},
      {
        config: (name) => config[name],
        environment: { HW_REGION_NAME: "r-1", HW_SHARED_CONFIG_FILE: path, ...environment },
      },
    );
  const problemOf = (environment?: Record<string, string>): string => {
    try {
      settings(environment);
    } catch (error) {
      assert.ok(error instanceof ConfigurationError);
      assert.ok(!error.message.includes(secret));
      return error.problems.join("\n");
    }
    return "";
  };

  it("authenticates with the keys of its current profile", () => {
    write({
      current: "b",
      profiles: [{ name: "a" }, { name: "b", mode: "AKSK", ...keys, securityToken: "st" }],
    });
    const key = { accessKey: "ak", secretKey: secret, securityToken: "st" };
    const { source } = settings();
    assert.deepEqual(partsOf(source), ["access key", key]);
    const fields = "accessKeyId, secretAccessKey and securityToken";
    assert.equal(source.setting, `profile b of ${path} ${fields}`);
  });

  it("authenticates with the profile that is named, in the configuration or in the environment", () => {
    const profiles = ["a", "b", "c"].map((name) => ({ name, ...keys, accessKeyId: name }));
    write({ current: "a", profiles });
    const keyOf = ({ source }: Settings) => (partsOf(source)[1] as { accessKey: string }).accessKey;
    assert.equal(keyOf(settings()), "a");
    assert.equal(keyOf(settings({ HW_PROFILE: "b" })), "b");
    const config = { "huaweicloud:profile": "c", "huaweicloud:sharedConfigFile": path };
    assert.equal(keyOf(settings({ HW_PROFILE: "b" }, config)), "c");
  });

  it("takes region, project and account of the profile only where its place says nothing of them", () => {
    write({
      current: "a",
      profiles: [{ name: "a", ...keys, region: "r-9", projectId: "p-9", domainId: "d-9" }],
    });
    const inEnvironment = settings({ HW_REGION_NAME: "" });
    assert.deepEqual([inEnvironment.projectId, inEnvironment.projectName], ["p-9", "r-9"]);
    assert.equal(inEnvironment.endpoint, "https://cce.r-9.myhuaweicloud.com");
    assert.equal(settings().projectName, "r-1");
    // A profile that the configuration names stands before the environment, as what the configuration says itself.
    const config = { "huaweicloud:sharedConfigFile": path };
    assert.equal(settings({}, config).projectName, "r-9");
    assert.equal(settings({}, { ...config, "huaweicloud:region": "r-5" }).projectName, "r-5");
  });

  it("has values of settings, which no variable of a much alike name stands for", () => {
    write({ current: "a", profiles: [{ name: "a", ...keys, region: "r-9", projectId: "p-9" }] });
    const others = { HW_REGION_NAME: "", HW_REGION: "x", HW_ACCES_KEY: "x", HW_PROJECT_IDS: "x" };
    assert.equal(settings(others).projectName, "r-9");
  });

  it("assumes the role of the profile's agency", () => {
    const agency = { agencyName: "agency", agencyDomainName: "account" };
    write({ current: "a", profiles: [{ name: "a", mode: "agency", ...keys, ...agency }] });
    const [name, role, [base]] = partsOf(settings().source) as [string, object, [string]];
    assert.deepEqual([name, base], ["assumed role", "access key"]);
    assert.deepEqual(role, { agencyName: "agency", domain: { name: "account" }, duration: 43_200 });
  });

  it("authenticates with the temporary keys of a profile of the mode SSO", () => {
    const stsToken = { ...keys, securityToken: "st" };
    write({ current: "a", profiles: [{ name: "a", mode: "SSO", ssoAuth: { stsToken } }] });
    const [name, key] = partsOf(settings().source);
    assert.equal(name, "access key");
    assert.equal((key as { securityToken: string }).securityToken, "st");
  });

  it("asks the server's metadata service for a profile of the mode ecsAgency, encrypted or not", () => {
    write({ current: "a", authEncrypt: "true", profiles: [{ name: "a", mode: "ecsAgency" }] });
    const [name, , because] = partsOf(settings().source);
    assert.deepEqual([name, because], ["metadata service", [`profile a of ${path} has the mode ecsAgency`]]);
  });

  it("is not read when the place that names it, or one before it, has a key of its own", () => {
    write("{ not even JSON");
    for (const [environment, config] of [
      [{ HW_ACCESS_KEY: "ak", HW_SECRET_KEY: secret }, {}],
      [{}, { "huaweicloud:accessKey": "ak", "huaweicloud:secretKey": secret }],
    ])
      assert.equal(settings(environment, config).source.name, "access key");
  });

  for (const encrypted of ["true", true]) {
    it(`is refused when its secrets are encrypted (authEncrypt ${JSON.stringify(encrypted)}), with the command that ends that`, () => {
      write({ current: "a", authEncrypt: encrypted, profiles: [{ name: "a", mode: "AKSK", ...keys }] });
      assert.equal(
        problemOf(),
        `credentials: profile a of ${path} is encrypted, and only the vendor's command line can read it; run \`hcloud configure set --cli-auth-encrypt=false\`, or use another way to authenticate`,
      );
    });
  }

  for (const [what, content, environment, problem] of [
    [
      "is not there",
      undefined,
      {},
      "{path}, the shared configuration file that HW_SHARED_CONFIG_FILE asks for, does not exist",
    ],
    [
      "is no JSON",
      `{"profiles": "${secret}`,
      {},
      "{path} is not a shared configuration file as `hcloud configure` writes it",
    ],
    [
      "has no profiles",
      { current: "a" },
      {},
      "{path} is not a shared configuration file as `hcloud configure` writes it",
    ],
    [
      "has fields of other types",
      { profiles: [{ name: "a", accessKeyId: [secret] }] },
      {},
      "{path} is not a shared configuration file as `hcloud configure` writes it",
    ],
    [
      "lacks the profile",
      { current: "a", profiles: [{ name: "a" }, { name: "b" }] },
      { HW_PROFILE: "c" },
      "{path} has no profile c; set HW_PROFILE to one of: a, b",
    ],
    [
      "names no profile",
      { profiles: [] },
      {},
      "{path} names no current profile; set HW_PROFILE to one of: none",
    ],
    [
      "has a profile of another mode",
      { current: "a", profiles: [{ name: "a", mode: "token" }] },
      {},
      "profile a of {path} has the mode token, which is not supported; use a profile with the mode AKSK, agency, SSO or ecsAgency",
    ],
    [
      "has a profile without keys",
      { current: "a", profiles: [{ name: "a", accessKeyId: "ak" }] },
      {},
      "accessKeyId is set without secretAccessKey; set both, or neither",
    ],
    [
      "has a profile with nothing in it",
      { current: "a", profiles: [{ name: "a" }] },
      {},
      "profile a of {path} has no accessKeyId and secretAccessKey",
    ],
    [
      "has a line break in a key",
      { current: "a", profiles: [{ name: "a", ...keys, accessKeyId: "a\nb" }] },
      {},
      "accessKeyId must contain only printable ASCII characters and no spaces",
    ],
  ] as const) {
    it(`stops the search when it ${what}`, () => {
      if (content !== undefined) write(content);
      assert.equal(
        problemOf({ HW_AUTH_URL: "", ...environment }),
        `credentials: ${problem.replace("{path}", path)}`,
      );
    });
  }
});
