import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";
import { NodePool } from "./nodePool.js";

const config = new pulumi.Config();

const pool = new NodePool("workers", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  os: config.require("os"),
  runtime: config.require("runtime"),
  initialNodeCount: config.requireNumber("nodeCount"),
});

// Existing nodes get a new operating system or container engine only by a reset. All other settings reach them
// without one, or concern new nodes only, so they are no triggers.
const sync = new NodePoolSync("workers", {
  clusterId: pool.clusterId,
  nodePoolId: pool.id,
  maxUnavailable: 1,
  triggers: { os: pool.os, runtime: pool.runtime },
});

export const status = sync.status;
