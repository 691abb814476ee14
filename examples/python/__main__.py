import base64

import pulumi
import pulumi_cce_nodepool_sync as cce

config = pulumi.Config()
post_install = config.get("postInstall") or "echo ready"

workers = cce.NodePoolSync(
    "workers",
    cluster_id=config.require("clusterId"),
    node_pool_id=config.require("nodePoolId"),
    max_unavailable=config.get_int("maxUnavailable") or 1,
    node_template={
        "life_cycle": {"post_install": base64.b64encode(post_install.encode()).decode()},
        "login": {"user_password": {"password": config.require_secret("nodePassword")}},
    },
)

pulumi.export("status", workers.status)
pulumi.export("syncedNodes", workers.synced_node_count)
