import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

const sync = new NodePoolSync("canaries", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: 1,
  nodeIds: config.requireObject<string[]>("nodeIds"),
});

export const status = sync.status;
export const syncedNodes = sync.syncedNodeCount;
