import { namespaces, records, type SettingDefinition } from "../config/definitions.ts";
import { instanceInputs } from "../config/instanceInputs.ts";

/** The plugin's name: that of its binary, of its types and of its namespace in the Pulumi configuration. */
export const pluginName = "cce-nodepool-sync";

/** A setting of a provider instance. */
export interface InstanceSetting extends SettingDefinition {
  /** Its key in the configuration that the service reads; a dot separates a part of it. */
  readonly key: string;
}

/**
 * The configuration of a provider instance, flat: an object in it would reach the plugin with other names from Python.
 * Settings by the name of their property.
 */
export const instanceSettings: Readonly<Record<string, InstanceSetting>> = Object.fromEntries([
  ...instanceInputs().map(({ name, key, definition }) => [name, { ...definition, key }]),
  ...Object.entries(records).map(([name, definition]) => [
    name,
    { ...definition, key: namespaces.limits + name },
  ]),
]);
