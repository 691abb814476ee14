import { parseJson } from "../util/json.ts";
import { namespaces, type Setting, type SettingDefinition, settings } from "./definitions.ts";

/** Where configuration comes from: the stack's Pulumi configuration and the environment. */
export interface Sources {
  /** A value of the stack's configuration by its full key, such as `huaweicloud:region`. */
  readonly config: (key: string) => string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The inputs that override the configuration. */
export interface Overrides {
  readonly region?: string;
  readonly projectId?: string;
  readonly endpoint?: string;
  /** Where the endpoint comes from, in words, when it is not the input of that name. */
  readonly endpointSetting?: string;
}

/** One place that can hold settings. */
export interface ConfigSource {
  /** How messages call it: `Pulumi config`. */
  readonly title: string;
  /** The setting's value; undefined where it is not set, or empty. */
  get(setting: Setting): string | undefined;
  /** The name under which the setting is found here, or would be looked for first: `HW_REGION_NAME`. */
  nameOf(setting: Setting): string;
  /** All names under which the setting is looked for here; empty when this place never holds it. */
  namesOf(setting: Setting): readonly string[];
}

/** The two places that are always there, the one that goes first first. */
export function configSources({ config, environment }: Sources): readonly [ConfigSource, ConfigSource] {
  return [
    createConfigSource(
      "Pulumi config",
      (setting) => [setting, ...aliasesOf(setting)].map((name) => namespaces.settings + name),
      (key) => configured(config, key),
    ),
    createConfigSource(
      "environment",
      (setting) => settings[setting].variables,
      (name) => environment[name],
    ),
  ];
}

function aliasesOf(setting: Setting): readonly string[] {
  const { aliases = [] }: SettingDefinition = settings[setting];
  return aliases;
}

/** A place made of names and of what they hold. */
export function createConfigSource(
  title: string,
  namesOf: (setting: Setting) => readonly string[],
  read: (name: string) => string | undefined,
): ConfigSource {
  const found = (setting: Setting) => namesOf(setting).find((name) => (read(name) ?? "") !== "");
  return {
    title,
    namesOf,
    get(setting) {
      const name = found(setting);
      return name === undefined ? undefined : read(name);
    },
    nameOf: (setting) => found(setting) ?? namesOf(setting)[0] ?? setting,
  };
}

/** A value that was looked for, and every place where that was done, in words. */
export interface Found {
  readonly value?: string;
  readonly lookedAt: string;
}

/** Looks a setting up in an input of the resource, where it has one, and then in one place after the other. */
export function look(setting: Setting, places: readonly ConfigSource[], input?: { value?: string }): Found {
  const withNames = places.filter((place) => place.namesOf(setting).length > 0);
  const names = withNames.map((place) => `${place.title} ${place.namesOf(setting).join(", ")}`);
  return {
    value: (input?.value || undefined) ?? firstWith(setting, places)?.get(setting),
    lookedAt: [...(input === undefined ? [] : [`input ${setting}`]), ...names].join(", "),
  };
}

/** The first place that has the setting. */
export function firstWith(setting: Setting, places: readonly ConfigSource[]): ConfigSource | undefined {
  return places.find((place) => place.get(setting) !== undefined);
}

/** The Pulumi configuration keeps what has parts, such as `assumeRole`, as one JSON object. */
function configured(config: Sources["config"], key: string): string | undefined {
  const [name = key, part] = key.split(".");
  const value = config(name);
  if (part === undefined || value === undefined || value === "") return value;
  const parsed = parseJson(value);
  if (typeof parsed !== "object" || parsed === null || !Object.hasOwn(parsed, part)) return undefined;
  const held = (parsed as Record<string, unknown>)[part];
  return typeof held === "object" ? undefined : String(held);
}
