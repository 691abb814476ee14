import type { Diagnostic } from "../types.ts";
import { Empty, enginePb, engineServices } from "./rpc.ts";
import { type Server, serve, unary } from "./server.ts";

/**
 * Serves what programs and providers expect of "the engine": log messages, and a place to keep the URN of the
 * root stack. Calls that no Node.js program makes answer UNIMPLEMENTED.
 */
export function serveEngine(log: (diagnostic: Diagnostic) => void): Promise<Server> {
  let rootUrn = "";
  const service = {
    log: unary((request: InstanceType<typeof enginePb.LogRequest>) => {
      const severity = SEVERITIES[request.getSeverity()];
      const urn = request.getUrn();
      if (severity !== undefined) {
        log({
          severity,
          message: request.getMessage(),
          ...(urn !== "" && { urn }),
          ...(request.getEphemeral() && { ephemeral: true }),
        });
      }
      return new Empty();
    }),
    getRootResource: unary(() => new enginePb.GetRootResourceResponse().setUrn(rootUrn)),
    setRootResource: unary((request: InstanceType<typeof enginePb.SetRootResourceRequest>) => {
      rootUrn = request.getUrn();
      return new enginePb.SetRootResourceResponse();
    }),
    // Every range is accepted: programs ask for features of the CLI, and this is no CLI of any version.
    requirePulumiVersion: unary(() => new enginePb.RequirePulumiVersionResponse()),
  };
  return serve((server) => server.addService(engineServices.EngineService, service));
}

/** By number of enginePb.LogSeverity. Debug messages (0) are for `pulumi --debug` and are not kept. */
const SEVERITIES = [undefined, "info", "warning", "error"] as const;
