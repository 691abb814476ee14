import {
  type Limit,
  limits,
  namespaces,
  type Setting,
  type SettingDefinition,
  settings,
} from "./definitions.ts";

/** The key under which a provider instance hands over its name, for messages. */
export const instanceKey = `${namespaces.limits}instance`;

/** The name of the input by which a provider instance takes a setting: `assumeRoleAgencyName`. */
export function inputNameOf(setting: Setting | Limit): string {
  return setting.replace(/\.(.)/g, (_dot, letter: string) => letter.toUpperCase());
}

/** An input of a provider instance. */
export interface InstanceInput {
  readonly name: string;
  /** Its key in the configuration that the provider gets; a dot separates a part of it. */
  readonly key: string;
  readonly definition: SettingDefinition;
}

/** All inputs of a provider instance, flat, since a nested object would be spelled differently in every language. */
export const instanceInputs: readonly InstanceInput[] = [
  ...(Object.entries(settings) as [Setting, SettingDefinition][])
    .filter(([, { isCompatibility }]) => !isCompatibility)
    .map(([setting, definition]) => ({
      name: inputNameOf(setting),
      key: namespaces.settings + setting,
      definition,
    })),
  ...(Object.entries(limits) as [Limit, SettingDefinition][]).map(([limit, definition]) => ({
    name: inputNameOf(limit),
    key: namespaces.limits + limit,
    definition,
  })),
];
