import pulumi
import pulumi_cce_nodepool_sync as cce

config = pulumi.Config()

workers = cce.NodePoolSync(
    "workers",
    cluster_id=config.require("clusterId"),
    node_pool_id=config.require("nodePoolId"),
    max_unavailable=config.get_int("maxUnavailable") or 1,
    triggers=[config.require("nodeOs")],
)

pulumi.export("status", workers.status)
pulumi.export("syncedNodes", workers.synced_node_count)
