import {
  all,
  type Input,
  type Output,
  output,
  ProviderResource,
  type ResourceOptions,
  secret,
  unsecret,
} from "@pulumi/pulumi";
import { instanceKey, type ProviderArgs, providerKeys } from "./providerArgs.ts";

/** The package whose provider runs every dynamic resource of a Node program. */
const dynamicPackage = "pulumi-nodejs";

/**
 * Settings for some of a program's NodePoolSync resources: another account, another cloud, other limits. Pass it as
 * `provider`, to a resource or to a component for all of its children.
 *
 * Settings that are left out come from the environment; the stack's configuration is not read. Where it has credentials of
 * its own, the role to assume and the project are not taken from the environment either: they belong to another account.
 * Every instance is a process of its own, and shares no connection, no limit and no refused key with another.
 *
 * Its settings are recorded in the state, secrets encrypted, and `pulumi refresh` and `pulumi destroy` use what the last
 * `pulumi up` recorded. To record no secret, name a `profile`.
 *
 * @example
 * ```ts
 * const production = new Provider("production", { region: "eu-west-101", profile: "production" });
 * new NodePoolSync("workers", { clusterId, nodePoolId, maxUnavailable: 2 }, { provider: production });
 * ```
 */
export class Provider extends ProviderResource {
  /**
   * @param name the instance's unique name in this stack; errors name it.
   * @param args its settings.
   * @param opts options of the resource.
   * @throws Error when a setting is not known.
   */
  constructor(name: string, args: ProviderArgs = {}, opts?: ResourceOptions) {
    super(dynamicPackage, name, propertiesOf(name, args), opts);
  }
}

/** The settings under the keys by which the provider looks for them, each as a text. */
function propertiesOf(name: string, args: ProviderArgs): Record<string, Input<unknown>> {
  const strange = Object.keys(args).filter((setting) => !Object.hasOwn(providerKeys, setting));
  if (strange.length > 0) {
    const known = Object.keys(providerKeys).join(", ");
    throw new Error(`Provider "${name}": ${strange.join(", ")}: is not a setting; the settings are ${known}`);
  }
  const properties: Record<string, Input<unknown>> = { [instanceKey]: name };
  const parts: Record<string, Record<string, Input<unknown>>> = {};
  for (const [setting, { key, secret: isSecret }] of Object.entries(providerKeys)) {
    const value = args[setting as keyof ProviderArgs];
    if (value === undefined || value === null) continue;
    const [whole = key, part] = key.split(".");
    if (part !== undefined) parts[whole] = { ...parts[whole], [part]: value };
    else properties[key] = isSecret ? secret(textOf(value)) : textOf(value);
  }
  for (const [key, value] of Object.entries(parts)) properties[key] = textOf(value);
  return properties;
}

/** Every value of a configuration is a text; of an object, its JSON. */
function textOf(value: Input<unknown>): Input<unknown> {
  return (output(value) as Output<unknown>).apply((known) =>
    known === undefined || typeof known === "string" ? known : JSON.stringify(known),
  );
}

/** The configuration of a provider instance, by its keys, as the engine has recorded it; secrets are in plain. */
export function configurationOf(provider: ProviderResource): Output<Record<string, string>> {
  const keys = new Set([
    instanceKey,
    ...Object.values(providerKeys).map(({ key }) => key.split(".")[0] ?? key),
  ]);
  // Pulumi sets each property that the instance was given.
  const properties = provider as unknown as Record<string, Output<string> | undefined>;
  const given = [...keys].map((key) => [key, output(properties[key])] as const);
  return unsecret(all(Object.fromEntries(given))).apply((values) =>
    Object.fromEntries(
      Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
  );
}

/**
 * @param subject the resource, as in its errors.
 * @throws Error when the provider is one of another package, which the engine would find out only after it has begun.
 */
export function assertDynamicProvider(provider: unknown, subject: string): void {
  const type = (provider as { __pulumiType?: unknown } | null | undefined)?.__pulumiType;
  if (provider === undefined || type === `pulumi:providers:${dynamicPackage}`) return;
  const what =
    typeof type === "string"
      ? `is of the package ${type.replace(/^pulumi:providers:/, "")}`
      : "is no provider";
  throw new Error(
    `${subject}: the option provider ${what}; pass a Provider of pulumi-cce-nodepool-sync, or leave it out to use the stack's configuration and the environment`,
  );
}
