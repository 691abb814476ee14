import grpc, { type ServerUnaryCall, type ServiceDefinition, type sendUnaryData } from "@grpc/grpc-js";
import protocol from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { serviceError } from "./failures.ts";
import type { PluginProvider } from "./provider.ts";

/** As Pulumi's own servers: a state may be large. */
const longestMessage = 400 * 1024 * 1024;

/** A server on a port of this machine. */
export interface PluginServer {
  readonly port: number;
  /** Takes no further calls, and resolves when the open ones are answered. */
  close(): Promise<void>;
}

/** Serves the provider on a free port of the loopback interface. */
export async function servePlugin(provider: PluginProvider): Promise<PluginServer> {
  // What goes wrong is thrown; the library would write it down as well.
  grpc.setLogVerbosity(grpc.logVerbosity.NONE);
  const server = new grpc.Server({ "grpc.max_receive_message_length": longestMessage });
  const handlers = Object.entries(provider).map(([name, handler]) => [name, unary(handler as Handler)]);
  server.addService(definition as ServiceDefinition, Object.fromEntries(handlers));
  const port = await new Promise<number>((resolve, reject) => {
    const credentials = grpc.ServerCredentials.createInsecure();
    server.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return { port, close: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}

const { ResourceProviderService: definition } = protocol as { ResourceProviderService: unknown };

type Handler = (request: unknown) => Promise<unknown>;

function unary(handler: Handler) {
  return ({ request }: ServerUnaryCall<unknown, unknown>, answer: sendUnaryData<unknown>): void => {
    // Started in a promise, so that what a handler throws at once is answered too.
    Promise.resolve()
      .then(() => handler(request))
      .then(
        (response) => answer(null, response),
        (error: unknown) => answer(serviceError(error)),
      );
  };
}
