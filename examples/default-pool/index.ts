import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { encodeScript, NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();

const script = (name: string) => encodeScript(readFileSync(join(__dirname, "scripts", name), "utf8"));

const sync = new NodePoolSync("default-pool", {
  clusterId: config.require("clusterId"),
  nodePoolId: "DefaultPool",
  maxUnavailable: 1,
  nodeTemplate: {
    lifeCycle: {
      preInstall: script("pre-install.sh"),
      postInstall: script("post-install.sh"),
    },
    login: { userPassword: { password: config.requireSecret("nodePassword") } },
  },
});

export const status = sync.status;
