import { z } from "zod";
import { ConnectionError, ServiceError } from "../errors/errors.ts";
import type { Node, NodePool } from "./model.ts";
import { nodePoolSchema, nodeSchema } from "./schemas.ts";

const nodesPerPage = 2000;
/** Several times the 20,000 nodes of the largest cluster, and pages enough for them where a server's are small. */
const mostNodes = 100_000;
const mostPages = 1000;

// An answer without its list, or with null in its place, must not pass for an empty list.
const listSchema = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    pageInfo: z.object({ nextMarker: z.string().nullish() }).nullish(),
  });

/** One page of ListNodes; one without nodes is the last. */
export const nodePage = listSchema(nodeSchema).refine(
  // A part of the list must not pass for all of it: nodes that are missing count as gone.
  ({ items, pageInfo }) => items.length > 0 || !pageInfo?.nextMarker,
);

/** The answer of ListNodePools. */
export const nodePoolList = listSchema(nodePoolSchema);

/** What is asked for by {@link collectNodes}, in words. */
export const listingNodes = "list the nodes";

/**
 * Follows the pages of a list to its end, and takes each node once.
 * @param readPage reads the page of a query.
 */
export async function collectNodes(
  readPage: (query: string) => Promise<z.output<typeof nodePage>>,
): Promise<Node[]> {
  const nodes = new Map<string, Node>();
  let pages = 0;
  for (let marker = ""; ; ) {
    const after = marker === "" ? "" : `&marker=${encodeURIComponent(marker.toWellFormed())}`;
    const page = await readPage(`limit=${nodesPerPage}${after}`);
    const before = nodes.size;
    for (const node of page.items) nodes.set(node.id, node);
    marker = page.pageInfo?.nextMarker ?? "";
    if (marker === "") return [...nodes.values()];
    pages += 1;
    if (nodes.size === before || nodes.size > mostNodes || pages >= mostPages) {
      throw new ConnectionError(listingNodes, `the list has no end (${nodes.size} nodes on ${pages} pages)`, {
        mayHaveArrived: true,
      });
    }
  }
}

/** Lists the pools of a cluster. */
type PoolLister = (clusterId: string, signal?: AbortSignal) => Promise<NodePool[]>;

/**
 * Lists pools with the conditions of the whole pool (`advanceStatus`): without it, they are those of its default scale
 * group, which never say that a sync runs. A service that does not know the parameter refuses it, and is not asked again.
 * @param readPools reads the list of a query.
 */
export function createPoolLister(
  readPools: (
    clusterId: string,
    query: string,
    signal: AbortSignal | undefined,
  ) => Promise<z.output<typeof nodePoolList>>,
): PoolLister {
  const plain = "showDefaultNodePool=true";
  let advanced = true;
  return async (clusterId, signal) => {
    if (!advanced) return (await readPools(clusterId, plain, signal)).items;
    try {
      return (await readPools(clusterId, `${plain}&advanceStatus=true`, signal)).items;
    } catch (error) {
      if (!(error instanceof ServiceError && error.status === 400)) throw error;
      const { items } = await readPools(clusterId, plain, signal);
      advanced = false;
      return items;
    }
  };
}
