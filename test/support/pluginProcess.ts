import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { MethodDefinition, ServiceError } from "@grpc/grpc-js";
import type { Message } from "google-protobuf";
import { serveEngine } from "../../tools/engine/embedded/engineService.ts";
import { toProviderError } from "../../tools/engine/embedded/providerErrors.ts";
import {
  channelOptions,
  Empty,
  fromStruct,
  grpc,
  providerPb,
  providerServices,
  type Struct,
  toStruct,
} from "../../tools/engine/embedded/rpc.ts";
import type { PropertyMap } from "../../tools/engine/properties.ts";
import type { Diagnostic } from "../../tools/engine/types.ts";
import { root } from "./root.ts";

type Properties = Record<string, unknown>;

const { ResourceProviderService: service } = providerServices;

/** What a difference says. */
export interface PluginDiff {
  readonly changes: "unknown" | "none" | "some";
  readonly replaces: string[];
  /** By path: the kind, and `input` where an input has changed. */
  readonly details: Record<string, string>;
}

/** A running plugin as the engine uses it: each call with properties in the form in which they travel. */
export interface PluginProcess {
  readonly pid: number;
  /** All of its standard output so far. */
  readonly output: () => string;
  readonly errors: () => string;
  /** What it reported to the engine. */
  readonly diagnostics: readonly Diagnostic[];
  readonly ended: Promise<unknown>;
  handshake(): Promise<void>;
  version(): Promise<string>;
  schema(): Promise<Properties>;
  checkConfig(news: Properties): Promise<{ inputs: Properties; failures: string[] }>;
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
  kill(signal: NodeJS.Signals): void;
  /** Ends its standard input, as the death of the engine does. */
  orphan(): void;
  close(): Promise<void>;
}

/** The resource that all calls are about. */
export const urn = "urn:pulumi:dev::project::cce-nodepool-sync:index:NodePoolSync::workers";

/** Starts the plugin as the engine does. */
export async function startPlugin(
  environment: Readonly<Record<string, string>> = {},
  command: readonly string[] = [process.execPath, join(root, "provider/plugin/index.ts")],
): Promise<PluginProcess> {
  const diagnostics: Diagnostic[] = [];
  const engine = await serveEngine((diagnostic) => void diagnostics.push(diagnostic));
  const [program = "", ...args] = command;
  const child = spawn(program, [...args, engine.address], {
    env: { PATH: process.env.PATH, HOME: "/nonexistent", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const texts = { output: "", errors: "" };
  child.stdout.setEncoding("utf8").on("data", (text) => (texts.output += text));
  child.stderr.setEncoding("utf8").on("data", (text) => (texts.errors += text));
  const ended = once(child, "exit");
  const port = await firstLine(child, texts);
  const client = new grpc.Client(`127.0.0.1:${port}`, grpc.credentials.createInsecure(), channelOptions);
  return {
    pid: child.pid ?? 0,
    output: () => texts.output,
    errors: () => texts.errors,
    diagnostics,
    ended,
    ...calls(client),
    kill: (signal) => void child.kill(signal),
    orphan: () => void child.stdin.end(),
    async close() {
      client.close();
      child.kill("SIGINT");
      await ended;
      engine.close();
    },
  };
}

async function firstLine(child: ChildProcess, texts: { output: string; errors: string }): Promise<string> {
  while (!texts.output.includes("\n")) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the plugin has ended: ${texts.errors}`);
    await Promise.race([once(child.stdout ?? child, "data"), once(child, "exit")]);
  }
  return texts.output.split("\n")[0] ?? "";
}

function calls(client: InstanceType<typeof grpc.Client>) {
  const call = <Request extends Message, Response extends Message>(
    method: MethodDefinition<Request, Response>,
    request: Request,
  ): Promise<Response> =>
    new Promise((resolve, reject) => {
      const answer = (error: ServiceError | null, response?: Response) =>
        error ? reject(toProviderError(error)) : resolve(response as Response);
      const { path, requestSerialize, responseDeserialize } = method;
      client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, answer);
    });
  return { ...instanceCalls(call), ...resourceCalls(call) };
}

type Caller = <Request extends Message, Response extends Message>(
  method: MethodDefinition<Request, Response>,
  request: Request,
) => Promise<Response>;

function instanceCalls(call: Caller) {
  return {
    async handshake() {
      await call(service.handshake, new providerPb.ProviderHandshakeRequest());
    },
    async version() {
      return (await call(service.getPluginInfo, new Empty())).getVersion();
    },
    async schema() {
      const response = await call(service.getSchema, new providerPb.GetSchemaRequest());
      return JSON.parse(response.getSchema());
    },
    async checkConfig(news: Properties) {
      return checked(await call(service.checkConfig, checkRequest(news, {})));
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
