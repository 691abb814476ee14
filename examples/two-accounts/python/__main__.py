import pulumi
import pulumi_cce_nodepool_sync as cce

config = pulumi.Config()

# The account of the stack's configuration, or of the environment.
staging = cce.NodePoolSync(
    "staging",
    cluster_id=config.require("stagingClusterId"),
    node_pool_id=config.require("stagingNodePoolId"),
    max_unavailable=2,
)

production_account = cce.Provider(
    "productionAccount",
    region=config.require("productionRegion"),
    access_key=config.require("productionAccessKey"),
    secret_key=config.require_secret("productionSecretKey"),
)

production = cce.NodePoolSync(
    "production",
    cluster_id=config.require("productionClusterId"),
    node_pool_id=config.require("productionNodePoolId"),
    max_unavailable=1,
    opts=pulumi.ResourceOptions(provider=production_account, depends_on=[staging]),
)

pulumi.export("statuses", {"staging": staging.status, "production": production.status})
