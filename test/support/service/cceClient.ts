import { type CceClient, createCceClient } from "../../../provider/cce/client.ts";

type Options = Parameters<typeof createCceClient>[0];

/** A client of project `p` without rate limits, as far as `options` do not say otherwise. */
export function unlimitedClient(
  options: Pick<Options, "endpoint" | "handler" | "clock"> & Partial<Options>,
): CceClient {
  const free = { enter: async () => undefined, slowDown: () => undefined };
  return createCceClient({ projectId: "p", reads: free, writes: free, ...options });
}
