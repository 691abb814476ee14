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
export function instanceInputs(): readonly InstanceInput[] {
  const ofSettings = (Object.entries(settings) as [Setting, SettingDefinition][])
    .filter(([, { isCompatibility }]) => !isCompatibility)
    .map(([setting, definition]) => inputFor(setting, namespaces.settings, definition));
  const ofLimits = (Object.entries(limits) as [Limit, SettingDefinition][]).map(([limit, definition]) =>
    inputFor(limit, namespaces.limits, definition),
  );
  return [...ofSettings, ...ofLimits];
}

function inputFor(setting: Setting | Limit, namespace: string, definition: SettingDefinition): InstanceInput {
  return { name: inputNameOf(setting), key: namespace + setting, definition };
}
