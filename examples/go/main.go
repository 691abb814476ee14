package main

import (
	"example.com/pulumi-cce-nodepool-sync/sdk/go/ccenodepoolsync"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		conf := config.New(ctx, "")
		maxUnavailable := conf.GetInt("maxUnavailable")
		if maxUnavailable == 0 {
			maxUnavailable = 1
		}

		workers, err := ccenodepoolsync.NewNodePoolSync(ctx, "workers", &ccenodepoolsync.NodePoolSyncArgs{
			ClusterId:      pulumi.String(conf.Require("clusterId")),
			NodePoolId:     pulumi.String(conf.Require("nodePoolId")),
			MaxUnavailable: pulumi.Int(maxUnavailable),
			Triggers:       pulumi.Array{pulumi.String(conf.Require("nodeOs"))},
		})
		if err != nil {
			return err
		}

		ctx.Export("status", workers.Status)
		ctx.Export("syncedNodes", workers.SyncedNodeCount)
		return nil
	})
}
