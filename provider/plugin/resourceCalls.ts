import protocol, {
  type CheckRequest,
  type CreateRequest,
  type DiffRequest,
  type ReadRequest,
  type UpdateRequest,
} from "@pulumi/pulumi/proto/provider_pb.js";
import type { EngineLog } from "../engine/log.ts";
import { errorCodes } from "../errors/codes.ts";
import { InitFailure } from "../errors/initFailure.ts";
import { isSyncExpected } from "../nodePoolSync/diff.ts";
import { check } from "../nodePoolSync/inputs/check.ts";
import type { Inputs } from "../nodePoolSync/inputs/schema.ts";
import { withPasswordSecret } from "../nodePoolSync/inputs/secretInputs.ts";
import {
  type Call,
  type Found,
  inputsIn,
  type Resource,
  type Saved,
  savedFrom,
} from "../nodePoolSync/resource.ts";
import { ResourceRefusal } from "../nodePoolSync/resourceFailure.ts";
import { resourceId } from "../nodePoolSync/resourceId.ts";
import { foreseenOutputs, readState, type State } from "../nodePoolSync/state/state.ts";
import { isUnknown } from "../util/unknowns.ts";
import type { Properties } from "../util/wire.ts";
import { decode, encode } from "./codec.ts";
import { detailedDiff } from "./detailedDiff.ts";
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
      return checkResponse(inputs, problems);
    },

    async diff(request: DiffRequest) {
      const [olds, news] = [decode(request.getOlds()), decode(request.getNews())];
      const { state, ...difference } = await work(request, (call) => resource.diff(olds, news, call));
      const details = state && detailedDiff(state, inputsIn(news), difference);
      return diffResponse(difference.changes, difference.replaces, details);
    },

    async create(request: CreateRequest) {
      const response = new protocol.CreateResponse();
      const { id, outputs } = await synchronize(request);
      response.setId(id);
      response.setProperties(encode(outputs));
      response.setRefreshBeforeUpdate(true);
      return response;
    },

    async update(request: UpdateRequest) {
      const response = new protocol.UpdateResponse();
      const { outputs } = await synchronize(request, decode(request.getOlds()));
      response.setProperties(encode(outputs));
      response.setRefreshBeforeUpdate(true);
      return response;
    },

    async read(request: ReadRequest) {
      const recorded = decode(request.getProperties());
      const read = await work(request, (call) =>
        resource
          .read(request.getId(), recorded, call)
          .catch((error: Error) => keepUnread(error, request.getProperties() && recorded, call)),
      );
      // Without an ID, the resource is gone.
      return read === undefined ? new protocol.ReadResponse() : readResponse(request, read);
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
  return async (request: CreateRequest | UpdateRequest, olds?: Properties): Promise<Saved> => {
    const news = decode("getNews" in request ? request.getNews() : request.getProperties());
    if (request.getPreview()) return previewOf(inputsIn(news), olds);
    return work(request, (call) => resource.synchronize(olds, news, call), request.getTimeout());
  };
}

/** @throws InitFailure when the recorded sync has failed: a healthy answer would have the engine forget that. */
function readResponse(request: ReadRequest, read: Found) {
  const isImport = request.getProperties() === undefined;
  const inputs = withPasswordSecret(isImport ? importedInputs(read.state) : decode(request.getInputs()));
  const { id, outputs, state } = isImport ? savedFrom({ ...read.state, inputs: inputsIn(inputs) }) : read;
  const [reason, ...others] = reasonsOf(state);
  if (reason !== undefined) throw new InitFailure(id, outputs, [reason, ...others], inputs);
  const response = new protocol.ReadResponse();
  response.setId(id);
  response.setProperties(encode(outputs));
  response.setInputs(encode(inputs));
  response.setRefreshBeforeUpdate(true);
  return response;
}

/**
 * Before a change, the engine has the resource read with the configuration that was recorded last. Credentials in it
 * that are not good any more must not keep a program from its update with new ones.
 */
function keepUnread(error: Error, recorded: Properties | undefined, { report }: Call): Found {
  const isRefused = error instanceof ResourceRefusal && error.errorCode === errorCodes.credentialsRefused;
  if (!isRefused || recorded === undefined) throw error;
  report(
    `not read, so nothing is known of drift: ${error.message} If the credentials are in the stack's configuration, Pulumi has read with those that the last \`pulumi up\` recorded; \`pulumi up --refresh --run-program\` reads with the present ones.`,
    "warning",
  );
  return savedFrom(readState(recorded));
}

/** What a preview knows. An update that resets nothing leaves what is recorded of the sync as it is. */
function previewOf(inputs: Inputs, olds: Properties | undefined): Saved {
  const isKnown = ![inputs.clusterId, inputs.nodePoolId].some(isUnknown);
  const earlier = undisturbed(inputs, olds);
  return { id: isKnown ? resourceId(inputs) : "", outputs: foreseenOutputs(inputs, earlier) };
}

/** The recorded state, where the update leaves it as it is. */
function undisturbed(inputs: Inputs, olds: Properties | undefined): State | undefined {
  try {
    const earlier = olds && readState(olds);
    return earlier && !isSyncExpected(earlier, inputs) ? earlier : undefined;
  } catch {
    // The update will say that the state cannot be read.
    return undefined;
  }
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
