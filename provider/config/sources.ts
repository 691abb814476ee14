import type { SettingSource } from "../credentials/credentialSource.ts";
import { parseJson } from "../util/json.ts";
import { namespaces, type Setting, type SettingDefinition, settings } from "./definitions.ts";
import { inputNameOf } from "./instanceInputs.ts";

/** What is configured: the stack's Pulumi configuration, or that of a provider instance, and the environment. */
export interface Configuration {
  /** A value of the Pulumi configuration by its full key, such as `huaweicloud:region`. */
  readonly config: (key: string) => string | undefined;
  /** All keys that the Pulumi configuration has, as far as they can be listed. */
  readonly configKeys?: readonly string[];
  /** The name of the provider instance whose configuration this is; undefined for the stack's. */
  readonly instance?: string;
  /** Where no program has made that instance: the namespace of the stack's keys that it was configured by. */
  readonly instanceNamespace?: string;
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

/** Something that holds settings. */
export type ConfigSource = SettingSource<Setting>;

/** The two sources that are always there, the one that goes first first. */
export function configSources(configuration: Configuration): readonly [ConfigSource, ConfigSource] {
  const { config, environment, instance, instanceNamespace = "" } = configuration;
  const keysOf = (setting: Setting) => [setting, ...aliasesOf(setting)];
  const read = (key: string) => valueIn(config, namespaces.settings + key);
  return [
    instance === undefined
      ? createConfigSource(
          titleOf(configuration),
          (setting) => keysOf(setting).map((key) => namespaces.settings + key),
          (key) => valueIn(config, key),
        )
      : createConfigSource(
          titleOf(configuration),
          (setting) => [instanceNamespace + inputNameOf(setting)],
          (_name, setting) => read(setting),
        ),
    createConfigSource(
      "environment",
      (setting) => settings[setting].variables,
      (name) => environment[name],
    ),
  ];
}

/** What messages call the configuration before the environment. */
export function titleOf({ instance, instanceNamespace }: Configuration): string {
  return instance === undefined || instanceNamespace !== undefined
    ? "Pulumi config"
    : `provider "${instance}"`;
}

function aliasesOf(setting: Setting): readonly string[] {
  const { aliases = [] }: SettingDefinition = settings[setting];
  return aliases;
}

/** A source made of names and of what they hold. Blanks around a value are left out, except of a secret. */
function createConfigSource(
  title: string,
  namesOf: (setting: Setting) => readonly string[],
  read: (name: string, setting: Setting) => string | undefined,
): ConfigSource {
  const valueAt = (name: string, setting: Setting) => {
    const { secret }: SettingDefinition = settings[setting];
    const value = read(name, setting) ?? "";
    return secret ? value : value.trim();
  };
  const found = (setting: Setting) => namesOf(setting).find((name) => valueAt(name, setting) !== "");
  return {
    title,
    namesOf,
    get(setting) {
      const name = found(setting);
      return name === undefined ? undefined : valueAt(name, setting);
    },
    nameOf: (setting) => found(setting) ?? namesOf(setting)[0] ?? setting,
  };
}

/** A value that was looked for, and everything that was looked at, in words. */
export interface Found {
  readonly value?: string;
  readonly lookedAt: string;
}

/** Looks a setting up in an input of the resource, where it has one, and then in one source after the other. */
export function look(setting: Setting, sources: readonly ConfigSource[], input?: { value?: string }): Found {
  const withNames = sources.filter((source) => source.namesOf(setting).length > 0);
  const names = withNames.map((source) => `${source.title} ${source.namesOf(setting).join(", ")}`);
  return {
    value: (input?.value || undefined) ?? firstWith(setting, sources)?.get(setting),
    lookedAt: [...(input === undefined ? [] : [`input ${setting}`]), ...names].join(", "),
  };
}

/** The first source that has the setting. */
export function firstWith(setting: Setting, sources: readonly ConfigSource[]): ConfigSource | undefined {
  return sources.find((source) => source.get(setting) !== undefined);
}

/** Where a setting is found, in words: `environment HW_ENDPOINTS`. */
export function described(setting: Setting, source: ConfigSource): string {
  return `${source.title} ${source.nameOf(setting)}`;
}

/** The Pulumi configuration keeps what has parts, such as `assumeRole`, as one JSON object. */
function valueIn(config: Configuration["config"], key: string): string | undefined {
  const [name = key, part] = key.split(".");
  const value = config(name);
  if (part === undefined || value === undefined || value === "") return value;
  const parsed = parseJson(value);
  if (typeof parsed !== "object" || parsed === null || !Object.hasOwn(parsed, part)) return undefined;
  const held = (parsed as Record<string, unknown>)[part];
  // What has another shape is a problem of its own: see spelling.ts.
  return typeof held === "object" ? undefined : String(held);
}
