import protocol, {
  type CheckRequest,
  type CreateRequest,
  type DiffRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import type { EngineLog } from "../engine/log.ts";
import { errorCodes } from "../errors/codes.ts";
import { isSyncExpected } from "../nodePoolSync/diff.ts";
import { check } from "../nodePoolSync/inputs/check.ts";
import { withPasswordSecret } from "../nodePoolSync/inputs/secretInputs.ts";
import { type Call, inputsIn, type Resource } from "../nodePoolSync/resource.ts";
import { ResourceFailure, ResourceRefusal } from "../nodePoolSync/resourceFailure.ts";
import { resourceId } from "../nodePoolSync/resourceId.ts";
import { foreseenOutputs, readState, type State, writeState } from "../nodePoolSync/state/state.ts";
import { isUnknown } from "../util/unknowns.ts";
import type { Properties } from "../util/wire.ts";
import { decode, encode } from "./codec.ts";
import { detailedDiff } from "./detailedDiff.ts";
import { InitFailure } from "./failures.ts";
import { checkResponse, diffResponse } from "./responses.ts";

type Request = CheckRequest | DiffRequest | CreateRequest | UpdateRequest | ReadRequest;
type Work = ReturnType<typeof createWork>;

/** The calls about one resource. */
export function createResourceCalls(resource: Resource, log: EngineLog) {
  const work = createWork(log);
  const synchronize = createSynchronize(resource, work);
  return {
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
      // Without an ID, the resource is gone.
      return state === undefined ? new protocol.ReadResponse() : readResponse(request, state);
    },
  };
}

function createWork(log: EngineLog) {
  /** The call's work; ends when the engine has all messages about it. */
  return async <T>(request: Request, run: (call: Call) => Promise<T>, timeout = 0): Promise<T> => {
    const urn = request.getUrn();
    // The engine grants seconds; 0 stands for the default.
    const granted = timeout > 0 ? timeout * 1000 : undefined;
    try {
      return await run({ urn, report: log.reportFor(urn), timeout: granted });
    } finally {
      await log.flush();
    }
  };
}

function createSynchronize(resource: Resource, work: Work) {
  return async (request: CreateRequest | UpdateRequest, olds?: Properties): Promise<Properties> => {
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
  };
}

/** @throws InitFailure when the recorded sync has failed: a healthy answer would have the engine forget that. */
function readResponse(request: ReadRequest, state: State) {
  const isImport = request.getProperties() === undefined;
  const inputs = isImport ? importedInputs(state) : decode(request.getInputs());
  const found = isImport ? { ...state, inputs: inputsIn(inputs) } : state;
  const saved = { outputs: writeState(found), inputs: withPasswordSecret(inputs) };
  const id = resourceId(found.inputs);
  const [reason, ...others] = reasonsOf(found);
  if (reason !== undefined) throw new InitFailure(id, saved.outputs, [reason, ...others], saved.inputs);
  const response = new protocol.ReadResponse();
  response.setId(id);
  response.setProperties(encode(saved.outputs));
  response.setInputs(encode(saved.inputs));
  response.setRefreshBeforeUpdate(true);
  return response;
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
