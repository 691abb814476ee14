import assert from "node:assert/strict";
import { resolveSettings, type Settings } from "../../../provider/config/settings.ts";
import type { CredentialSource } from "../../../provider/credentials/credentialSource.ts";
import { partsOf } from "../../support/inputs/configuration.ts";

type Place = [store: "input" | "config" | "environment", name: string];

/** Each value that more than one place can give, with its places from the first to the last. */
const lookUps: Record<string, Place[]> = {
  projectId: [
    ["input", "projectId"],
    ["config", "huaweicloud:projectId"],
    ["config", "huaweicloud:tenantId"],
    ["environment", "HW_PROJECT_ID"],
    ["environment", "OS_PROJECT_ID"],
    ["environment", "OS_TENANT_ID"],
  ],
  projectName: [
    ["config", "huaweicloud:projectName"],
    ["config", "huaweicloud:tenantName"],
    ["environment", "HW_PROJECT_NAME"],
    ["environment", "OS_PROJECT_NAME"],
    ["environment", "OS_TENANT_NAME"],
  ],
  accessKey: [
    ["config", "huaweicloud:accessKey"],
    ["environment", "HW_ACCESS_KEY"],
    ["environment", "OS_ACCESS_KEY"],
  ],
  secretKey: [
    ["config", "huaweicloud:secretKey"],
    ["environment", "HW_SECRET_KEY"],
    ["environment", "OS_SECRET_KEY"],
  ],
  securityToken: [
    ["config", "huaweicloud:securityToken"],
    ["environment", "HW_SECURITY_TOKEN"],
  ],
  token: [
    ["config", "huaweicloud:token"],
    ["environment", "HW_AUTH_TOKEN"],
    ["environment", "OS_AUTH_TOKEN"],
  ],
  userName: [
    ["config", "huaweicloud:userName"],
    ["environment", "HW_USER_NAME"],
    ["environment", "OS_USERNAME"],
  ],
  userId: [
    ["config", "huaweicloud:userId"],
    ["environment", "HW_USER_ID"],
    ["environment", "OS_USER_ID"],
  ],
  password: [
    ["config", "huaweicloud:password"],
    ["environment", "HW_USER_PASSWORD"],
    ["environment", "OS_PASSWORD"],
  ],
  domainName: [
    ["config", "huaweicloud:domainName"],
    ["environment", "HW_DOMAIN_NAME"],
    ["environment", "OS_DOMAIN_NAME"],
    ["environment", "OS_USER_DOMAIN_NAME"],
    ["environment", "OS_PROJECT_DOMAIN_NAME"],
  ],
  domainId: [
    ["config", "huaweicloud:domainId"],
    ["environment", "HW_DOMAIN_ID"],
    ["environment", "OS_DOMAIN_ID"],
    ["environment", "OS_USER_DOMAIN_ID"],
    ["environment", "OS_PROJECT_DOMAIN_ID"],
  ],
  pollInterval: [
    ["config", "cce-nodepool-sync:pollInterval"],
    ["environment", "CCE_NODEPOOL_SYNC_POLL_INTERVAL"],
  ],
  readsPerSecond: [
    ["config", "cce-nodepool-sync:readsPerSecond"],
    ["environment", "CCE_NODEPOOL_SYNC_READS_PER_SECOND"],
  ],
  writesPerMinute: [
    ["config", "cce-nodepool-sync:writesPerMinute"],
    ["environment", "CCE_NODEPOOL_SYNC_WRITES_PER_MINUTE"],
  ],
  requestTimeout: [
    ["config", "cce-nodepool-sync:requestTimeout"],
    ["environment", "CCE_NODEPOOL_SYNC_REQUEST_TIMEOUT"],
  ],
};

const key = {
  config: { "huaweicloud:accessKey": "a", "huaweicloud:secretKey": "s" },
  environment: { HW_ACCESS_KEY: "a", HW_SECRET_KEY: "s" },
};

/** The values without which another one alone would be half a credential. */
const companions: Record<string, { config: Record<string, string>; environment?: Record<string, string> }> = {
  "accessKey|secretKey|securityToken": key,
  userName: {
    config: { "huaweicloud:password": "p", "huaweicloud:domainName": "d" },
    environment: { HW_USER_PASSWORD: "p", HW_DOMAIN_NAME: "d" },
  },
  userId: { config: { "huaweicloud:password": "p" }, environment: { HW_USER_PASSWORD: "p" } },
  password: {
    config: { "huaweicloud:userName": "u", "huaweicloud:domainName": "d" },
    environment: { HW_USER_NAME: "u", HW_DOMAIN_NAME: "d" },
  },
  // The account is looked for first where the user is named, so that is where the places begin.
  "domainName|domainId": { config: { "huaweicloud:userName": "u", "huaweicloud:password": "p" } },
};

/** The settings when the places before number `first` hold `empty`, and the others their own number. */
function resolve(what: string, places: readonly Place[], first: number, empty: string | undefined): Settings {
  const stores: Record<Place[0], Record<string, string | undefined>> = {
    input: {},
    config: {},
    environment: { HW_REGION_NAME: "r-1" },
  };
  // The parts of a key belong together: the others stand where the part that is looked for is found.
  const together = Object.entries(companions).find(([names]) => new RegExp(`^(${names})$`).test(what))?.[1];
  const inConfig = together !== undefined && (places[first]?.[0] === "config" || !together.environment);
  const home = inConfig ? "config" : "environment";
  Object.assign(stores[home], (together ?? (what === "token" ? { config: {}, environment: {} } : key))[home]);
  for (const [index, [store, name]] of places.entries())
    stores[store][name] = index < first ? empty : String(index);
  return resolveSettings(stores.input, {
    config: (name) => stores.config[name],
    environment: stores.environment,
  });
}

/** The value of this name, wherever the settings keep it. */
function foundIn({ projectId, projectName, source, limits }: Settings, what: string): unknown {
  const found: Record<string, unknown> = { projectId, projectName, ...limits, ...parametersOf(source) };
  return found[what];
}

/** The parameters of a source, by the name of their setting. */
function parametersOf(source: CredentialSource): object {
  const [name, given] = partsOf(source);
  if (name === "token") return { token: given };
  if (name !== "IAM user") return given as object;
  const { id, name: userName, password, domain } = given as Record<string, string> & { domain?: object };
  return {
    userId: id,
    userName,
    password,
    domainId: domain && "id" in domain && domain.id,
    domainName: domain && "name" in domain && domain.name,
  };
}

describe("the configuration", () => {
  for (const [what, places] of Object.entries(lookUps)) {
    it(`looks for ${what} at ${places.map((place) => place.join(" ")).join(", then ")}`, () => {
      // A pace of 0 is none, so the first place of one is number 1.
      const counted: Place[] = [["environment", "UNUSED"], ...places];
      for (const empty of [undefined, ""]) {
        for (let first = 1; first < counted.length; first += 1) {
          assert.equal(String(foundIn(resolve(what, counted, first, empty), what)), String(first));
        }
      }
    });
  }
});
