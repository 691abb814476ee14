import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync, Provider } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

// The account of the stack's configuration, or of the environment.
const staging = new NodePoolSync("staging", {
  clusterId: config.require("stagingClusterId"),
  nodePoolId: config.require("stagingNodePoolId"),
  maxUnavailable: 2,
});

const productionAccount = new Provider("production", {
  region: config.require("productionRegion"),
  accessKey: config.require("productionAccessKey"),
  secretKey: config.requireSecret("productionSecretKey"),
});

const production = new NodePoolSync(
  "production",
  {
    clusterId: config.require("productionClusterId"),
    nodePoolId: config.require("productionNodePoolId"),
    maxUnavailable: 1,
  },
  { provider: productionAccount, dependsOn: staging },
);

export const statuses = { staging: staging.status, production: production.status };
