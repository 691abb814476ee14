import type { ClientUnaryCall, MethodDefinition } from "@grpc/grpc-js";
import { annotateSecrets, hasUnknowns, type PropertyMap, withoutSecrets } from "../properties.ts";
import { nameOf, typeOf } from "../urn.ts";
import { InitFailure, ProviderError, toProviderError } from "./providerErrors.ts";
import {
  channelOptions,
  Empty,
  fromStruct,
  grpc,
  providerPb,
  providerServices,
  type Struct,
  toStruct,
} from "./rpc.ts";

const service = providerServices.ResourceProviderService;

/** What a provider says about a difference; `undefined` leaves the decision to the engine's own diff. */
export interface ProviderDiff {
  changes: boolean | undefined;
  replaces: string[];
}

/** What a check has against the inputs. `property` may be empty, and had better be. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** A resource as a call refers to it. `timeout` is in seconds, 0 for none. */
interface Target {
  urn: string;
  id: string;
  timeout: number;
}

/**
 * The calls to a dynamic provider, with the engine's handling of secrets around each: plain values go in, and
 * what was secret going in is secret again coming out (pkg/resource/plugin, provider_plugin.go; dynamic
 * providers answer that they do not take secrets).
 */
export class ProviderClient {
  readonly #client: InstanceType<typeof grpc.Client>;
  readonly #calls = new Set<ClientUnaryCall>();

  constructor(address: string) {
    this.#client = new grpc.Client(address, grpc.credentials.createInsecure(), channelOptions);
  }

  /** Hands over the config; must come before every other call. */
  async configure(config: PropertyMap): Promise<void> {
    const request = new providerPb.ConfigureRequest();
    request.setArgs(toStruct(config));
    request.setAcceptsecrets(true);
    request.setAcceptresources(true);
    await this.#call(service.configure, request);
  }

  /** The inputs as the provider wants them, and what is wrong with them. `allowUnknowns`: in previews. */
  async check(
    urn: string,
    olds: PropertyMap,
    news: PropertyMap,
    allowUnknowns: boolean,
  ): Promise<{ inputs: PropertyMap; failures: CheckFailure[] }> {
    const request = about(urn, new providerPb.CheckRequest());
    request.setOlds(outgoing(olds));
    request.setNews(outgoing(news));
    const response = await this.#call(service.check, request);
    return {
      inputs: incoming(response.getInputs(), news, allowUnknowns),
      failures: response.getFailuresList().map((failure) => failure.toObject()),
    };
  }

  /** Compares a resource with new inputs. */
  async diff(
    target: Omit<Target, "timeout">,
    old: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<ProviderDiff> {
    const request = about(target.urn, new providerPb.DiffRequest());
    request.setId(target.id);
    request.setOldInputs(outgoing(old.inputs));
    request.setOlds(outgoing(old.outputs));
    request.setNews(outgoing(news));
    const response = await this.#call(service.diff, request);
    const { DIFF_NONE, DIFF_SOME } = providerPb.DiffResponse.DiffChanges;
    const changes = response.getChanges();
    return {
      changes: changes === DIFF_SOME ? true : changes === DIFF_NONE ? false : undefined,
      replaces: response.getReplacesList(),
    };
  }

  /** Rejects with an {@link InitFailure} when the resource exists all the same. */
  async create(
    target: Omit<Target, "id">,
    inputs: PropertyMap,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const request = about(target.urn, new providerPb.CreateRequest());
    request.setProperties(outgoing(inputs));
    request.setTimeout(target.timeout);
    const response = await this.#call(service.create, request).catch(annotated(inputs));
    if (response.getId() === "") throw new ProviderError("provider did not return an ID from Create");
    return { id: response.getId(), outputs: incoming(response.getProperties(), inputs) };
  }

  /** Resolves to undefined when the resource is gone. */
  async read(
    target: Target,
    inputs: PropertyMap,
    state: PropertyMap,
  ): Promise<{ id: string; outputs: PropertyMap; inputs?: PropertyMap } | undefined> {
    const request = about(target.urn, new providerPb.ReadRequest());
    request.setId(target.id);
    request.setInputs(outgoing(inputs));
    request.setProperties(outgoing(state));
    request.setTimeout(target.timeout);
    const response = await this.#call(service.read, request);
    if (response.getId() === "") return undefined;
    const readInputs = response.getInputs();
    return {
      id: response.getId(),
      outputs: incoming(response.getProperties(), state),
      ...(readInputs !== undefined && { inputs: incoming(readInputs, inputs) }),
    };
  }

  /** Resolves to the new outputs; rejects with an {@link InitFailure} as {@link create} does. */
  async update(
    target: Target,
    old: { inputs: PropertyMap; outputs: PropertyMap },
    news: PropertyMap,
  ): Promise<PropertyMap> {
    const request = about(target.urn, new providerPb.UpdateRequest());
    request.setId(target.id);
    request.setOldInputs(outgoing(old.inputs));
    request.setOlds(outgoing(old.outputs));
    request.setNews(outgoing(news));
    request.setTimeout(target.timeout);
    const response = await this.#call(service.update, request).catch(annotated(news));
    return incoming(response.getProperties(), news);
  }

  /** Deletes the resource behind a state. */
  async delete(target: Target, old: { inputs: PropertyMap; outputs: PropertyMap }): Promise<void> {
    const request = about(target.urn, new providerPb.DeleteRequest());
    request.setId(target.id);
    request.setOldInputs(outgoing(old.inputs));
    request.setProperties(outgoing(old.outputs));
    request.setTimeout(target.timeout);
    await this.#call(service.delete, request);
  }

  /** What the first Ctrl-C sends. A provider that is gone already has nothing to cancel. */
  async cancel(): Promise<void> {
    await this.#call(service.cancel, new Empty()).catch(() => undefined);
  }

  /** Breaks off the calls under way, if there are any. */
  close(): void {
    for (const call of this.#calls) call.cancel();
    this.#client.close();
  }

  #call<Request, Response>(method: MethodDefinition<Request, Response>, request: Request): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        (error, response) => {
          this.#calls.delete(call);
          if (error !== null) reject(toProviderError(error));
          else resolve(response as Response);
        },
      );
      this.#calls.add(call);
    });
  }
}

/** Says in a request which resource it is about. */
function about<
  Request extends {
    setUrn(urn: string): unknown;
    setName(name: string): unknown;
    setType(type: string): unknown;
  },
>(urn: string, request: Request): Request {
  request.setUrn(urn);
  request.setName(nameOf(urn));
  request.setType(typeOf(urn));
  return request;
}

/** Properties as a provider gets them: secrets in plain. */
function outgoing(properties: PropertyMap): Struct {
  return toStruct(withoutSecrets(properties));
}

/** Properties as a provider answers them, secret where what it was sent was secret. */
function incoming(struct: Struct | undefined, sent: PropertyMap, allowUnknowns = false): PropertyMap {
  return knownAndAnnotated(fromStruct(struct), sent, allowUnknowns);
}

/** What to do with a failure of a call that was sent these properties: those of an init failure count, too. */
function annotated(sent: PropertyMap): (error: Error) => never {
  return (error) => {
    if (!(error instanceof InitFailure)) throw error;
    throw new InitFailure(error.id, knownAndAnnotated(error.properties, sent, false), error.reasons);
  };
}

function knownAndAnnotated(properties: PropertyMap, sent: PropertyMap, allowUnknowns: boolean): PropertyMap {
  for (const [key, value] of Object.entries(properties)) {
    if (!allowUnknowns && hasUnknowns(value)) {
      throw new ProviderError(`unexpected unknown property value for "${key}"`);
    }
  }
  return annotateSecrets(properties, sent);
}
