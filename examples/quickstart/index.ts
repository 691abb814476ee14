import * as pulumi from "@pulumi/pulumi";
import { encodeScript, NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

const sync = new NodePoolSync("workers", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: config.getNumber("maxUnavailable") ?? 1,
  // To show scripts and a password. A pool of your own has its settings: leave nodeTemplate out there, and use triggers.
  // DefaultPool has none and requires it.
  nodeTemplate: {
    lifeCycle: { postInstall: encodeScript(config.get("postInstall") ?? "echo ready") },
    login: { userPassword: { password: config.requireSecret("nodePassword") } },
  },
});

export const status = sync.status;
export const syncedNodes = sync.syncedNodeCount;
