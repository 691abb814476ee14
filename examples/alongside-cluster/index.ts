import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";
import { NodePool } from "./nodePool";

const config = new pulumi.Config();

const pool = new NodePool("workers", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  os: config.require("os"),
  initialNodeCount: config.requireNumber("nodeCount"),
});

// Existing nodes get a new operating system only by a reset. The number of nodes is not a trigger: new nodes are up to
// date, and creating the resource does not reset them.
const sync = new NodePoolSync("workers", {
  clusterId: pool.clusterId,
  nodePoolId: pool.id,
  maxUnavailable: 1,
  triggers: [pool.os],
});

export const status = sync.status;
