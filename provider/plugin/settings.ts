import { instanceInputs, type SettingDefinition } from "../config/definitions.ts";

/** The plugin's name: that of its binary, of its types and of its namespace in the Pulumi configuration. */
export const pluginName = "cce-nodepool-sync";

/**
 * The configuration of a provider instance, flat: an object in it would reach the plugin with other names from Python.
 * Settings by the name of their property.
 */
export const instanceSettings: Readonly<Record<string, SettingDefinition>> = Object.fromEntries(
  instanceInputs.map(({ name, definition }) => [name, definition]),
);
