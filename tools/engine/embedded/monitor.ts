import type { PropertyMap } from "../properties.ts";
import { type Goal, goalOf, readGoalOf } from "./goal.ts";
import { Empty, fromStruct, grpc, monitorPb, monitorServices, toStruct } from "./rpc.ts";
import { type Server, StatusError, serve, unary } from "./server.ts";
import type { ResourceState } from "./state.ts";

/** What the monitor asks of the operation that a program takes part in. */
export interface MonitorHost {
  project: string;
  stack: string;
  organization: string;
  config: Record<string, string>;
  secretKeys: string[];
  dryRun: boolean;
  parallel: number;
  /** Resolves with the state when the resource is what the program wants. Rejects when the operation stops. */
  register(goalOf: () => Goal): Promise<ResourceState>;
  read(goal: Goal & { id: string }): Promise<ResourceState>;
  registerOutputs(urn: string, outputs: PropertyMap): Promise<void>;
  /** The program has registered everything; resolves when the operation has done the rest. */
  programDone(): Promise<void>;
  /** Resolves at the end of the operation: who still waits for an answer then gets none. */
  readonly over: Promise<void>;
}

/**
 * Serves a program's view of the engine (pulumirpc.ResourceMonitor) as far as dynamic resources, components and
 * stacks need it. Functions, transforms, hooks and other packages answer UNIMPLEMENTED.
 */
export function serveMonitor(host: MonitorHost): Promise<Server> {
  /** An answer, or "unavailable" when the operation ends first: a program takes that as its own end. */
  const whileRunning = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
    const unavailable = host.over.then(() => {
      throw new StatusError(grpc.status.UNAVAILABLE, "resource monitor shut down");
    });
    return Promise.race([work.catch(() => unavailable), unavailable]);
  };

  const service = {
    getDeploymentInfo: unary(() => deploymentInfo(host)),
    supportsFeature: unary((request: InstanceType<typeof monitorPb.SupportsFeatureRequest>) =>
      new monitorPb.SupportsFeatureResponse().setHassupport(FEATURE_NAMES.includes(request.getId())),
    ),
    registerResource: unary(async (request: InstanceType<typeof monitorPb.RegisterResourceRequest>) => {
      const state = await whileRunning(host.register(() => goalOf(request)));
      const response = new monitorPb.RegisterResourceResponse();
      response.setUrn(state.urn);
      response.setId(state.id ?? "");
      // What a component had as outputs before may name resources that do not exist yet in this run.
      response.setObject(toStruct(state.custom ? state.outputs : {}));
      return response;
    }),
    readResource: unary(async (request: InstanceType<typeof monitorPb.ReadResourceRequest>) => {
      const state = await whileRunning(host.read(readGoalOf(request)));
      const response = new monitorPb.ReadResourceResponse();
      response.setUrn(state.urn);
      response.setProperties(toStruct(state.outputs));
      return response;
    }),
    registerResourceOutputs: unary(
      async (request: InstanceType<typeof monitorPb.RegisterResourceOutputsRequest>) => {
        await whileRunning(host.registerOutputs(request.getUrn(), fromStruct(request.getOutputs())));
        return new Empty();
      },
    ),
    signalAndWaitForShutdown: unary(async () => {
      await host.programDone();
      return new Empty();
    }),
  };
  return serve((server) => server.addService(monitorServices.ResourceMonitorService, service));
}

/**
 * The features that programs may count on. Without "outputValues" the SDK sends plain and secret values only.
 */
const FEATURE_NAMES = ["secrets", "resourceReferences"];

function deploymentInfo(host: MonitorHost) {
  const features = monitorPb.ResourceMonitorFeature;
  const info = new monitorPb.DeploymentInfo();
  info.setProject(host.project);
  info.setStack(host.stack);
  info.setOrganization(host.organization);
  info.setDryrun(host.dryRun);
  info.setParallel(host.parallel);
  for (const [key, value] of Object.entries(host.config)) info.getConfigMap().set(key, value);
  info.setConfigsecretkeysList(host.secretKeys);
  info.setSupportedfeaturesList([
    features.RESOURCE_MONITOR_FEATURE_SECRETS,
    features.RESOURCE_MONITOR_FEATURE_RESOURCE_REFERENCES,
  ]);
  return info;
}
