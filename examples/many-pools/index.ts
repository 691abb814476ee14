import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();
const clusterId = config.require("clusterId");
const parallel = config.requireBoolean("parallel");

const syncs: NodePoolSync[] = [];
for (const nodePoolId of config.requireObject<string[]>("nodePoolIds")) {
  const sync = new NodePoolSync(
    `pool-${nodePoolId}`,
    { clusterId, nodePoolId, maxUnavailable: 1 },
    // If a pool fails, those after it are not started.
    { dependsOn: parallel ? [] : syncs.slice(-1) },
  );
  syncs.push(sync);
}

export const statuses = syncs.map(({ status }) => status);
