import * as pulumi from "@pulumi/pulumi";

// A real stack would create the cluster and its pool here, and export their IDs.
const config = new pulumi.Config();

export const clusterId = config.require("clusterId");
export const nodePoolId = config.require("nodePoolId");
