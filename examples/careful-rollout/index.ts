import * as pulumi from "@pulumi/pulumi";
import { NodePoolSync } from "pulumi-cce-nodepool-sync";

const config = new pulumi.Config();
const canaries = config.requireObject<string[]>("canaries");
const healthUrl = config.require("healthUrl");

const pool = {
  clusterId: config.require("clusterId"),
  nodePoolId: config.require("nodePoolId"),
  maxUnavailable: "20%",
  triggers: [config.require("revision")],
};

const canary = new NodePoolSync("canary", { ...pool, nodeIds: canaries });

// The gate: the rest of the pool waits for this check, and is left alone if it fails.
const checked = canary.finishedAt.apply(async () => {
  if (!pulumi.runtime.isDryRun()) await assertHealthy(healthUrl);
  return canaries;
});

const rest = new NodePoolSync("rest", {
  ...pool,
  excludeNodeIds: checked,
  rollout: { waveSize: "50%", soak: config.get("soak") ?? "10m" },
});

export const statuses = [canary.status, rest.status];

async function assertHealthy(url: string): Promise<void> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the canary is not healthy: ${url} answered ${response.status}`);
}
