import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();
const cluster = new pulumi.StackReference("cluster", { name: config.require("clusterStack") });

const sync = new NodePoolSync("workers", {
  clusterId: cluster.requireOutput("clusterId"),
  nodePoolId: cluster.requireOutput("nodePoolId"),
  maxUnavailable: 1,
});

export const status = sync.status;
