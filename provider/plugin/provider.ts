import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import protocol, {
  type CheckRequest,
  type ConfigureRequest,
  type CreateRequest,
  type DiffRequest,
  type GetSchemaRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import type { Configuration } from "../config/sources.ts";
import type { EngineLog } from "../engine/log.ts";
import { errorCodes } from "../errors/codes.ts";
import { check } from "../nodePoolSync/check.ts";
import { isSyncExpected } from "../nodePoolSync/diff.ts";
import { type Call, createResource, inputsIn, type Properties } from "../nodePoolSync/resource.ts";
import { ResourceFailure, ResourceRefusal } from "../nodePoolSync/resourceFailure.ts";
import { resourceId } from "../nodePoolSync/resourceId.ts";
import { withPasswordSecret } from "../nodePoolSync/secretInputs.ts";
import type { NodePoolSyncService } from "../nodePoolSync/service.ts";
import { foreseenOutputs, readState, type State, writeState } from "../nodePoolSync/state.ts";
import { isUnknown } from "../util/unknowns.ts";
import { decode, encode } from "./codec.ts";
import { configurationOf, configurationProblems, withSecrets } from "./configuration.ts";
import { detailedDiff } from "./detailedDiff.ts";
import { InitFailure } from "./failures.ts";
import { createInvoke } from "./invoke.ts";
import { checkResponse, diffResponse } from "./responses.ts";

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
  const resource = createResource(service);

  /** The call's work; ends when the engine has all messages about it. */
  async function work<T>(request: Request, run: (call: Call) => Promise<T>, timeout = 0): Promise<T> {
    const urn = request.getUrn();
    // The engine grants seconds; 0 stands for the default.
    const granted = timeout > 0 ? timeout * 1000 : undefined;
    try {
      return await run({ urn, report: log.reportFor(urn), timeout: granted });
    } finally {
      await log.flush();
    }
  }

  async function synchronize(request: CreateRequest | UpdateRequest, olds?: Properties): Promise<Properties> {
    const news = decode("getNews" in request ? request.getNews() : request.getProperties());
    const inputs = inputsIn(news);
    if (request.getPreview()) return previewOf(inputs, olds);
    try {
      const run = (call: Call) => resource.synchronize(olds, news, call);
      return writeState(await work(request, run, request.getTimeout()));
    } catch (error) {
      if (!(error instanceof ResourceFailure)) throw error;
      throw new InitFailure(resourceId(inputs), writeState(error.state), [error.message]);
    }
  }

  return {
    handshake() {
      // Secrets and outputs arrive in plain: the engine itself keeps them secret in what comes back, by their path.
      return Promise.resolve(new protocol.ProviderHandshakeResponse());
    },

    getPluginInfo() {
      const info = new plugin.PluginInfo();
      info.setVersion(options.version);
      return Promise.resolve(info);
    },

    async getSchema(request: GetSchemaRequest) {
      const version = request.getVersion();
      if (version !== 0)
        throw new Error(
          `the plugin has its schema in version 0 of Pulumi's schema language, and version ${version} was asked for: use a Pulumi CLI or a plugin that fits the other`,
        );
      const response = new protocol.GetSchemaResponse();
      response.setSchema(options.schema);
      return response;
    },

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

    async check(request: CheckRequest) {
      const [olds, news] = [decode(request.getOlds()), decode(request.getNews())];
      const { inputs, problems } = await work(request, (call) => resource.check(olds, news, call));
      return checkResponse(withPasswordSecret(inputs), problems);
    },

    async diff(request: DiffRequest) {
      const [olds, news] = [decode(request.getOlds()), decode(request.getNews())];
      const { state, ...difference } = await work(request, (call) => resource.diff(olds, news, call));
      const details = state && detailedDiff(state, inputsIn(news), difference);
      return diffResponse(difference.changes, difference.replaces, details);
    },

    async create(request: CreateRequest) {
      const response = new protocol.CreateResponse();
      response.setProperties(encode(await synchronize(request)));
      response.setId(knownId(inputsIn(decode(request.getProperties()))));
      response.setRefreshBeforeUpdate(true);
      return response;
    },

    async update(request: UpdateRequest) {
      const response = new protocol.UpdateResponse();
      response.setProperties(encode(await synchronize(request, decode(request.getOlds()))));
      response.setRefreshBeforeUpdate(true);
      return response;
    },

    async read(request: ReadRequest) {
      const recorded = decode(request.getProperties());
      const state = await work(request, (call) =>
        resource
          .read(request.getId(), recorded, call)
          .catch((error: Error) => keepUnread(error, request.getProperties() && recorded, call)),
      );
      const response = new protocol.ReadResponse();
      // Without an ID, the resource is gone.
      if (state === undefined) return response;
      const isImport = request.getProperties() === undefined;
      const inputs = isImport ? importedInputs(state) : decode(request.getInputs());
      const found = isImport ? { ...state, inputs: inputsIn(inputs) } : state;
      const saved = { outputs: writeState(found), inputs: withPasswordSecret(inputs) };
      const id = resourceId(found.inputs);
      const [reason, ...others] = reasonsOf(found);
      if (reason !== undefined) throw new InitFailure(id, saved.outputs, [reason, ...others], saved.inputs);
      response.setId(id);
      response.setProperties(encode(saved.outputs));
      response.setInputs(encode(saved.inputs));
      response.setRefreshBeforeUpdate(true);
      return response;
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

/** The name of the instance; undefined for the one that no program makes, which the engine names after its version. */
function instanceNamed(name: string | undefined): string | undefined {
  return !name || /^default(_|$)/.test(name) ? undefined : name;
}

/**
 * Before a change, the engine has the resource read with the configuration that was recorded last. Credentials in it
 * that are not good any more must not keep a program from its update with new ones.
 */
function keepUnread(error: Error, recorded: Properties | undefined, { report }: Call): State {
  const isRefused = error instanceof ResourceRefusal && error.errorCode === errorCodes.credentialsRefused;
  if (!isRefused || recorded === undefined) throw error;
  report(
    `not read, so nothing is known of drift; Pulumi reads with the configuration that the last \`pulumi up\` recorded, or with the present one by \`pulumi up --refresh --run-program\`: ${error.message}`,
    "warning",
  );
  return readState(recorded);
}

type Request = CheckRequest | DiffRequest | CreateRequest | UpdateRequest | ReadRequest;

/** What a preview knows. An update that resets nothing leaves what is recorded of the sync as it is. */
function previewOf(inputs: ReturnType<typeof inputsIn>, olds: Properties | undefined): Properties {
  try {
    const earlier = olds && readState(olds);
    return foreseenOutputs(inputs, earlier && !isSyncExpected(earlier, inputs) ? earlier : undefined);
  } catch {
    // The update will say that the state cannot be read.
    return foreseenOutputs(inputs);
  }
}

function knownId(inputs: ReturnType<typeof inputsIn>): string {
  return [inputs.clusterId, inputs.nodePoolId].some(isUnknown) ? "" : resourceId(inputs);
}

/** Inputs that make a valid program for a pool that is imported: how to reset its nodes is for the user to choose. */
function importedInputs({ inputs: { clusterId, nodePoolId } }: State): Properties {
  return check({ clusterId, nodePoolId, maxUnavailable: 1 }).inputs;
}

/** Why the engine should not take the resource for a healthy one; none when it is. */
function reasonsOf({ progress: { status, failedNodes } }: State): string[] {
  if (status !== "failed") return [];
  const nodes = failedNodes.map(
    ({ name, id, reason }) => `node ${name} (${id}) is not synchronized: ${reason}`,
  );
  return nodes.length > 0 ? nodes : ["the latest sync has failed"];
}
