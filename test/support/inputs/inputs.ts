import type { Inputs } from "../../../provider/nodePoolSync/inputs/schema.ts";

/** The page's second example as typed inputs: every part of the request that the page knows. */
export const templateInputs = {
  clusterId: "11111111-1111-1111-1111-111111111111",
  nodePoolId: "DefaultPool",
  maxUnavailable: 1,
  nodeIds: ["aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "bbbbbbb-bbbb-bbbb-bbbb-bbbbbbbbbb"],
  nodeTemplate: {
    lifeCycle: { preInstall: "ZWNobyAx", postInstall: "ZWNobyAx" },
    login: { userPassword: { username: "root", password: "Canary-7-plain" } },
  },
  onCreate: "outdated",
  onChange: "all",
  wait: true,
} satisfies Inputs;

/** The smallest inputs. */
export const smallInputs = {
  clusterId: "11111111-1111-1111-1111-111111111111",
  nodePoolId: "cccccccc-cccc-cccc-cccc-cccccccccccc",
  maxUnavailable: 1,
  onCreate: "outdated",
  onChange: "all",
  wait: true,
} satisfies Inputs;
