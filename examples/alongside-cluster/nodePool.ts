import * as pulumi from "@pulumi/pulumi";

/** What this example needs of a node pool, under the names of the vendor's resource. */
export interface NodePoolArgs {
  clusterId: pulumi.Input<string>;
  /** Only here: the vendor's resource creates the pool and gets to know its id. */
  nodePoolId: pulumi.Input<string>;
  os: pulumi.Input<string>;
  initialNodeCount: pulumi.Input<number>;
}

/**
 * Stands for `huaweicloud.cce.NodePool` of the vendor's provider, so that the example runs without a cloud: a pool
 * that exists already, with the outputs that the real resource has.
 */
export class NodePool extends pulumi.ComponentResource {
  readonly id: pulumi.Output<string>;
  readonly clusterId: pulumi.Output<string>;
  readonly os: pulumi.Output<string>;
  readonly initialNodeCount: pulumi.Output<number>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("example:index:NodePool", name, args, opts);
    this.id = pulumi.output(args.nodePoolId);
    this.clusterId = pulumi.output(args.clusterId);
    this.os = pulumi.output(args.os);
    this.initialNodeCount = pulumi.output(args.initialNodeCount);
    this.registerOutputs({
      id: this.id,
      clusterId: this.clusterId,
      os: this.os,
      initialNodeCount: this.initialNodeCount,
    });
  }
}
