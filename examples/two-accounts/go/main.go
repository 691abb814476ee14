package main

import (
	"example.com/pulumi-cce-nodepool-sync/sdk/go/ccenodepoolsync"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		conf := config.New(ctx, "")

		// The account of the stack's configuration, or of the environment.
		staging, err := ccenodepoolsync.NewNodePoolSync(ctx, "staging", &ccenodepoolsync.NodePoolSyncArgs{
			ClusterId:      pulumi.String(conf.Require("stagingClusterId")),
			NodePoolId:     pulumi.String(conf.Require("stagingNodePoolId")),
			MaxUnavailable: pulumi.Int(2),
		})
		if err != nil {
			return err
		}

		productionAccount, err := ccenodepoolsync.NewProvider(ctx, "productionAccount", &ccenodepoolsync.ProviderArgs{
			Region:    pulumi.String(conf.Require("productionRegion")),
			AccessKey: pulumi.String(conf.Require("productionAccessKey")),
			SecretKey: conf.RequireSecret("productionSecretKey"),
		})
		if err != nil {
			return err
		}

		production, err := ccenodepoolsync.NewNodePoolSync(ctx, "production", &ccenodepoolsync.NodePoolSyncArgs{
			ClusterId:      pulumi.String(conf.Require("productionClusterId")),
			NodePoolId:     pulumi.String(conf.Require("productionNodePoolId")),
			MaxUnavailable: pulumi.Int(1),
		}, pulumi.Provider(productionAccount), pulumi.DependsOn([]pulumi.Resource{staging}))
		if err != nil {
			return err
		}

		ctx.Export("statuses", pulumi.StringMap{"staging": staging.Status, "production": production.Status})
		return nil
	})
}
