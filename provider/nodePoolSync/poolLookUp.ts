import { z } from "zod";
import { defaultPool } from "../cce/model.ts";
import { withoutStack } from "../errors/errors.ts";
import type { Report } from "../sync/report/progress.ts";
import type { PoolView } from "../sync/view.ts";
import { isUnknown } from "../util/unknowns.ts";
import { object } from "./inputs/fields.ts";
import { problemsIn } from "./inputs/problems.ts";
import { inputsSchema } from "./inputs/schema.ts";
import { resourceId } from "./resourceId.ts";
import type { Caller } from "./sessionRunner.ts";

/** The function that looks a pool up: its arguments and its result, with their documentation, and what it does. */

/** The function's name in every language. */
export const functionName = "getNodePool";

const { clusterId, nodePoolId, region, projectId, endpoint } = inputsSchema.shape;

/** The arguments. They have no class: nothing comes of a change of them. */
export const lookUpArgs = object({
  clusterId: clusterId.meta({ class: undefined }),
  nodePoolId: nodePoolId.meta({
    description: `ID of the node pool, or \`${defaultPool}\` for the nodes that belong to no other pool.`,
    class: undefined,
  }),
  region: region.meta({ class: undefined }),
  projectId: projectId.meta({ class: undefined }),
  endpoint: endpoint.meta({ class: undefined }),
});

/** A pool, and where to look for it. */
export type PoolAddress = z.output<typeof lookUpArgs>;

const node = z
  .object({
    id: z.string().meta({ description: "The node's ID." }),
    name: z.string().meta({ description: "The node's name." }),
    phase: z.string().meta({
      description:
        "What the service says of its state, such as `Active`, `Installing` or `Error`; empty where it says nothing.",
    }),
    upToDate: z.boolean().optional().meta({
      description:
        "Whether the node reports that its OS and container engine are those of its pool; left out where the service does not say. After a change of the pool it may take a moment to follow.",
    }),
    zone: z.string().optional().meta({ description: "Its availability zone." }),
    reason: z.string().optional().meta({ description: "Why it is in its phase, where the service says so." }),
  })
  .meta({ typeName: "PoolNode", description: "A node of a pool." });

/** The result. */
export const lookUpResult = z.object({
  id: z.string().meta({
    description:
      "ID by which a NodePoolSync of this pool is looked up or imported: `<clusterId>/<nodePoolId>`.",
  }),
  clusterId: z.string().meta({ description: "ID of the cluster." }),
  nodePoolId: z.string().meta({ description: "ID of the node pool." }),
  name: z.string().meta({ description: "The pool's name." }),
  nodes: z.array(node).meta({ description: "The nodes of the pool, in the order of their names." }),
  outdatedNodeIds: z.array(z.string()).meta({
    description: "IDs of the nodes that report being outdated, in the order of the nodes' names.",
  }),
  synchronizing: z.boolean().meta({
    description:
      "Whether a sync is running, whoever sent it: the pool's condition `ConfigurationSynchronizing` says so. Where the service shows no such condition: whether nodes are being installed or reset while the pool is not scaled and the cluster not upgraded.",
  }),
});

/** What a look-up needs of the resource's service. */
interface PoolViewer {
  view(pool: PoolAddress, caller: Caller): Promise<PoolView>;
}

/** What a program gets. */
export type LookUpResult = z.output<typeof lookUpResult>;

/**
 * Looks a pool up for a program, after its arguments are validated.
 * @param service asked when it is needed, since it takes a while to load.
 * @param report takes warnings of how the service is reached.
 * @throws Error with the text that a user reads: everything that is wrong with the arguments, before anything is sent,
 *   or why the pool cannot be looked up.
 */
export async function lookUpPool(
  given: Record<string, unknown>,
  service: () => Promise<PoolViewer>,
  report: Report,
): Promise<LookUpResult> {
  const pool = validated(given);
  const caller: Caller = {
    subject: functionName,
    // There is no row of a resource to say more on.
    report: (message, severity) => severity === "warning" && report(message, severity),
  };
  try {
    return resultOf(pool, await (await service()).view(pool, caller));
  } catch (error) {
    throw withoutStack(error as Error);
  }
}

function validated(given: Record<string, unknown>): PoolAddress {
  // SDKs of some languages send null for what a program leaves out.
  const args = Object.fromEntries(Object.entries(given).filter(([, value]) => (value ?? null) !== null));
  const parsed = lookUpArgs.safeParse(args, { reportInput: false });
  const unknown = Object.keys(args).filter((name) => isUnknown(args[name]));
  const problems = [
    ...unknown.map((name) => `${name}: is known only during the update`),
    ...(parsed.success ? [] : problemsIn(parsed.error, args, lookUpArgs)),
  ];
  if (parsed.success && problems.length === 0) return parsed.data;
  const lines = problems.map((problem) => `\n- ${problem}`).join("");
  throw withoutStack(new Error(`${functionName}: the arguments cannot be used; nothing was sent:${lines}`));
}

function resultOf(
  { clusterId, nodePoolId }: PoolAddress,
  { name, nodes, synchronizing }: PoolView,
): LookUpResult {
  return {
    id: resourceId({ clusterId, nodePoolId }),
    clusterId,
    nodePoolId,
    name,
    nodes: nodes.map((each) => ({ ...each })),
    outdatedNodeIds: nodes.filter(({ upToDate }) => upToDate === false).map(({ id }) => id),
    synchronizing,
  };
}
