import { limits, type SettingDefinition, settings } from "../config/definitions.ts";

/** The plugin's name: that of its binary, of its types and of its namespace in the Pulumi configuration. */
export const pluginName = "cce-nodepool-sync";

/**
 * The configuration of a provider instance, flat: an object in it would reach the plugin with other names from Python.
 * Settings by the name of their property; `key` is the name of the same setting in config/definitions.ts.
 */
export const instanceSettings: Readonly<Record<string, SettingDefinition & { readonly key: string }>> =
  Object.fromEntries(
    Object.entries<SettingDefinition>({ ...settings, ...limits })
      .filter(([, { isOlderForm }]) => !isOlderForm)
      .map(([key, definition]) => [flatName(key), { ...definition, key }]),
  );

/** The name of a setting as a property: `assumeRole.agencyName` is `assumeRoleAgencyName`. */
export function flatName(key: string): string {
  return key.replace(/\.(.)/g, (_, first: string) => first.toUpperCase());
}
