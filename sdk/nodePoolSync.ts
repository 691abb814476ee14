import {
  CustomResource,
  type CustomResourceOptions,
  createUrn,
  type ID,
  type Input,
  Output,
  RunError,
  secret,
} from "@pulumi/pulumi";
import { passwordPath } from "../provider/nodePoolSync/inputs/secretInputs.ts";
import { type NodePoolSyncArgs, type NodePoolSyncOutputs, propertyNames } from "./args.ts";
import { providerText, resourceType } from "./dynamicProvider.ts";
import { assertDynamicProvider } from "./provider.ts";
import { checkSurroundings } from "./surroundings.ts";

/** The resource's outputs, each with its own documentation. */
export interface NodePoolSync extends NodePoolSyncOutputs {}

/**
 * Brings the existing nodes of a CCE node pool to the pool's current configuration, by Huawei Cloud's operation
 * "Synchronizing Node Configurations in a Node Pool". **Nodes are reset by it**: their system and data disks are
 * cleared and their pods are evicted, `maxUnavailable` nodes at a time.
 *
 * Creating the resource synchronizes the nodes that do not report being up to date (see `onCreate`); a change of
 * `nodeTemplate` or `triggers` synchronizes all of them (see `onChange`). Both wait until every such node is proven to
 * have been reset. An unchanged resource sends nothing, and deleting it undoes nothing.
 *
 * @example
 * ```ts
 * new NodePoolSync("workers", { clusterId, nodePoolId, maxUnavailable: 2, triggers: [pool.os] });
 * ```
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: Pulumi sets the outputs; fields of the class would reset them.
export class NodePoolSync extends CustomResource {
  /**
   * Reads the state of a pool that is not managed by this stack.
   * @param name the resource's unique name in this stack.
   * @param id `<clusterId>/<nodePoolId>`.
   * @param opts options of the lookup.
   */
  static get(name: string, id: Input<ID>, opts?: CustomResourceOptions): NodePoolSync {
    return new NodePoolSync(name, {} as NodePoolSyncArgs, { ...opts, id });
  }

  /** Whether the value is a NodePoolSync, also one of another copy of this package. */
  static override isInstance(value: unknown): value is NodePoolSync {
    return (value as { __pulumiType?: unknown } | null | undefined)?.__pulumiType === resourceType;
  }

  /**
   * @param name the resource's unique name in this stack.
   * @param args what to synchronize, and how.
   * @param opts options of the resource; `customTimeouts.create` and `.update` bound the whole sync, and `provider` is
   *   a {@link Provider}. Not `import`: create the resource with `onCreate: "nothing"` to adopt a pool.
   * @throws RunError when the program cannot deploy the resource: the text says what to do.
   */
  constructor(name: string, args: NodePoolSyncArgs, opts: CustomResourceOptions = {}) {
    checkSurroundings();
    assertDynamicProvider(opts.provider, `NodePoolSync ${JSON.stringify(name)}`);
    if (opts.import !== undefined)
      throw new RunError(
        `NodePoolSync ${JSON.stringify(name)}: Pulumi cannot import it, because a dynamic resource has no state of its own to import. Remove the option import and create it with onCreate: "nothing", which adopts the pool as it is and resets no node.`,
      );
    const { create, update } = opts.customTimeouts ?? {};
    const unset = Object.fromEntries(propertyNames.map((output) => [output, undefined]));
    const props = {
      ...unset,
      ...(secretAt(args, passwordPath) as NodePoolSyncArgs),
      __provider: providerText,
      // A dynamic provider gets neither of these from the engine.
      __engine: {
        urn: createUrn(name, resourceType, opts.parent),
        createTimeout: create,
        updateTimeout: update,
      },
    };
    // For each property Pulumi makes four promises and takes a stack trace for each, to be shown if one of them leaks:
    // half of what a program with many resources would spend its time on. Where the resource stands in the program is
    // reported to the engine all the same, by a trace for which Pulumi lifts the limit itself.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      super(resourceType, name, props, opts);
    } catch (error) {
      Error.stackTraceLimit = stackTraceLimit;
      if (error instanceof Error) Error.captureStackTrace(error);
      throw error;
    }
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/**
 * Marks only the leaf at the path as secret, through whatever outputs and promises stand on the way: a container
 * that is secret as a whole would hide every change of its other parts from the diff.
 */
function secretAt(value: unknown, path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (value === undefined || value === null) return value;
  if (key === undefined) return secret(value);
  if (Output.isInstance(value)) return value.apply((inner) => secretAt(inner, path));
  if (value instanceof Promise) return value.then((inner) => secretAt(inner, path));
  if (typeof value !== "object" || !(key in value)) return value;
  return { ...value, [key]: secretAt((value as Record<string, unknown>)[key], rest) };
}
