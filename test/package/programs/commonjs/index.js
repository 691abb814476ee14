const pulumi = require("@pulumi/pulumi");
const { encodeScript, NodePoolSync } = require("pulumi-cce-nodepool-sync");

const config = new pulumi.Config();
const sync = new NodePoolSync("workers", {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: 2,
  nodeTemplate: {
    lifeCycle: { postInstall: encodeScript("echo ready") },
    login: { userPassword: { password: config.requireSecret("nodePassword") } },
  },
});

exports.status = sync.status;
