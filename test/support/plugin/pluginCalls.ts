import type { MethodDefinition } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import {
  Empty,
  fromStruct,
  providerPb,
  providerServices,
  type Struct,
  toStruct,
} from "../../../tools/engine/embedded/rpc.ts";
import type { PropertyMap } from "../../../tools/engine/properties.ts";

type Properties = Record<string, unknown>;

const { ResourceProviderService: service } = providerServices;

/** What a difference says. */
export interface PluginDiff {
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: string[];
  /** By path: the kind, and `input` where an input has changed. */
  readonly details: Record<string, string>;
}

/** The calls that the engine makes to a plugin, with properties in the form in which they travel. */
export interface PluginCalls {
  handshake(): Promise<void>;
  version(): Promise<string>;
  /** @param version of Pulumi's schema language. */
  schema(version?: number): Promise<Properties>;
  /** @param name the provider instance's; default the one that the engine makes itself. */
  checkConfig(news: Properties, name?: string): Promise<{ inputs: Properties; failures: string[] }>;
  diffConfig(olds: Properties, news: Properties): Promise<PluginDiff>;
  /** @param name the provider instance's; default the one that the engine makes itself. */
  configure(config: Properties, name?: string): Promise<void>;
  check(news: Properties, olds?: Properties): Promise<{ inputs: Properties; failures: string[] }>;
  diff(olds: Properties, news: Properties): Promise<PluginDiff>;
  create(
    news: Properties,
    options?: { preview?: boolean; timeout?: number },
  ): Promise<{ id: string; properties: Properties; refreshBeforeUpdate: boolean }>;
  update(
    olds: Properties,
    news: Properties,
    options?: { preview?: boolean; timeout?: number },
  ): Promise<{ properties: Properties; refreshBeforeUpdate: boolean }>;
  /** @param recorded outputs and inputs; undefined for an import. */
  read(
    id: string,
    recorded?: { properties: Properties; inputs: Properties },
  ): Promise<{ id: string; properties: Properties; inputs: Properties; refreshBeforeUpdate: boolean }>;
  delete(id: string, properties: Properties): Promise<void>;
  /** @param name the function's; default the one that looks a pool up. */
  invoke(args: Properties, name?: string): Promise<Properties>;
  cancel(): Promise<void>;
}

/** The resource that all calls are about. */
export const urn = "urn:pulumi:dev::project::cce-nodepool-sync:index:NodePoolSync::workers";

/** Makes one call; rejects with what the engine makes of its failure. */
export type Caller = <Request extends Message, Response extends Message>(
  method: MethodDefinition<Request, Response>,
  request: Request,
) => Promise<Response>;

/** The calls, however they are made. */
export function pluginCalls(call: Caller): PluginCalls {
  return { ...instanceCalls(call), ...resourceCalls(call) };
}

function instanceCalls(call: Caller) {
  return {
    async handshake() {
      await call(service.handshake, new providerPb.ProviderHandshakeRequest());
    },
    async version() {
      return (await call(service.getPluginInfo, new Empty())).getVersion();
    },
    async schema(version = 0) {
      const request = new providerPb.GetSchemaRequest();
      request.setVersion(version);
      const response = await call(service.getSchema, request);
      return JSON.parse(response.getSchema());
    },
    async checkConfig(news: Properties, name = "default_0_1_0") {
      const request = checkRequest(news, {});
      request.setUrn(`urn:pulumi:dev::project::pulumi:providers:cce-nodepool-sync::${name}`);
      return checked(await call(service.checkConfig, request));
    },
    async diffConfig(olds: Properties, news: Properties) {
      const request = diffRequest(olds, news);
      request.setOldInputs(structOf(olds));
      return differenceIn(await call(service.diffConfig, request));
    },
    async configure(config: Properties, name = "default_0_1_0") {
      const request = new providerPb.ConfigureRequest();
      request.setName(name);
      request.setArgs(structOf(config));
      await call(service.configure, request);
    },
    async invoke(args: Properties, name = "getNodePool") {
      const request = new providerPb.InvokeRequest();
      request.setTok(`cce-nodepool-sync:index:${name}`);
      request.setArgs(structOf(args));
      const response = await call(service.invoke, request);
      return fromStruct(response.getReturn());
    },
    async cancel() {
      await call(service.cancel, new Empty());
    },
  };
}

function resourceCalls(call: Caller) {
  return {
    async check(news: Properties, olds: Properties = {}) {
      return checked(await call(service.check, checkRequest(news, olds)));
    },
    async diff(olds: Properties, news: Properties) {
      return differenceIn(await call(service.diff, diffRequest(olds, news)));
    },
    async create(news: Properties, { preview = false, timeout = 0 } = {}) {
      const request = new providerPb.CreateRequest();
      request.setUrn(urn);
      request.setProperties(structOf(news));
      request.setPreview(preview);
      request.setTimeout(timeout);
      const response = await call(service.create, request);
      const properties = fromStruct(response.getProperties());
      return { id: response.getId(), properties, refreshBeforeUpdate: response.getRefreshBeforeUpdate() };
    },
    async update(olds: Properties, news: Properties, { preview = false, timeout = 0 } = {}) {
      const request = new providerPb.UpdateRequest();
      request.setUrn(urn);
      request.setOlds(structOf(olds));
      request.setNews(structOf(news));
      request.setPreview(preview);
      request.setTimeout(timeout);
      const response = await call(service.update, request);
      const properties = fromStruct(response.getProperties());
      return { properties, refreshBeforeUpdate: response.getRefreshBeforeUpdate() };
    },
    async read(id: string, recorded?: { properties: Properties; inputs: Properties }) {
      const request = new providerPb.ReadRequest();
      request.setUrn(urn);
      request.setId(id);
      if (recorded !== undefined) {
        request.setProperties(structOf(recorded.properties));
        request.setInputs(structOf(recorded.inputs));
      }
      const response = await call(service.read, request);
      return {
        id: response.getId(),
        properties: fromStruct(response.getProperties()),
        inputs: fromStruct(response.getInputs()),
        refreshBeforeUpdate: response.getRefreshBeforeUpdate(),
      };
    },
    async delete(id: string, properties: Properties) {
      const request = new providerPb.DeleteRequest();
      request.setUrn(urn);
      request.setId(id);
      request.setProperties(structOf(properties));
      await call(service.delete, request);
    },
  };
}

function structOf(properties: Properties): Struct {
  return toStruct(properties as PropertyMap);
}

function checkRequest(news: Properties, olds: Properties) {
  const request = new providerPb.CheckRequest();
  request.setUrn(urn);
  request.setOlds(structOf(olds));
  request.setNews(structOf(news));
  return request;
}

function diffRequest(olds: Properties, news: Properties) {
  const request = new providerPb.DiffRequest();
  request.setUrn(urn);
  request.setOlds(structOf(olds));
  request.setNews(structOf(news));
  return request;
}

function checked(response: InstanceType<typeof providerPb.CheckResponse>) {
  const failures = response.getFailuresList();
  // The engine prints the value of the property that is named, in clear.
  if (failures.some((failure) => failure.getProperty() !== "")) throw new Error("a failure names a property");
  return { inputs: fromStruct(response.getInputs()), failures: failures.map((each) => each.getReason()) };
}

const kinds = ["add", "add replace", "delete", "delete replace", "update", "update replace"];

function differenceIn(response: InstanceType<typeof providerPb.DiffResponse>): PluginDiff {
  const details: Record<string, string> = {};
  response.getDetaileddiffMap().forEach((diff, path) => {
    details[path] = `${diff.getInputdiff() ? "input " : ""}${kinds[diff.getKind()]}`;
  });
  const changes = (["unknown", "none", "some"] as const)[response.getChanges()] ?? "unknown";
  return { changes, replaces: response.getReplacesList(), details };
}
