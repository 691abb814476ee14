import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import protocol, {
  type CheckRequest,
  type ConfigureRequest,
  type DiffRequest,
  type GetSchemaRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Configuration } from "../config/sources.ts";
import type { EngineLog } from "../engine/log.ts";
import { createResource } from "../nodePoolSync/resource.ts";
import type { NodePoolSyncService } from "../nodePoolSync/service.ts";
import { decode } from "./codec.ts";
import { configurationOf, configurationProblems, withSecrets } from "./configuration.ts";
import { createInvoke } from "./invoke.ts";
import { createResourceCalls } from "./resourceCalls.ts";
import { checkResponse } from "./responses.ts";

/** What the provider works with. */
export interface PluginOptions {
  readonly log: EngineLog;
  readonly version: string;
  /** The text of the schema. */
  readonly schema: string;
  readonly environment: Configuration["environment"];
  /** The service, asked for when a resource needs it first. @param configuration as it is then. */
  readonly serviceWith: (configuration: () => Configuration) => () => Promise<NodePoolSyncService>;
  /** Ends what is under way. */
  readonly cancel: () => void;
}

/** The calls of Pulumi's provider protocol, but for how they travel. Failures are thrown. */
export type PluginProvider = ReturnType<typeof createPluginProvider>;

/** One instance of the provider: the engine starts a process for each. */
export function createPluginProvider(options: PluginOptions) {
  const { log, environment } = options;
  let configuration = configurationOf({}, environment);
  const service = options.serviceWith(() => configuration);
  return {
    ...descriptionCalls(options),
    ...createResourceCalls(createResource(service), log),

    checkConfig(request: CheckRequest) {
      const news = decode(request.getNews());
      const instance = instanceNamed(request.getName() || request.getUrn().split("::").at(-1));
      const problems = configurationProblems(news, environment, instance);
      return Promise.resolve(checkResponse(withSecrets(news), problems));
    },

    // Another account or region replaces no resource: those that are elsewhere say so themselves.
    diffConfig(request: DiffRequest) {
      const isSame =
        JSON.stringify(decode(request.getOldInputs())) === JSON.stringify(decode(request.getNews()));
      const { DIFF_NONE, DIFF_SOME } = protocol.DiffResponse.DiffChanges;
      const response = new protocol.DiffResponse();
      response.setChanges(isSame ? DIFF_NONE : DIFF_SOME);
      return Promise.resolve(response);
    },

    configure(request: ConfigureRequest) {
      const instance = instanceNamed(request.getName());
      configuration = configurationOf(decode(request.getArgs()), environment, instance);
      const response = new protocol.ConfigureResponse();
      response.setSupportspreview(true);
      return Promise.resolve(response);
    },

    invoke: createInvoke(service, log),

    // Forgets the resource. Nothing is undone at the service, and nothing is sent.
    delete: () => Promise.resolve(new empty.Empty()),

    cancel() {
      options.cancel();
      return Promise.resolve(new empty.Empty());
    },
  };
}

/** The calls that ask what the plugin is. */
function descriptionCalls({ version, schema }: PluginOptions) {
  return {
    handshake() {
      // Secrets and outputs arrive in plain: the engine itself keeps them secret in what comes back, by their path.
      return Promise.resolve(new protocol.ProviderHandshakeResponse());
    },

    getPluginInfo() {
      const info = new plugin.PluginInfo();
      info.setVersion(version);
      return Promise.resolve(info);
    },

    async getSchema(request: GetSchemaRequest) {
      const asked = request.getVersion();
      if (asked !== 0)
        throw new Error(
          `the plugin has its schema in version 0 of Pulumi's schema language, and version ${asked} was asked for: use a Pulumi CLI or a plugin that fits the other`,
        );
      const response = new protocol.GetSchemaResponse();
      response.setSchema(schema);
      return response;
    },
  };
}

/** The name of the instance; undefined for the one that no program makes, which the engine names after its version. */
function instanceNamed(name: string | undefined): string | undefined {
  return !name || /^default(_|$)/.test(name) ? undefined : name;
}
