import assert from "node:assert/strict";
import { resolveSettings, type Settings } from "../provider/config.ts";

type Place = [store: "input" | "config" | "environment", name: string];

/** Each value that more than one place can give, with its places from the first to the last. */
const lookUps: Record<string, Place[]> = {
  projectId: [
    ["input", "projectId"],
    ["config", "huaweicloud:projectId"],
    ["environment", "HW_PROJECT_ID"],
    ["environment", "OS_PROJECT_ID"],
  ],
  projectName: [
    ["config", "huaweicloud:projectName"],
    ["environment", "HW_PROJECT_NAME"],
    ["environment", "OS_PROJECT_NAME"],
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
};

const key = {
  config: { "huaweicloud:accessKey": "a", "huaweicloud:secretKey": "s" },
  environment: { HW_ACCESS_KEY: "a", HW_SECRET_KEY: "s" },
};

/** The settings when the places before number `first` hold `empty`, and the others their own number. */
function resolve(what: string, places: readonly Place[], first: number, empty: string | undefined): Settings {
  const stores: Record<Place[0], Record<string, string | undefined>> = {
    input: {},
    config: {},
    environment: { HW_REGION_NAME: "r-1" },
  };
  // The parts of a key belong together: the others stand where the part that is looked for is found.
  const inConfig = /^(accessKey|secretKey|securityToken)$/.test(what) && places[first]?.[0] === "config";
  const home = inConfig ? "config" : "environment";
  if (what !== "token") Object.assign(stores[home], key[home]);
  for (const [index, [store, name]] of places.entries())
    stores[store][name] = index < first ? empty : String(index);
  return resolveSettings(stores.input, {
    config: (name) => stores.config[name],
    environment: stores.environment,
  });
}

/** The value of this name, wherever the settings keep it. */
function foundIn({ projectId, projectName, credential, pace }: Settings, what: string): unknown {
  const parts = credential.kind === "accessKey" ? credential.key : { token: credential.token };
  const found: Record<string, unknown> = { projectId, projectName, ...pace, ...parts };
  return found[what];
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
