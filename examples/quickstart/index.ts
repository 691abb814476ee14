import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

const sync = new NodePoolSync("workers", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: config.getNumber("maxUnavailable") ?? 1,
  triggers: [config.require("nodeOs")], // a label of your own; changing it resets the nodes
});

export const status = sync.status;
export const syncedNodes = sync.syncedNodeCount;
