import type { Node } from "../../provider/cce/model.ts";
import type { Sessions } from "../../provider/session/sessions.ts";

/** The environment variables of the test against a real account, and what each means. */
export const remoteVariables = {
  CCE_REMOTE: "1, to say that a real account is meant",
  CCE_REMOTE_CLUSTER_ID: "id of the cluster",
  CCE_REMOTE_NODE_POOL_ID: "id of the node pool",
  CCE_REMOTE_NODE_IDS: "ids of the nodes to reset, separated by commas, or all; default one node of the pool",
  CCE_REMOTE_CONFIRM: "the pool's name, in place of typing it",
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What the test may touch. */
export interface Target {
  readonly clusterId: string;
  readonly nodePoolId: string;
  readonly poolName: string;
  /** The nodes that are reset. */
  readonly nodes: readonly Node[];
  /** How many nodes the pool has. */
  readonly poolSize: number;
}

/** A reason not to begin; nothing was sent that changes anything. */
export class RemoteRefusal extends Error {}

/**
 * Finds the pool and chooses the nodes: one, unless the environment names others.
 * @throws RemoteRefusal when the environment or the pool does not allow to begin.
 */
export async function findTarget(environment: Environment, sessions: Sessions): Promise<Target> {
  const clusterId = required("CCE_REMOTE_CLUSTER_ID", environment);
  const nodePoolId = required("CCE_REMOTE_NODE_POOL_ID", environment);
  const { client } = await sessions.open(clusterId, {});
  const pool = (await client.listNodePools(clusterId)).find(({ id }) => id === nodePoolId);
  if (pool === undefined) throw new RemoteRefusal(`cluster ${clusterId} has no node pool ${nodePoolId}`);
  const own = (await client.listNodes(clusterId)).filter(({ poolId }) => poolId === nodePoolId);
  const nodes = choose(own, environment.CCE_REMOTE_NODE_IDS ?? "");
  const unfit = nodes.filter(({ phase }) => phase !== "Active");
  if (unfit.length > 0)
    throw new RemoteRefusal(`not Active: ${unfit.map(({ name, phase }) => `${name} (${phase})`).join(", ")}`);
  return { clusterId, nodePoolId, poolName: pool.name, nodes, poolSize: own.length };
}

function required(name: keyof typeof remoteVariables, environment: Environment): string {
  const value = environment[name] ?? "";
  if (value === "") throw new RemoteRefusal(`set ${name}: ${remoteVariables[name]}`);
  return value;
}

function choose(nodes: readonly Node[], wanted: string): readonly Node[] {
  if (wanted === "all") return nodes;
  if (wanted === "") {
    const node = nodes.find(({ phase }) => phase === "Active");
    if (node === undefined) throw new RemoteRefusal("the pool has no node that is Active");
    return [node];
  }
  return wanted.split(",").map((id) => {
    const node = nodes.find((each) => each.id === id.trim());
    if (node === undefined)
      throw new RemoteRefusal(`CCE_REMOTE_NODE_IDS: ${id.trim()} is no node of the pool`);
    return node;
  });
}
