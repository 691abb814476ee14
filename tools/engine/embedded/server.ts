import type { handleUnaryCall } from "@grpc/grpc-js";
import { channelOptions, grpc } from "./rpc.ts";

type GrpcServer = InstanceType<typeof grpc.Server>;

/** A gRPC server on a free loopback port. */
export interface Server {
  /** `127.0.0.1:<port>` */
  readonly address: string;
  /** Stops listening and breaks every connection. */
  close(): void;
}

/** Starts a server with what `register` adds to it. */
export function serve(register: (server: GrpcServer) => void): Promise<Server> {
  const server = new grpc.Server(channelOptions);
  register(server);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) reject(error);
      else resolve({ address: `127.0.0.1:${port}`, close: () => server.forceShutdown() });
    });
  });
}

/** An answer with a gRPC status instead of a response. */
export class StatusError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Makes a handler for a unary call of a function that resolves to the response. */
export function unary<Request, Response>(
  answer: (request: Request) => Promise<Response> | Response,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: Error) => {
          const code = error instanceof StatusError ? error.code : grpc.status.UNKNOWN;
          callback({ code, details: error.message });
        },
      );
  };
}
