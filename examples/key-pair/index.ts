import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

const sync = new NodePoolSync("default-pool", {
  clusterId: config.require("clusterId"),
  nodePoolId: "DefaultPool",
  maxUnavailable: 1,
  nodeTemplate: {
    lifeCycle: {},
    login: { sshKey: config.require("keyPair") },
  },
});

export const status = sync.status;
