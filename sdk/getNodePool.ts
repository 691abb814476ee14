import {
  type InvokeOptions,
  log,
  type Output,
  output,
  type ProviderResource,
  RunError,
  runtime,
} from "@pulumi/pulumi";
import type { PoolLookUp } from "../provider/engine/getNodePool.ts";
import { resourceType } from "./dynamicProvider.ts";
import type { GetNodePoolArgs, GetNodePoolOutputArgs, GetNodePoolResult } from "./getNodePoolArgs.ts";
import { assertDynamicProvider, configurationOf } from "./provider.ts";
import { instanceKey } from "./providerArgs.ts";
import { checkSurroundings } from "./surroundings.ts";

/** The function in the plugin's schema; unit tests with Pulumi's mocks are asked for it by this name. */
const token = "cce-nodepool-sync:index:getNodePool";

/**
 * Looks a node pool up, whoever manages it: its nodes and their phases, which of them report being outdated, and whether a
 * sync is running. Sends nothing that changes anything, and needs the permissions to list pools and nodes.
 *
 * It looks as soon as it is called, also in a preview. To look after something else has been done, use
 * {@link getNodePoolOutput}.
 *
 * @example
 * ```ts
 * const { nodes, outdatedNodeIds } = await getNodePool({ clusterId, nodePoolId });
 * ```
 *
 * @param args which pool, and where it is.
 * @param opts `provider` is a Provider of this package; without it, and without one of `parent`, the stack's configuration
 *   and the environment are used. Other options have no meaning here.
 * @throws RunError with everything that is wrong with the arguments, or why the pool cannot be looked up.
 */
export async function getNodePool(
  args: GetNodePoolArgs,
  opts: InvokeOptions = {},
): Promise<GetNodePoolResult> {
  checkSurroundings();
  const provider = providerIn(opts);
  if (isMocked()) return runtime.invoke(token, { ...args }, opts);
  // Until the look has ended, the program may go on to declare resources.
  const done = runtime.rpcKeepAlive();
  try {
    const lookUp = await lookUpWith(provider);
    return await lookUp({ ...args }, (message) => void log.warn(message));
  } catch (error) {
    throw new RunError((error as Error).message);
  } finally {
    done();
  }
}

/**
 * As {@link getNodePool}, with arguments that may be outputs: it looks when they are known. In a preview in which one of
 * them is not known yet, neither is the result.
 *
 * @example
 * ```ts
 * // After the sync, since its outputs are.
 * const after = getNodePoolOutput({ clusterId: sync.clusterId, nodePoolId: sync.nodePoolId });
 * export const outdated = after.outdatedNodeIds;
 * ```
 *
 * @param args which pool, and where it is.
 * @param opts as of {@link getNodePool}.
 */
export function getNodePoolOutput(
  args: GetNodePoolOutputArgs,
  opts: InvokeOptions = {},
): Output<GetNodePoolResult> {
  const provider = providerIn(opts);
  const lookUp = (known: unknown) => getNodePool(known as GetNodePoolArgs, opts);
  if (provider === undefined || isMocked()) return output(args).apply(lookUp);
  // In a preview, settings of the provider may not be known either.
  return output(args).apply((known) => configurationOf(provider).apply(() => lookUp(known)));
}

function providerIn({ provider, parent }: InvokeOptions): ProviderResource | undefined {
  const chosen = provider ?? parent?.getProvider(resourceType);
  assertDynamicProvider(chosen, "getNodePool");
  return chosen;
}

/** Whether the program runs in a unit test with Pulumi's mocks, which answer in place of every service. */
function isMocked(): boolean {
  const monitor = runtime.getMonitor() as { readonly mocks?: unknown } | undefined;
  return monitor?.mocks !== undefined;
}

/** By the provider instance, or the program that none was given in. */
const lookUps = new WeakMap<object, Promise<PoolLookUp>>();
const withoutProvider = {};

/** The look-up with the configuration of a provider instance, or of the stack. Its code is loaded when it is needed first. */
function lookUpWith(provider: ProviderResource | undefined): Promise<PoolLookUp> {
  const key = provider ?? withoutProvider;
  const known = lookUps.get(key) ?? createLookUp(provider);
  lookUps.set(key, known);
  return known;
}

async function createLookUp(provider: ProviderResource | undefined): Promise<PoolLookUp> {
  const { createPoolLookUp } = await import("../provider/engine/getNodePool.ts");
  if (provider === undefined)
    return createPoolLookUp(() => ({
      config: runtime.getConfig,
      configKeys: Object.keys(runtime.allConfig()),
      environment: process.env,
    }));
  const settings = await knownSettings(configurationOf(provider));
  return createPoolLookUp(() => ({
    config: (key) => settings[key],
    configKeys: Object.keys(settings),
    instance: settings[instanceKey],
    environment: process.env,
  }));
}

/** @throws Error when a setting is not known yet. */
function knownSettings(settings: Output<Record<string, string>>): Promise<Record<string, string>> {
  // Not among the types of an output, and what its own apply goes by.
  const { isKnown } = settings as unknown as { readonly isKnown: Promise<boolean> };
  return new Promise((resolve, reject) => {
    settings.apply(resolve);
    isKnown.then((is) => {
      if (!is)
        reject(
          new Error(
            "getNodePool: a setting of its provider is known only during the update; use getNodePoolOutput, whose result is not known before either",
          ),
        );
    }, reject);
  });
}
