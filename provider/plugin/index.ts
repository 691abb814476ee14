/**
 * The plugin's entry point, which the engine runs as a process for each instance of the provider. The first line of
 * standard output is the port, and the engine waits for it: nothing is written before it.
 */

import { setMaxListeners } from "node:events";
import grpc from "@grpc/grpc-js";
import engineServices from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import engineMessages from "@pulumi/pulumi/proto/engine_pb.js";
import manifest from "../../package.json" with { type: "json" };
import { createEngineLog, engineAddress, type LogProtocol } from "../engine/log.ts";
import { endSignals, exitWithEngine } from "../engine/process.ts";
import { createServiceLoader } from "../engine/service.ts";
import { createPluginProvider } from "./provider.ts";
import { releasedSchema } from "./release.ts";
import schema from "./schema.json" with { type: "json" };
import { servePlugin } from "./server.ts";

const { EngineClient } = engineServices as unknown as Pick<LogProtocol, "EngineClient">;
const { LogRequest, LogSeverity } = engineMessages;
const logProtocol = { credentials: grpc.credentials, EngineClient, LogRequest, LogSeverity };

const interrupt = new AbortController();
// Every wait of every resource listens to it.
setMaxListeners(0, interrupt.signal);
const provider = createPluginProvider({
  log: createEngineLog(logProtocol, engineAddress()),
  version: manifest.version,
  schema: releasedSchema(schema, manifest),
  environment: process.env,
  serviceWith: (configuration) => createServiceLoader(configuration, interrupt.signal),
  cancel: () => interrupt.abort(),
});
exitWithEngine();
const serving = servePlugin(provider).then((server) => {
  for (const signal of endSignals) {
    process.on(signal, () => {
      interrupt.abort();
      // What is recorded is in the answers that are still out.
      void server.close().then(() => process.exit(0));
    });
  }
  process.stdout.write(`${server.port}\n`);
});
// The engine shows what a plugin that ends has written.
serving.catch(({ message }: Error) => {
  process.stderr.write(`the plugin cannot listen on a port of the loopback interface: ${message}\n`);
  process.exit(1);
});
