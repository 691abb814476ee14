import * as pulumi from "@pulumi/pulumi";
import { encodeScript, NodePoolSync, type NodePoolSyncArgs } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();
const args: NodePoolSyncArgs = {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: 2,
  nodeTemplate: {
    lifeCycle: { postInstall: encodeScript("echo ready") },
    login: { userPassword: { password: config.requireSecret("nodePassword") } },
  },
};
const sync = new NodePoolSync("workers", args);

export const status: pulumi.Output<string> = sync.status;
