import protocol, { type InvokeRequest, type InvokeResponse } from "@pulumi/pulumi/proto/provider_pb.js";
import type { EngineLog } from "../engine/log.ts";
import { functionName, lookUpPool } from "../nodePoolSync/poolLookUp.ts";
import type { NodePoolSyncService } from "../nodePoolSync/service.ts";
import { decode, encode } from "./codec.ts";
import { pluginName } from "./settings.ts";

const token = `${pluginName}:index:${functionName}`;

/**
 * Calls of the provider's functions, of which there is one. What is wrong with the arguments is thrown too, and not among
 * the answer's failures: SDKs would print those in one line, each with an empty place.
 */
export function createInvoke(service: () => Promise<NodePoolSyncService>, log: EngineLog) {
  return async (request: InvokeRequest): Promise<InvokeResponse> => {
    if (request.getTok() !== token)
      throw new Error(
        `there is no function ${request.getTok()} in this version of the plugin; it has ${token}`,
      );
    try {
      const found = await lookUpPool(decode(request.getArgs()), service, log.reportFor(undefined));
      const response = new protocol.InvokeResponse();
      response.setReturn(encode(found));
      return response;
    } finally {
      await log.flush();
    }
  };
}
